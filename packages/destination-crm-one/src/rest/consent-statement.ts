import type { ConsentDecision, Input, Outcome } from '@millrace/core'

/** A consent in the CRM's shape. */
export interface WrittenConsent {
  channel: string
  purpose: string
  status: 'granted' | 'denied' | 'withdrawn'
  at: string
  source: string
  evidence?: string
}

/** What is to be written about one person; it shrinks while the CRM tells what it knows better. */
export interface Statement {
  input: Input
  /** The key under which the contact is known there. */
  key: string
  consents: readonly WrittenConsent[]
  /** Opt-ins that must not lift an opt-out which the CRM holds. */
  cautious: readonly string[]
  refused?: Outcome
  /** A merge was followed already. */
  followed?: true
}

/** Who was opted in by us, so that a later opt-out is told as a withdrawal. */
interface Progress {
  granted?: readonly string[]
}

/** The contact, as far as it is known. */
export const idOf = (input: Input): string =>
  input.remoteId ?? input.parents.find(({ object }) => object === 'contact')?.remoteId ?? input.key

/** Names a consent. */
export const nameOf = ({ channel, purpose }: { channel: string; purpose: string }): string => `${channel}/${purpose}`

const grantedBefore = (input: Input): readonly string[] => (input.progress as Progress | undefined)?.granted ?? []

/** Text on one line, of at most so many characters and none of them half: a text that is refused would take what else the person said with it. */
const oneLine = (text: string, most: number): string =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .toWellFormed()
    .trim()
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()

const evidenceOf = (evidence: Readonly<Record<string, string>>): string =>
  oneLine(
    Object.entries(evidence)
      .map(([name, value]) => `${name}: ${value}`)
      .join('; '),
    1_000,
  )

const timeNotKnown = ' (time not known)'

/** Where the person said so, in the 100 characters that the CRM takes. */
const placeOf = ({ source = '', at }: ConsentDecision): string => {
  const place = oneLine(source, 100 - timeNotKnown.length) || 'shop'
  return at === undefined ? place + timeNotKnown : oneLine(source, 100) || place
}

/**
 * Unknown is not told: it would say nothing, and overwrites nothing. The CRM keeps no consent without a time; where the source has none it is the time at which it
 * was told, and the source says so. Such an opt-in lifts no opt-out (`withoutLifting`).
 */
const consentOf = (decision: ConsentDecision, before: readonly string[], now: number): WrittenConsent[] => {
  const { channel, status, evidence = {} } = decision
  const purpose = decision.target ?? decision.purpose
  // A shop's clock may be ahead a little. Nobody said anything in the future, and a CRM that refuses such a time would not hear of the opt-out.
  const said = decision.at === undefined ? Number.NaN : Date.parse(decision.at)
  const at = new Date(said <= now ? said : now).toISOString()
  if (status === 'unknown') return []
  const shown = evidenceOf(evidence)
  const told = status === 'denied' && before.includes(nameOf({ channel, purpose })) ? 'withdrawn' : status
  return [
    {
      channel,
      purpose,
      status: told,
      at,
      source: placeOf(decision),
      ...(shown === '' || (status === 'granted' && !decision.mayResubscribe) ? {} : { evidence: shown }),
    },
  ]
}

/** What an input says. Of two decisions about one consent the denial counts. */
export const statementOf = (input: Input, now: number): Statement => {
  const before = grantedBefore(input)
  const key = input.parents.find(({ object }) => object === 'contact')?.key ?? input.key
  const byName = new Map<string, WrittenConsent>()
  for (const one of input.consent.flatMap((decision) => consentOf(decision, before, now)))
    if ((byName.get(nameOf(one))?.status ?? 'granted') === 'granted') byName.set(nameOf(one), one)
  return {
    input,
    key: key === '' ? input.key : key,
    consents: [...byName.values()],
    cautious: input.consent.flatMap(({ channel, target, purpose, status, mayResubscribe }) =>
      status === 'granted' && !mayResubscribe ? [nameOf({ channel, purpose: target ?? purpose })] : [],
    ),
  }
}

/** What is remembered for the next opt-out. */
export const progressOf = (input: Input, consents: readonly WrittenConsent[]): { progress: Progress } => {
  const denied = new Set(consents.filter(({ status }) => status !== 'granted').map(nameOf))
  const granted = new Set([...grantedBefore(input), ...consents.filter(({ status }) => status === 'granted').map(nameOf)])
  return { progress: { granted: [...granted].filter((name) => !denied.has(name)) } }
}
