import { inputOf, scaledClock } from '@millrace/adapter-kit/testing'
import {
  resolveContract,
  silentLogger,
  type Clock,
  type Contract,
  type ContractOverride,
  type Destination,
  type DestinationContext,
  type Input,
  type Logger,
  type ObjectLink,
  type Outcome,
} from '@millrace/core'
import { startFakeCrmOne, type FakeCrmOne, type FakeCrmOneOptions } from '@millrace/fake-vendors/crm-one'
import { crmOne } from '../crm-one.ts'
import type { CrmOneSettings } from '../settings.ts'

/** A fake CRM with the adapter connected to it. */
export interface TestCrm {
  fake: FakeCrmOne
  destination: Destination
  contract: Contract
  ctx: DestinationContext
  /** Outcomes by unit; a unit that the CRM said nothing of is absent. Every call carries a higher fence, as those of the engine do. */
  deliver(...inputs: Input[]): Promise<Map<string, Outcome>>
  /** Requests since the last reset, as `PUT contacts/by-external-id/...`. */
  calls(): string[]
}

const opened: { fake: FakeCrmOne; destination: Destination }[] = []
let fence = 1_000

/** Ends what `openCrm` started. */
export const closeCrms = async (): Promise<void> => {
  for (const { fake, destination } of opened.splice(0)) {
    await destination.close?.()
    await fake.close()
  }
}

/** Starts one. */
export const openCrm = async (
  options: {
    fake?: FakeCrmOneOptions
    settings?: Partial<CrmOneSettings>
    contract?: ContractOverride
    clock?: Clock
    logger?: Logger
    signal?: AbortSignal
  } = {},
): Promise<TestCrm> => {
  const fake = await startFakeCrmOne({ recordBodies: true, ...options.fake })
  const destination = crmOne({ token: fake.token, baseUrl: fake.url, ...options.settings })
  opened.push({ fake, destination })
  const contract = resolveContract(destination, options.contract, 'connections.crm.contract')
  const ctx: DestinationContext = {
    connection: 'crm',
    contract,
    clock: options.clock ?? scaledClock(10),
    logger: options.logger ?? silentLogger,
    signal: options.signal ?? new AbortController().signal,
  }
  return {
    fake,
    destination,
    contract,
    ctx,
    async deliver(...inputs) {
      const outcomes = new Map<string, Outcome>()
      fence += 1
      for await (const yielded of destination.deliver(
        inputs.map((input) => ({ ...input, fence })),
        ctx,
      )) {
        for (const outcome of yielded) {
          if (outcomes.has(outcome.unit)) throw new Error(`${outcome.unit} was settled twice`)
          outcomes.set(outcome.unit, outcome)
        }
      }
      return outcomes
    },
    calls: () => fake.requests.map(({ method, path }) => `${method} ${path.slice(1)}`),
  }
}

export { inputOf as input } from '@millrace/adapter-kit/testing'

/** The same input when its object is at the CRM under our key and only some fields differ. */
export const known = (
  before: Input,
  outcome: Outcome | undefined,
  fields: Input['fields'],
  changedFields: string[] = Object.keys(fields),
): Input => ({
  ...before,
  fields: { ...before.fields, ...fields },
  changedFields,
  remoteKey: before.key,
  objects: outcome?.objects ?? {},
  ...(outcome?.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
  ...(outcome?.progress === undefined ? {} : { progress: outcome.progress }),
})

/** A person as the default contract maps them. Keys `shop:1` become id `1` of `commercetools:shop`. */
export const person = (id: string, fields: Input['fields'] = {}, more: Partial<Input> = {}): Input =>
  inputOf('contact', `shop:${id}`, { email: `p${id}@example.com`, givenName: `Given ${id}`, ...fields }, more)

/** Many people with ids 1, 2, ... */
export const people = (count: number, from = 1): Input[] => Array.from({ length: count }, (_, index) => person(String(index + from)))

/** The CRM's name of a person's identity. */
export const ref = (id: string): string => `commercetools:shop/${id}`

/** The link to a person who was delivered. */
export const buyer = (id: string, outcome: Outcome | undefined): ObjectLink => ({
  object: 'contact',
  key: `shop:${id}`,
  remoteId: outcome?.remoteId ?? '',
})

/** Outcomes in short: how many of each result or error code. */
export const results = (outcomes: ReadonlyMap<string, Outcome>): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(outcomes.values(), (outcome) => (outcome.result === 'failed' ? outcome.error.code : outcome.result))].map(
      ([name, all]) => [name, all.length],
    ),
  )
