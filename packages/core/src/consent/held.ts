import type { ConsentTopic } from '../contract/contract.ts'
import type { RemoteConsent } from '../spec/consent.ts'
import type { HeldConsent } from '../spec/store.ts'

/** What the destination holds that concerns one topic: its strictest denial, else its grant. */
export type Standing =
  | { status: 'denied'; at: number; timed: boolean; ours: boolean; final: boolean }
  | { status: 'granted'; at: number | undefined; ours: boolean }
  | { status: 'unknown' }

/** Denials that no statement of the person lifts. */
const finalReasons = new Set<HeldConsent['reason']>(['bounced', 'suppressed', 'complained'])

/** Names the place of a status: channel and target. */
export const slotOf = ({ channel, target }: { channel: string; target?: string | null }): string =>
  JSON.stringify([channel, target ?? null])

/** Whether a denial stands whatever the person says. */
export const isFinal = ({ reason }: HeldConsent): boolean => finalReasons.has(reason)

/** When a status counts from: the vendor's time, else when it was first seen. */
export const heldAt = ({ at, firstSeenAt }: HeldConsent): number => at ?? firstSeenAt

/** What is held under the topic's own target, or for all targets of its channel. */
export const concerning = <One extends Pick<HeldConsent | RemoteConsent, 'channel' | 'target'>>(
  held: readonly One[],
  { channel, target }: Pick<ConsentTopic, 'channel' | 'target'>,
): One[] => held.filter((one) => one.channel === channel && (one.target == null || one.target === target))

/** Reads where a topic stands at the destination. */
export const standingOf = (held: readonly HeldConsent[], topic: Pick<ConsentTopic, 'channel' | 'target'>): Standing => {
  const own = concerning(held, topic)
  const denials = own.filter(({ status }) => status === 'denied')
  const final = denials.some(isFinal)
  const [denial] = denials.toSorted((a, b) => heldAt(b) - heldAt(a) || Number(a.ours) - Number(b.ours))
  if (denial !== undefined)
    return {
      status: 'denied',
      at: heldAt(denial),
      timed: denials.every((one) => one.at !== null),
      ours: denials.every(({ ours }) => ours),
      final,
    }
  const [grant] = own
    .filter(({ status }) => status === 'granted')
    .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0) || Number(b.ours) - Number(a.ours))
  return grant === undefined ? { status: 'unknown' } : { status: 'granted', at: grant.at ?? undefined, ours: grant.ours }
}

/** A vendor that tells of what we wrote may give it a time of its own, by a clock that differs this much from ours. */
const echoMs = 5 * 60_000

/**
 * What is held once the destination has said something; undefined when that changes nothing. `unknown` never takes anything away. A status of ours stays ours
 * when the destination only repeats it; a grant that is older than the denial we know is late news.
 */
export const mergeHeld = (stored: HeldConsent | undefined, told: RemoteConsent, now: number): HeldConsent | undefined => {
  const { channel, target = null, status, at = null } = told
  if (status === 'unknown') return undefined
  const reason = status === 'denied' ? (told.reason ?? null) : null
  if (stored === undefined || stored.status !== status) {
    const isLate = stored?.status === 'denied' && at !== null && at <= (stored.ours ? stored.firstSeenAt : heldAt(stored))
    return isLate ? undefined : { channel, target, status, at, firstSeenAt: now, reason, ours: false }
  }
  const isEcho = stored.ours && !isFinal({ ...stored, reason }) && (at === null || at <= stored.firstSeenAt + echoMs)
  const merged = isEcho ? stored : { ...stored, at: at ?? stored.at, reason: reason ?? stored.reason, ours: false }
  return merged.at === stored.at && merged.reason === stored.reason && merged.ours === stored.ours ? undefined : merged
}

/** What is held after several things were told of one person, and which of it is new. Where two are told of one target, the denial counts. */
export const mergeAll = (
  held: readonly HeldConsent[],
  told: readonly RemoteConsent[],
  now: number,
): { merged: HeldConsent[]; changed: HeldConsent[] } => {
  const current = new Map(held.map((one) => [slotOf(one), one]))
  const changed = new Map<string, HeldConsent>()
  for (const one of told.toSorted((a, b) => Number(a.status === 'denied') - Number(b.status === 'denied'))) {
    const merged = mergeHeld(current.get(slotOf(one)), one, now)
    if (merged === undefined) continue
    current.set(slotOf(one), merged)
    changed.set(slotOf(one), merged)
  }
  return { merged: [...current.values()], changed: [...changed.values()] }
}
