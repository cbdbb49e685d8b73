import { z } from 'zod'
import type { ConsentRules } from '../contract/contract.ts'
import type { Consent } from '../model/consent.ts'
import type { PersonView } from '../views/person-view.ts'
import { decideConsent, regimeOf, type ConsentFacts, type Decided } from './decide.ts'
import { concerning } from './held.ts'

/** Why nobody may be written to on a channel. `no-opt-in` = nobody said anything that counts, and the law of the country asks for it; the others = somebody said no. */
export const suppressionReasons = ['no-opt-in', 'unsubscribed', 'bounced', 'suppressed', 'complained'] as const

const channelSchema = z.object({
  /** `granted` when any topic of the channel is, else `denied` when any is. */
  status: z.enum(['granted', 'denied', 'unknown']),
  /** Nothing may be sent on the channel, for no topic of it. */
  suppressed: z.boolean(),
  /** Present when it is suppressed. */
  reason: z.enum(suppressionReasons).optional(),
  /** What the law of the person's country asks for, as the contract says. */
  regime: z.enum(['double-opt-in', 'opt-in', 'opt-out']),
})

/** What was decided about the consent of a person at one connection, by the channels of the contract's topics. */
export const consentViewSchema = z.object({
  email: channelSchema.optional(),
  sms: channelSchema.optional(),
  phone: channelSchema.optional(),
  post: channelSchema.optional(),
  push: channelSchema.optional(),
})
export type ConsentView = z.infer<typeof consentViewSchema>

const reasonOf = ({ decision, origin }: Decided, { held }: ConsentFacts): (typeof suppressionReasons)[number] | undefined => {
  if (decision.status === 'unknown') return decision.suppressed === true ? 'no-opt-in' : undefined
  if (decision.status === 'granted') return undefined
  const told = origin === 'destination' ? concerning(held, decision).filter(({ status }) => status === 'denied') : []
  return told.map(({ reason }) => reason).find((reason) => reason !== null) ?? 'unsubscribed'
}

/** Decides as {@link decideConsent} does, and says it by channel. */
export const consentView = (facts: ConsentFacts): ConsentView => {
  const regime = regimeOf(facts.rules, facts.country)
  const channels = Map.groupBy(decideConsent(facts), ({ decision }): Consent['channel'] => decision.channel)
  return Object.fromEntries(
    [...channels].map(([channel, topics]) => {
      const statuses = topics.map(({ decision }) => decision.status)
      const reasons = topics.map((topic) => reasonOf(topic, facts))
      const suppressed = reasons.every((reason) => reason !== undefined)
      return [
        channel,
        {
          status: (['granted', 'denied'] as const).find((status) => statuses.includes(status)) ?? 'unknown',
          suppressed,
          ...(suppressed ? { reason: reasons.find((reason) => reason !== 'no-opt-in') ?? 'no-opt-in' } : {}),
          regime,
        },
      ]
    }),
  )
}

/** A person of whom the destination holds nothing yet, with what is decided then: for examples, which have no destination. */
export const withConsent = (view: PersonView, rules: ConsentRules, now: number): PersonView =>
  Object.keys(rules.topics).length === 0
    ? view
    : { ...view, consent: consentView({ said: view.consents, held: [], rules, country: view.country, untimedSince: {}, now }) }
