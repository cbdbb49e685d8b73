import { scaledClock } from '@millrace/adapter-kit/testing'
import {
  createMillrace,
  customerSchema,
  type Consent,
  type ConsentDecision,
  type ContractOverride,
  type Destination,
  type Input,
  MillraceError,
} from '@millrace/core'
import { memoryStore, scriptedSource } from '@millrace/core/testing'

/** A vendor with an adapter on it, as the liveness test needs it. */
export interface LivenessVendor {
  /** A fresh adapter on the vendor. */
  destination: () => Destination
  /** With a topic of the channel e-mail; the source is the authority. */
  contract: ContractOverride
  /** The same without any topic. */
  without: ContractOverride
  /** The person with this address leaves at the vendor itself, now. */
  optOut(email: string): void
  subscribed(email: string): boolean
  /** Somebody made this contact at the vendor before Millrace came. */
  plant(email: string): void
  close(): Promise<void>
}

/** How consent reaches a destination. Each is a way on which an opt-out could be lost. */
export const paths = ['first sync', 'delta', 'backfill', 'replay', 'remap', 'adoption', 'destination change', 'lost store'] as const
export type Path = (typeof paths)[number]

const year = 365 * 24 * 60 * 60_000
const emailOf = (index: number): string => `person-${index}@example.com`
/** One of four says what brings people back. */
const isBack = (index: number): boolean => index % 4 === 0

const grant = (at: number | undefined, evidence: Record<string, string>): Consent => ({
  channel: 'email',
  purpose: 'marketing',
  status: 'granted',
  source: 'checkout',
  evidence,
  ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
})

/** What a person says after the opt-out: a quarter a newer explicit opt-in with evidence; the others the same without a time, without evidence, or long ago. */
const saidBy = (index: number, now: number): Consent[] => {
  if (isBack(index)) return [grant(now, { form: 'checkout', ip: '192.0.2.1' })]
  if (index % 4 === 1) return [grant(undefined, { form: 'checkout' })]
  if (index % 4 === 2) return [grant(now, {})]
  return [grant(now - year, { form: 'checkout' })]
}

/** A destination that refuses everything made from consent, for good, while `refusing`. */
const refusing = (good: Destination, state: { refusing: boolean }): Destination => ({
  ...good,
  async *deliver(inputs, ctx) {
    const isConsent = ({ object }: Input): boolean => good.objects[object]?.from === 'consent'
    const refused = state.refusing ? inputs.filter(isConsent) : []
    if (refused.length > 0)
      yield refused.map(({ unit }) => ({ unit, result: 'failed', error: new MillraceError({ code: 'refused', message: 'Refused.' }) }))
    const others = inputs.filter((input) => !refused.includes(input))
    if (others.length > 0) yield* good.deliver(others, ctx)
  },
})

/** `mutate` puts a wrong adapter in place; for finding it out fewer people do. */
export interface LivenessOptions {
  people?: number
  mutate?: (good: Destination) => Destination
}

