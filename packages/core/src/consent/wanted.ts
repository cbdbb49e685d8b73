import { shortHash, type Fingerprint, type SettledConsent } from '../delivery/fingerprint.ts'
import type { ConsentDecision, RemoteConsent } from '../spec/consent.ts'
import type { HeldConsent } from '../spec/store.ts'
import type { Decided } from './decide.ts'
import { concerning, isFinal } from './held.ts'

/** What has to be compared to know whether a decision must be written. */
export interface Known {
  held: readonly HeldConsent[]
  /** What was settled last. */
  previous: Fingerprint | undefined
  /** An attempt since then failed or is unclear, so nobody knows what the destination holds of it. */
  doubtful: boolean
  /** What the destination has just said of the person; undefined when it was not asked. */
  told: readonly RemoteConsent[] | undefined
  /** The person's address is another one than last time: what the destination holds, it may hold of the old one. */
  moved: boolean
}

const hashOf = ({ mayResubscribe: _may, suppressed: _suppressed, ...decision }: ConsentDecision): string => shortHash(decision)

/** Whether the destination has to be asked before anything is written: an opt-in is to go out, an opt-out of its own is to be repeated, or its time decides. */
export const mustAsk = (decided: readonly Decided[], write: readonly Decided[]): boolean =>
  decided.some(({ inDoubt }) => inDoubt) || write.some(({ decision, origin }) => decision.status === 'granted' || origin === 'destination')

/** The decisions that have to be written, opt-outs first. */
export const toWrite = (decided: readonly Decided[], known: Known): Decided[] =>
  decided.filter((one) => mustWrite(one, known)).toSorted((a, b) => Number(isDenial(b)) - Number(isDenial(a)))

const isDenial = ({ decision }: Decided): boolean => decision.status === 'denied'

const mustWrite = (decided: Decided, known: Known): boolean => {
  switch (decided.decision.status) {
    case 'unknown':
      return false
    case 'denied':
      return mustDeny(decided, known)
    case 'granted':
      return mustGrant(decided, known)
  }
}

const mustDeny = ({ decision, origin, standing }: Decided, { held, previous, doubtful, told, moved }: Known): boolean => {
  const before = previous?.consent?.[decision.topic]
  if (origin === 'destination') {
    // A bounce or suppression is no word of the person that we could repeat.
    if (standing.status === 'denied' && standing.final) return false
    // It holds it this moment: written again, it would look as if it had been made now.
    if (told !== undefined && concerning(told, decision).some((one) => one.status === 'denied')) return false
    // Where our last word was a grant, it may have crossed the opt-out: it is taken back.
    return moved || doubtful || before?.word === 'granted'
  }
  if (moved || doubtful || standing.status === 'granted') return true
  // A bounce may be forgiven by the vendor; what the person said must stand by itself.
  return before?.hash !== hashOf(decision) && !concerning(held, decision).some((one) => one.status === 'denied' && !isFinal(one))
}

const mustGrant = ({ decision, origin, standing }: Decided, { previous, doubtful, moved }: Known): boolean => {
  if (origin !== 'source') return false
  if (moved || standing.status === 'denied') return true
  if (standing.status === 'granted' && !standing.ours) return false
  return doubtful || previous?.consent?.[decision.topic]?.hash !== hashOf(decision)
}

/** What is settled when the decisions that are written have been delivered. */
export const settledConsent = (
  decided: readonly Decided[],
  written: readonly Decided[],
  previous: Fingerprint | undefined,
): Record<string, SettledConsent> =>
  Object.fromEntries(
    decided.map((one): [string, SettledConsent] => {
      const { decision, origin, untimedSince } = one
      const isWritten = written.includes(one)
      const word = isWritten && decision.status !== 'unknown' ? decision.status : previous?.consent?.[decision.topic]?.word
      return [
        decision.topic,
        {
          hash: hashOf(decision),
          ...(word === undefined ? {} : { word }),
          // What the destination said and we only repeat stays its own word.
          ...(isWritten && origin === 'source' ? { written: { at: decision.at === undefined ? null : Date.parse(decision.at) } } : {}),
          ...(untimedSince === undefined ? {} : { untimedSince }),
        },
      ]
    }),
  )
