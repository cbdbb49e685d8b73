import { inputOf, scaledClock } from '@millrace/adapter-kit/testing'
import {
  resolveContract,
  silentLogger,
  type Clock,
  type ContractOverride,
  type Destination,
  type DestinationContext,
  type Input,
  type OpenTicket,
  type Outcome,
  type Ticket,
} from '@millrace/core'
import { startFakeDotdigital, unlimited, type FakeDotdigital, type FakeDotdigitalOptions } from '@millrace/fake-vendors/dotdigital'
import type { DotdigitalSettings } from '../dotdigital/settings.ts'
import { marketing } from '../marketing.ts'

/** A fake account with the adapter connected to it, provisioned. */
export interface TestAccount {
  fake: FakeDotdigital
  listId: number
  destination: Destination
  ctx: DestinationContext
  /** Outcomes by unit, imports collected until nothing is pending. A unit that nothing was said of is absent. */
  deliver(...inputs: Input[]): Promise<Map<string, Outcome>>
  /** One call of `deliver`, as it is. */
  deliverOnce(...inputs: Input[]): Promise<Map<string, Outcome>>
  collect(inputs: readonly Input[], outcomes: ReadonlyMap<string, Outcome>): Promise<Map<string, Outcome>>
  /** Requests since the last reset, as `PUT /contacts/v3/import`. */
  calls(): string[]
}

const opened: { fake: FakeDotdigital; destination: Destination }[] = []

/** Ends what `openAccount` started. */
export const closeAccounts = async (): Promise<void> => {
  for (const { fake, destination } of opened.splice(0)) {
    await destination.close?.()
    await fake.close()
  }
}

/** Starts one. */
export const openAccount = async (
  options: {
    fake?: FakeDotdigitalOptions
    settings?: Partial<DotdigitalSettings> & { carts?: boolean }
    contract?: ContractOverride
    clock?: Clock
    openTickets?: () => OpenTicket[]
    provision?: boolean
  } = {},
): Promise<TestAccount> => {
  const fake = await startFakeDotdigital({ limits: unlimited, importMs: 0, recordBodies: true, ...options.fake })
  const listId = fake.account.addList('Shop')
  const destination = marketing({ baseUrl: fake.url, username: fake.username, password: fake.password, listId, ...options.settings })
  opened.push({ fake, destination })
  const ctx: DestinationContext = {
    connection: 'dotdigital',
    contract: resolveContract(destination, options.contract, 'connections.dotdigital.contract'),
    clock: options.clock ?? scaledClock(50),
    logger: silentLogger,
    signal: new AbortController().signal,
    ...(options.openTickets === undefined ? {} : { openTickets: async () => options.openTickets?.() ?? [] }),
  }
  if (options.provision !== false) await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  fake.resetRequests()

  const gather = async (stream: AsyncIterable<Outcome[]> | undefined): Promise<Map<string, Outcome>> => {
    const outcomes = new Map<string, Outcome>()
    for await (const page of stream ?? []) for (const outcome of page) outcomes.set(outcome.unit, outcome)
    return outcomes
  }
  const deliverOnce: TestAccount['deliverOnce'] = (...inputs) => gather(destination.deliver(inputs, ctx))
  const collect: TestAccount['collect'] = (inputs, outcomes) => gather(destination.collect?.(ticketsOf(inputs, outcomes), ctx))
  return {
    fake,
    listId,
    destination,
    ctx,
    deliverOnce,
    collect,
    async deliver(...inputs) {
      const outcomes = await deliverOnce(...inputs)
      for (let round = 0; round < 5 && ticketsOf(inputs, outcomes).length > 0; round += 1) {
        fake.account.finishImports()
        for (const [unit, outcome] of await collect(inputs, outcomes)) outcomes.set(unit, outcome)
      }
      return outcomes
    },
    calls: () => fake.requests.map(({ method, path }) => `${method} ${path}`),
  }
}

/** What the engine would ask about: pending units by their ticket. */
export const ticketsOf = (inputs: readonly Input[], outcomes: ReadonlyMap<string, Outcome>): Ticket[] => {
  const pending = inputs.flatMap(({ unit, object, key, remoteId, objects: known }) => {
    const outcome = outcomes.get(unit)
    if (outcome?.result !== 'pending') return []
    const { ticket, objects = known, progress } = outcome
    const id = outcome.remoteId ?? remoteId
    return [{ ticket, unit: { unit, object, key, objects, progress, ...(id === undefined ? {} : { remoteId: id }) } }]
  })
  return [...Map.groupBy(pending, ({ ticket }) => ticket)].map(([ticket, units]) => ({ ticket, units: units.map(({ unit }) => unit) }))
}

export { inputOf as input } from '@millrace/adapter-kit/testing'

/** The same input when its object is at the vendor and only some fields differ. */
export const known = (before: Input, outcome: Outcome | undefined, fields: Input['fields'], more: Partial<Input> = {}): Input => ({
  ...before,
  fields: { ...before.fields, ...fields },
  changedFields: Object.keys(fields),
  parentsChanged: false,
  remoteKey: before.key,
  objects: outcome?.objects ?? {},
  ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
  ...more,
})

export const person = (key: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  inputOf('contact', key, { email: `${key}@example.com`, FIRSTNAME: `First ${key}`, LASTNAME: 'Doe', ...fields }, more)

/** Many people, with keys `p1`, `p2`, ... */
export const people = (count: number, from = 1): Input[] => Array.from({ length: count }, (_, index) => person(`p${index + from}`))

export const order = (key: string, owner: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  inputOf(
    'order',
    key,
    {
      id: key,
      email: 'a@example.com',
      purchaseDate: '2026-03-01T12:00:00.000Z',
      orderTotal: '19.99',
      currency: 'EUR',
      orderStatus: 'Paid',
      ...fields,
    },
    { parents: [{ object: 'contact', key: owner, remoteId: owner }], ...more },
  )
