import { hastyClock, inputOf } from '@millrace/adapter-kit/testing'
import {
  resolveContract,
  silentLogger,
  type Clock,
  type Contract,
  type ContractOverride,
  type Destination,
  type DestinationContext,
  type Input,
  type Outcome,
  type Ticket,
} from '@millrace/core'
import {
  startFakeActiveCampaign,
  unlimited,
  type FakeActiveCampaign,
  type FakeActiveCampaignOptions,
} from '@millrace/fake-vendors/activecampaign'
import { activecampaign } from '../activecampaign.ts'
import type { ActiveCampaignSettings } from '../settings.ts'

/** A fake account with the adapter connected to it, provisioned unless told otherwise. */
export interface TestAccount {
  fake: FakeActiveCampaign
  destination: Destination
  contract: Contract
  ctx: DestinationContext
  /** Outcomes by unit, imports left pending; a unit that the vendor said nothing of is absent. */
  deliver(...inputs: Input[]): Promise<Map<string, Outcome>>
  /** Lets imports finish and asks for them. */
  collect(inputs: readonly Input[], outcomes: ReadonlyMap<string, Outcome>): Promise<Map<string, Outcome>>
  /** Both, as the engine does it. */
  settle(...inputs: Input[]): Promise<Map<string, Outcome>>
  /** Requests since the last reset, as `POST contact/sync`. */
  calls(): string[]
}

const opened: { fake: FakeActiveCampaign; destination: Destination }[] = []

/** Ends what `openAccount` started. */
export const closeAccounts = async (): Promise<void> => {
  for (const { fake, destination } of opened.splice(0)) {
    await destination.close?.()
    await fake.close()
  }
}

const take = async (stream: AsyncIterable<Outcome[]>): Promise<Map<string, Outcome>> => {
  const outcomes = new Map<string, Outcome>()
  for await (const yielded of stream) {
    for (const outcome of yielded) {
      if (outcomes.has(outcome.unit)) throw new Error(`${outcome.unit} was settled twice`)
      outcomes.set(outcome.unit, outcome)
    }
  }
  return outcomes
}

/** The tickets of what is pending, as the engine hands them back. */
export const ticketsOf = (inputs: readonly Input[], outcomes: ReadonlyMap<string, Outcome>): Ticket[] => {
  const pending = inputs.flatMap(({ unit, object, key, objects }) => {
    const outcome = outcomes.get(unit)
    if (outcome?.result !== 'pending') return []
    const { ticket, remoteId, progress } = outcome
    return [
      {
        ticket,
        unit: {
          unit,
          object,
          key,
          objects: outcome.objects ?? objects,
          ...(remoteId === undefined ? {} : { remoteId }),
          ...(progress === undefined ? {} : { progress }),
        },
      },
    ]
  })
  return [...Map.groupBy(pending, ({ ticket }) => ticket)].map(([ticket, units]) => ({ ticket, units: units.map(({ unit }) => unit) }))
}

/** Starts one. `provision: false` leaves the account as ActiveCampaign hands it out. */
export const openAccount = async (
  options: {
    fake?: FakeActiveCampaignOptions
    settings?: Partial<ActiveCampaignSettings>
    contract?: ContractOverride
    provision?: boolean
    clock?: Clock
    signal?: AbortSignal
    /** Changes the account before anything is provisioned. */
    prepare?: (fake: FakeActiveCampaign) => void
  } = {},
): Promise<TestAccount> => {
  const clock = options.clock ?? hastyClock()
  const fake = await startFakeActiveCampaign({
    limits: unlimited,
    recordBodies: true,
    now: () => clock.now(),
    orderLagMs: 0,
    deepDataLagMs: 0,
    ...options.fake,
  })
  options.prepare?.(fake)
  const destination = activecampaign({ apiUrl: fake.url, apiToken: fake.apiToken, tracking: fake.tracking, ...options.settings })
  opened.push({ fake, destination })
  const contract = resolveContract(destination, { currencies: ['EUR', 'USD'], ...options.contract }, 'connections.activecampaign.contract')
  const ctx: DestinationContext = {
    connection: 'activecampaign',
    contract,
    clock,
    logger: silentLogger,
    signal: options.signal ?? new AbortController().signal,
  }
  if (options.provision !== false) await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  fake.resetRequests()
  const deliver: TestAccount['deliver'] = (...inputs) => take(destination.deliver(inputs, ctx))
  const collect: TestAccount['collect'] = (inputs, outcomes) => {
    fake.account.settle()
    return take(destination.collect?.(ticketsOf(inputs, outcomes), ctx) ?? none())
  }
  return {
    fake,
    destination,
    contract,
    ctx,
    deliver,
    collect,
    async settle(...inputs) {
      const outcomes = await deliver(...inputs)
      return new Map([...outcomes, ...(await collect(inputs, outcomes))])
    },
    calls: () => fake.requests.map(({ method, path }) => `${method} ${path.replace(/^\/api\/3\//, '')}`),
  }
}

async function* none(): AsyncGenerator<Outcome[]> {}

export { inputOf as input } from '@millrace/adapter-kit/testing'

/** The same input when its object is at the vendor and only some fields differ. */
export const known = (
  before: Input,
  outcome: ReturnType<ReadonlyMap<string, Outcome>['get']>,
  fields: Input['fields'],
  more: Partial<Input> = {},
): Input => ({
  ...before,
  fields: { ...before.fields, ...fields },
  changedFields: Object.keys(fields),
  parentsChanged: false,
  consent: [],
  membershipsChanged: false,
  remoteKey: before.key,
  objects: outcome?.objects ?? {},
  ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
  ...more,
})

/** A person as the default contract maps them. */
export const person = (key: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  inputOf('contact', key, { email: `${key}@example.com`, firstName: `First ${key}`, shop_customer_id: key, ...fields }, more)

/** Many people, with keys `p1`, `p2`, ... */
export const people = (count: number, more: Partial<Input> = {}): Input[] =>
  Array.from({ length: count }, (_, index) => person(`p${index + 1}`, {}, more))

/** Results, counted. */
export const results = (outcomes: ReadonlyMap<string, Outcome>): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(outcomes.values(), (outcome) => (outcome.result === 'failed' ? outcome.error.code : outcome.result))].map(
      ([name, all]) => [name, all.length],
    ),
  )
