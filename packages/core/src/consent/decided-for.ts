import { takesChannel } from '../contract/check-consent.ts'
import type { Fingerprint } from '../delivery/fingerprint.ts'
import type { Loaded } from '../delivery/load-views.ts'
import type { Connection } from '../engine/connection.ts'
import type { HeldConsent } from '../spec/store.ts'
import { decideConsent, type Decided } from './decide.ts'

/** Decides about a loaded person: the topics that an object made from consent takes, all of them for other objects. */
export const decidedFor = (
  connection: Connection,
  { consents = [], view }: Loaded,
  held: readonly HeldConsent[],
  previous: Fingerprint | undefined,
  now: number,
  object: string,
): Decided[] => {
  const spec = connection.spec(object)
  const { consent: rules } = connection.contract
  const topics = spec.from === 'consent' ? Object.entries(rules.topics).filter(([, topic]) => takesChannel(spec, topic.channel)) : undefined
  const country = view?.['country']
  return decideConsent({
    said: consents,
    held,
    rules: topics === undefined ? rules : { ...rules, topics: Object.fromEntries(topics) },
    country: typeof country === 'string' ? country : undefined,
    untimedSince: Object.fromEntries(
      Object.entries(previous?.consent ?? {}).flatMap(([topic, { untimedSince }]) =>
        untimedSince === undefined ? [] : [[topic, untimedSince]],
      ),
    ),
    now,
  })
}
