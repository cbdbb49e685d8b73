import { type DestinationContext, isMillraceError, resolveContract, silentLogger } from '@millrace/core'
import { afterEach, describe, expect, it } from 'vitest'
import { defineDestination, z } from './index.ts'
import { rolling } from './budget/rolling.ts'
import { type FaultServer, startFaultServer } from './testing/fault-server.ts'
import { scaledClock } from './testing/scaled-clock.ts'

const open: FaultServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const mailer = defineDestination({
  name: 'mailer',
  settings: z.object({ apiKey: z.string().min(8), baseUrl: z.url(), lists: z.object({ main: z.number() }).default({ main: 1 }) }),
  objects: { subscriber: { from: 'person', keyField: 'key', fields: { email: { type: 'email' } } } },
  limits: { deliver: { subscriber: 10 } },
  delivery: { subscriber: 'upsert' },
  defaultContract: { prefix: 'own', objects: {} },
  api: ({ baseUrl, apiKey }) => ({ baseUrl, credential: apiKey, budgets: { burst: rolling({ limit: 2, windowMs: 1_000 }) } }),
  connect: ({ lists }, { http }) => ({
    async *deliver(inputs, ctx) {
      for (const { unit } of inputs) {
        const reply = await http(ctx).request({ method: 'POST', path: `/lists/${lists.main}`, budget: 'burst' })
        yield [{ unit, result: 'delivered', created: reply.status === 201 }]
      }
    },
  }),
})

async function setup() {
  const server = await startFaultServer({ target: () => ({ status: 201 }) })
  open.push(server)
  const context = (destination: ReturnType<typeof mailer>, clock = scaledClock(100)): DestinationContext => ({
    connection: 'mail',
    contract: resolveContract(destination, undefined, 'test'),
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
  })
  return { server, context, make: (apiKey = 'secret-key') => mailer({ apiKey, baseUrl: server.url }) }
}

const inputs = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    unit: `person:${n}`,
    object: 'subscriber',
    operation: 'upsert' as const,
    key: String(n),
    fields: {},
    changedFields: [],
    children: [],
    parents: [],
    parentsChanged: false,
    consent: [],
    memberships: [],
    membershipsChanged: false,
    cause: 'delta' as const,
    objects: {},
    uncertain: false,
    fence: 1,
  }))

async function drain(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

describe('defineDestination', () => {
  it('names every setting that is wrong, without repeating a secret', () => {
    const thrown = ((): unknown => {
      try {
        return mailer({ apiKey: 'canary', baseUrl: 'nowhere' })
      } catch (error) {
        return error
      }
    })()
    expect(isMillraceError(thrown)).toBe(true)
    expect(thrown).toMatchObject({ code: 'setting_invalid', field: 'apiKey', message: expect.stringMatching(/apiKey: .*baseUrl: /) })
    expect(JSON.stringify(thrown)).not.toContain('canary')
  })

  it('completes the contract, carries its version, and has only what connect gives', async () => {
    const destination = (await setup()).make()
    expect(destination).toMatchObject({
      specificationVersion: 'v1',
      name: 'mailer',
      defaultContract: { version: 1, prefix: 'own', locales: ['en'] },
    })
    expect([destination.find, destination.plan, destination.check]).toEqual([undefined, undefined, undefined])
  })

  it('calls the API with defaults of the settings, the signal of the engine and its own count', async () => {
    const { server, context, make } = await setup()
    const destination = make()
    await drain(destination.deliver(inputs(2), context(destination)))
    expect(server.requests).toMatchObject([{ path: '/lists/1', headers: { authorization: 'Bearer secret-key' } }, {}])
    expect(destination.usage?.()).toEqual({ requests: 2, rateLimited: 0, retries: 0 })
    const aborted = { ...context(destination), signal: AbortSignal.abort() }
    await expect(drain(destination.deliver(inputs(1), aborted))).rejects.toMatchObject({ code: 'aborted' })
    expect(server.count()).toBe(2)
    await destination.close?.()
    await destination.close?.()
  })

  it('shares the budget of one credential between connections, and gives another credential its own', async () => {
    const { server, context, make } = await setup()
    const clock = scaledClock(100)
    const [a, b, other] = [make(), make(), make('other-key')]
    const contexts = [a, b].map((destination) => context(destination, clock))
    await Promise.all([a, b].map((destination, index) => drain(destination.deliver(inputs(2), contexts[index] ?? context(destination)))))
    const times = server.requests.map(({ at }) => at)
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(9)
    await drain(other.deliver(inputs(2), context(other, clock)))
    expect(server.count()).toBe(6)
  })
})
