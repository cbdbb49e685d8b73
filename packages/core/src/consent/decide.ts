import type { ConsentRegime, ConsentRules, ConsentTopic } from '../contract/contract.ts'
import type { Consent } from '../model/consent.ts'
import type { ConsentDecision } from '../spec/consent.ts'
import type { HeldConsent } from '../spec/store.ts'
import { standingOf, type Standing } from './held.ts'
import { statementOf, type Statement } from './statement.ts'

/** Everything that decides about the consent of one person at one connection. */
export interface ConsentFacts {
  /** What the source holds, of all members of the person. */
  said: readonly Consent[]
  /** What the destination holds, as far as it was read. */
  held: readonly HeldConsent[]
  rules: ConsentRules
  /** ISO 3166-1 alpha-2, where it is known. */
  country: string | undefined
  /** When a denial of the source that tells no time was first seen, by topic; epoch ms. */
  untimedSince: Readonly<Record<string, number>>
  /** Epoch ms. */
  now: number
}

/** What was decided about one topic, and by whose word. */
export interface Decided {
  decision: ConsentDecision
  origin: 'source' | 'destination' | 'nobody'
  /** When a denial of the source that tells no time was first seen. */
  untimedSince: number | undefined
  /** An opt-in might lift the opt-out that stands, if only the destination told when that was made: worth asking. */
  inDoubt: boolean
  /** Where the topic stands at the destination. */
  standing: Standing
}

/**
 * Decides what each topic should be (design §7.5). Pure.
 * - `denied@t` beats `granted@t`, and an opt-out counts from either side at once; without a time it was made when it was first seen.
 * - `unknown` decides nothing: what the destination holds stays.
 * - Once the destination holds a status of its own, only the authority's opt-in counts.
 * - An opt-in of the source lifts an opt-out only if it is strictly newer, explicit and has evidence. Nothing lifts a bounce, suppression or complaint.
 * - The regime of the person's country may take an opt-in away, and never makes one.
 */
export const decideConsent = (facts: ConsentFacts): Decided[] =>
  Object.entries(facts.rules.topics).map(([name, topic]) => decideTopic(name, topic, facts))

const decideTopic = (name: string, topic: ConsentTopic, facts: ConsentFacts): Decided => {
  const { rules, country, held, now } = facts
  const regime = regimeOf(rules, country)
  const standing = standingOf(held, topic)
  const counting =
    regime === 'double-opt-in' ? facts.said.filter((consent) => consent.status !== 'granted' || isConfirmed(consent)) : facts.said
  const said = statementOf(counting, topic, { untimedSince: facts.untimedSince[name], now })
  const verdict = judge(said, standing, rules.authority)
  // A denial of one target of the channel says nothing of the others, but a grant for the whole channel would overrule it.
  const overrules =
    verdict.status === 'granted' &&
    topic.target === undefined &&
    held.some((one) => one.channel === topic.channel && one.target !== null && one.status === 'denied')
  const { status, origin, mayResubscribe = false } = overrules ? nobody : verdict
  const suppressed = regime !== 'opt-out' && status !== 'granted'
  return {
    decision: {
      topic: name,
      channel: topic.channel,
      purpose: topic.purpose ?? 'marketing',
      ...(topic.target === undefined ? {} : { target: topic.target }),
      status,
      ...(origin === 'source' && said !== undefined ? wordsOf(said, topic) : origin === 'destination' ? timeOf(standing) : {}),
      mayResubscribe,
      ...(suppressed ? { suppressed } : {}),
    },
    origin,
    untimedSince: said?.untimed === true ? said.at : undefined,
    inDoubt: mayBeOlder(said, standing, rules.authority),
    standing,
  }
}

interface Verdict {
  status: ConsentDecision['status']
  origin: Decided['origin']
  mayResubscribe?: boolean
}

const nobody: Verdict = { status: 'unknown', origin: 'nobody' }

const judge = (said: Statement | undefined, standing: Standing, authority: ConsentRules['authority']): Verdict => {
  const byDestination: Verdict = standing.status === 'unknown' ? nobody : { status: standing.status, origin: 'destination' }
  if (said === undefined) return byDestination
  if (said.status === 'denied') {
    const optedInSince =
      standing.status === 'granted' &&
      !standing.ours &&
      authority === 'destination' &&
      standing.at !== undefined &&
      standing.at > (said.at ?? Number.POSITIVE_INFINITY)
    return optedInSince ? byDestination : { status: 'denied', origin: 'source' }
  }
  if (standing.status !== 'denied') return { status: 'granted', origin: 'source' }
  const lifts = canLift(said, standing, authority) && said.at !== undefined && said.at > standing.at
  return lifts ? { status: 'granted', origin: 'source', mayResubscribe: true } : byDestination
}

/** Whether an opt-in may lift an opt-out at all, whatever their times. */
const canLift = (said: Statement, standing: Standing, authority: ConsentRules['authority']): boolean =>
  standing.status === 'denied' && said.status === 'granted' && said.explicit && !standing.final && (authority === 'source' || standing.ours)

const mayBeOlder = (said: Statement | undefined, standing: Standing, authority: ConsentRules['authority']): boolean =>
  said !== undefined && standing.status === 'denied' && !standing.timed && canLift(said, standing, authority)

const wordsOf = ({ at, consent }: Statement, { basis = consent.basis }: ConsentTopic): Partial<ConsentDecision> => ({
  ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
  ...(consent.source === undefined ? {} : { source: consent.source }),
  ...(basis === undefined ? {} : { basis }),
  ...(consent.evidence === undefined ? {} : { evidence: consent.evidence }),
})

const timeOf = (standing: Standing): Partial<ConsentDecision> =>
  standing.status === 'unknown' || standing.at === undefined ? {} : { at: new Date(standing.at).toISOString() }

const strictest: readonly ConsentRegime[] = ['double-opt-in', 'opt-in', 'opt-out']

/** The regime of a country; of one that is not known the strictest that the contract names. */
export const regimeOf = ({ regions }: ConsentRules, country: string | undefined): ConsentRegime => {
  if (regions === undefined) return 'opt-out'
  const { countries, otherwise } = regions
  const code = country?.trim().toUpperCase()
  if (code !== undefined && code !== '') return (Object.hasOwn(countries, code) ? countries[code] : undefined) ?? otherwise
  const named = new Set([...Object.values(countries), otherwise])
  return strictest.find((regime) => named.has(regime)) ?? otherwise
}

const isConfirmed = ({ basis, evidence }: Consent): boolean => basis === 'double-opt-in' || (evidence?.['confirmedAt'] ?? '') !== ''