/** Addresses that are subscribed after everybody left at the vendor and said something in the shop, on one path. */
export const subscribedAfter = async (
  vendor: LivenessVendor,
  path: Path,
  { people = 200, mutate = (good) => good }: LivenessOptions = {},
): Promise<{ subscribed: string[]; expected: string[] }> => {
  const indexes = Array.from({ length: people }, (_, index) => index)
  const emails = indexes.map(emailOf)
  const start = Date.now()
  const shop = scriptedSource({ now: start })
  const clock = scaledClock(20)
  const state = { refusing: false }
  let store = memoryStore()
  const open = (contract = vendor.contract) =>
    createMillrace({
      sources: { shop },
      connections: { vendor: { destination: refusing(mutate(vendor.destination()), state), contract } },
      store,
      clock,
    })
  let edits = 0
  const put = (say: (index: number) => Consent[]): void => {
    edits += 1
    const modifiedAt = new Date(start + edits * 1000).toISOString()
    shop.setNow(start + edits * 1000 + 500)
    for (const index of indexes) {
      const parts = { entity: 'customer', id: String(index), createdAt: '2026-01-01T00:00:00.000Z', modifiedAt, email: emailOf(index) }
      shop.put(customerSchema.parse({ ...parts, consents: say(index) }))
    }
  }
  const leave = (): void => {
    for (const email of emails) vendor.optOut(email)
  }
  // The vendor's clock is the machine's: what is said afterwards must be later than what it noted.
  const speak = async (): Promise<void> => {
    const noted = Date.now()
    while (Date.now() <= noted) await new Promise((resolve) => setImmediate(resolve))
    put((index) => saidBy(index, Date.now()))
  }
  const run = async (
    contract: ContractOverride | undefined,
    step: (millrace: ReturnType<typeof open>) => Promise<unknown>,
  ): Promise<void> => {
    const millrace = open(contract)
    await millrace.apply()
    await step(millrace)
    await millrace.close()
  }
  const sync = (contract?: ContractOverride) => run(contract, (millrace) => millrace.sync())
  const backfill = (contract?: ContractOverride) => run(contract, (millrace) => millrace.backfill())

  switch (path) {
    case 'first sync':
      leave()
      await speak()
      await sync()
      break
    case 'delta':
      put(() => [])
      await sync()
      leave()
      await speak()
      await sync()
      break
    case 'backfill':
      put(() => [])
      await backfill()
      leave()
      await speak()
      await backfill()
      break
    case 'replay':
      put(() => [grant(Date.now() - year, { form: 'checkout' })])
      state.refusing = true
      await sync()
      leave()
      await speak()
      await sync()
      state.refusing = false
      await run(undefined, async (millrace) => {
        await millrace.deadLetters.replay({})
        await millrace.sync()
      })
      break
    case 'remap':
      leave()
      await speak()
      await sync(vendor.without)
      await sync()
      break
    case 'adoption':
      for (const email of emails) vendor.plant(email)
      leave()
      await speak()
      await backfill()
      break
    case 'destination change':
      put(() => [grant(Date.now() - year, { form: 'checkout' })])
      await sync()
      leave()
      await sync()
      await speak()
      await sync()
      break
    case 'lost store':
      put(() => [grant(Date.now() - year, { form: 'checkout' })])
      await sync()
      leave()
      await speak()
      store = memoryStore()
      await backfill()
      break
  }
  // Whatever happened, once more of everything changes nothing.
  await backfill()
  return {
    subscribed: emails.filter((email) => vendor.subscribed(email)).toSorted(),
    expected: indexes.filter(isBack).map(emailOf).toSorted(),
  }
}

/** What keeps an opt-in off an opt-out that the destination holds: each of these would do alone. */
export const guards = ['asks before it writes', 'reads opt-outs back', 'refuses by itself'] as const
export type Guard = (typeof guards)[number]

const consentAs =
  (change: (decision: ConsentDecision) => ConsentDecision) =>
  (good: Destination): Destination => ({
    ...good,
    deliver: (inputs, ctx) =>
      good.deliver(
        inputs.map((input) => ({ ...input, consent: input.consent.map(change) })),
        ctx,
      ),
  })

const resubscribes = ({ at: _at, ...decision }: ConsentDecision): ConsentDecision => ({ ...decision, mayResubscribe: true })

/** An adapter that is left with one guard, or with none: then it cannot be asked, reads nothing back and takes every opt-in as one that may resubscribe. */
export const left =
  (guard?: Guard) =>
  (good: Destination): Destination => {
    const { consentOf, consentChanges, ...rest } = good
    const deaf: Destination = {
      ...rest,
      ...(guard === 'asks before it writes' && consentOf !== undefined ? { consentOf } : {}),
      ...(guard === 'reads opt-outs back' && consentChanges !== undefined ? { consentChanges } : {}),
    }
    return guard === 'refuses by itself' ? deaf : consentAs(resubscribes)(deaf)
  }

/** What an opt-in must have to lift an opt-out, each with a decision that has all but that. */
export const conditions: Readonly<Record<string, (decision: ConsentDecision) => boolean>> = {
  'a time': ({ at }) => at === undefined,
  evidence: ({ evidence = {} }) => Object.keys(evidence).length === 0,
  'a newer time': ({ at, evidence = {} }) => at !== undefined && Object.keys(evidence).length > 0 && Date.parse(at) < Date.now() - year / 2,
}

/** An adapter that refuses by itself, under an engine that does not care for one condition. */
export const careless =
  (condition: string) =>
  (good: Destination): Destination =>
    consentAs((decision) => (conditions[condition]?.(decision) ? resubscribes(decision) : decision))(left('refuses by itself')(good))
