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
} from '@millrace/core'
import { startFakeHubSpot, unlimited, type FakeHubSpot, type FakeHubSpotOptions } from '@millrace/fake-vendors/hubspot'
import { hubspot } from '../hubspot.ts'
import type { HubSpotSettings } from '../settings.ts'

/** A fake portal with the adapter connected to it, provisioned unless told otherwise. */
export interface TestPortal {
  fake: FakeHubSpot
  destination: Destination
  contract: Contract
  ctx: DestinationContext
  /** Outcomes by unit; a unit that HubSpot said nothing of is absent. */
  deliver(...inputs: Input[]): Promise<Map<string, Outcome>>
  /** Requests since the last reset, as `POST contacts/batch/upsert`. */
  calls(): string[]
}

const opened: { fake: FakeHubSpot; destination: Destination }[] = []

/** Ends what `openPortal` started. */
export const closePortals = async (): Promise<void> => {
  for (const { fake, destination } of opened.splice(0)) {
    await destination.close?.()
    await fake.close()
  }
}

const shorten = (path: string): string =>
  path.replace(/^\/crm\/(objects|associations|properties|pipelines)\/2026-03\//, (_, area: string) =>
    area === 'objects' ? '' : `${area} `,
  )

/** Starts one. `provision: false` leaves the portal as HubSpot hands it out. */
export const openPortal = async (
  options: {
    fake?: FakeHubSpotOptions
    settings?: Partial<HubSpotSettings>
    contract?: ContractOverride
    provision?: boolean
    clock?: Clock
    signal?: AbortSignal
  } = {},
): Promise<TestPortal> => {
  const fake = await startFakeHubSpot({
    limits: unlimited,
    currencies: ['USD', 'JPY', 'KWD'],
    topLevelDomains: ['test'],
    recordBodies: true,
    ...options.fake,
  })
  const destination = hubspot({ accessToken: fake.accessToken, baseUrl: fake.url, ...options.settings })
  opened.push({ fake, destination })
  const contract = resolveContract(destination, { currencies: ['EUR', 'USD'], ...options.contract }, 'connections.hubspot.contract')
  const ctx: DestinationContext = {
    connection: 'hubspot',
    contract,
    clock: options.clock ?? hastyClock(),
    logger: silentLogger,
    signal: options.signal ?? new AbortController().signal,
  }
  if (options.provision !== false) await destination.apply?.((await destination.plan?.(ctx)) ?? [], ctx)
  fake.resetRequests()
  return {
    fake,
    destination,
    contract,
    ctx,
    async deliver(...inputs) {
      const outcomes = new Map<string, Outcome>()
      for await (const yielded of destination.deliver(inputs, ctx)) {
        for (const outcome of yielded) {
          if (outcomes.has(outcome.unit)) throw new Error(`${outcome.unit} was settled twice`)
          outcomes.set(outcome.unit, outcome)
        }
      }
      return outcomes
    },
    calls: () => fake.requests.map(({ method, path }) => `${method} ${shorten(path)}`),
  }
}

export { inputOf as input } from '@millrace/adapter-kit/testing'

/** The same input when its object is at the vendor and only some fields differ. */
export const known = (
  before: Input,
  outcome: ReturnType<ReadonlyMap<string, Outcome>['get']>,
  fields: Input['fields'],
  changedFields: string[] = Object.keys(fields),
): Input => ({
  ...before,
  fields: { ...before.fields, ...fields },
  changedFields,
  children: before.children.map((child) => ({ ...child, changed: false })),
  parentsChanged: false,
  consent: [],
  memberships: [],
  membershipsChanged: false,
  remoteKey: before.key,
  objects: outcome?.objects ?? {},
  ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
  ...(outcome?.progress === undefined ? {} : { progress: outcome.progress }),
})

/** A person as the default contract maps them. */
export const person = (key: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  inputOf('contact', key, { email: `${key}@example.com`, firstname: `First ${key}`, shop_customer_id: key, ...fields }, more)

/** Many people, with keys `p1`, `p2`, ... */
export const people = (count: number, from = 1): Input[] => Array.from({ length: count }, (_, index) => person(`p${index + from}`))
