import { takesChannel } from '../contract/check-consent.ts'
import type { Fingerprint } from '../delivery/fingerprint.ts'
import type { Loaded } from '../delivery/load-views.ts'
import type { Connection } from '../engine/connection.ts'
import type { HeldConsent } from '../spec/store.ts'
import { decideConsent, type ConsentFacts, type Decided } from './decide.ts'

/** What is decided about a loaded person from. `previous` = what was settled of their consent. */
export const factsOf = (
  { contract }: Connection,
  { consents = [], view }: Loaded,
  held: readonly HeldConsent[],
  previous: readonly (Fingerprint | undefined)[],
  now: number,
): ConsentFacts => {
  const country = view?.['country']
  const settled = previous.flatMap((fingerprint) => Object.entries(fingerprint?.consent ?? {}))
  return {
    said: consents,
    held,
    rules: contract.consent,
    country: typeof country === 'string' ? country : undefined,
    untimedSince: Object.fromEntries(
      settled.flatMap(([topic, { untimedSince }]) => (untimedSince === undefined ? [] : [[topic, untimedSince]])),
    ),
    now,
  }
}

/** Decides about a loaded person: the topics that an object made from consent takes, all of them for other objects. */
export const decidedFor = (
  connection: Connection,
  loaded: Loaded,
  held: readonly HeldConsent[],
  previous: Fingerprint | undefined,
  now: number,
  object: string,
): Decided[] => {
  const facts = factsOf(connection, loaded, held, [previous], now)
  const spec = connection.spec(object)
  if (spec.from !== 'consent') return decideConsent(facts)
  const topics = Object.entries(facts.rules.topics).filter(([, topic]) => takesChannel(spec, topic.channel))
  return decideConsent({ ...facts, rules: { ...facts.rules, topics: Object.fromEntries(topics) } })
}
