import { keptBudgets, daily } from '@millrace/adapter-kit'
import {
  createMillrace,
  customerSchema,
  isMillraceError,
  type Clock,
  type ConnectionConfig,
  type Millrace,
  type Outcome,
} from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource, type RecordingDestination } from '@millrace/core/testing'
import { describe, expect, it } from 'vitest'

const start = Date.parse('2026-06-01T10:00:00.000Z')
const hour = 3_600_000

/** A clock of its own for each process; all show the same time. */
const time = () => {
  let now = start
  return {
    move: (ms: number) => void (now += ms),
    clock: (): Clock => ({ sleep: async (ms) => void (now += ms), now: () => now, monotonic: () => now }),
  }
}

/** The recording destination as a process sees it: each row takes one request of the account's day. */
const limited = (crm: RecordingDestination, clock: Clock, limit: number) => {
  const kept = keptBudgets()
  const set = kept.of('acme:1', { clock, budgets: { daily: daily({ limit, reserve: 0 }) } })
  return {
    ...crm,
    budgets: kept.keeper,
    async *deliver(...[inputs, ctx]: Parameters<RecordingDestination['deliver']>): AsyncGenerator<Outcome[]> {
      for (const input of inputs) {
        try {
          const permit = await set.acquire(['daily'], { signal: ctx.signal })
          permit.done()
        } catch (error) {
          if (!isMillraceError(error)) throw error
          yield [{ unit: input.unit, result: 'failed', error }]
          continue
        }
        yield* crm.deliver([input], ctx)
      }
    },
  }
}

const world = (limit: number) => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination()
  const other = recordingDestination()
  const store = memoryStore()
  const { clock, move } = time()
  const stamp = new Date(start).toISOString()
  const put = (count: number): void => {
    for (let i = 0; i < count; i++)
      shop.put(customerSchema.parse({ entity: 'customer', id: `c${i}`, createdAt: stamp, modifiedAt: stamp, email: `c${i}@example.com` }))
  }
  const open = (both = false): Millrace => {
    const mine = clock()
    const connections: Record<string, ConnectionConfig> = { crm: { destination: limited(crm, mine, limit) } }
    if (both) connections['other'] = { destination: limited(other, mine, limit) }
    return createMillrace({ sources: { shop }, connections, store, clock: mine })
  }
  const sent = (): number => crm.inputs.length + other.inputs.length
  return { shop, crm, other, store, move, put, open, sent }
}

describe('a daily cap of 40 and 100 records', () => {
  it('is reached at record 40; the next day begins with record 41, and nobody is sent twice', async () => {
    const { crm, move, put, open } = world(40)
    put(100)
    const millrace = open()
    expect((await millrace.sync()).problems).toMatchObject([{ code: 'daily_budget_exhausted', connection: 'crm' }])
    expect(crm.inputs).toHaveLength(40)
    expect((await millrace.status()).connections['crm']?.breaker).toMatchObject({ nextProbeAt: '2026-06-02T00:00:00.000Z' })
    move(13 * hour)
    await millrace.sync()
    expect(crm.inputs).toHaveLength(40)
    move(2 * hour)
    await millrace.sync()
    expect(crm.inputs).toHaveLength(80)
    move(24 * hour)
    expect((await millrace.sync()).run.status).toBe('completed')
    const order = crm.inputs.flat().map(({ unit }) => unit)
    expect(order).toHaveLength(100)
    expect(new Set(order).size).toBe(100)
  })

  it('is not granted again by a restart, also where the process before said nothing', async () => {
    const { crm, move, put, open } = world(40)
    put(30)
    await open().sync()
    expect(crm.inputs).toHaveLength(30)
    put(100)
    move(hour)
    expect((await open().sync()).problems).toMatchObject([{ code: 'daily_budget_exhausted' }])
    expect(crm.inputs).toHaveLength(40)
    await open().sync()
    await open().sync()
    expect(crm.inputs).toHaveLength(40)
  })

  it('counts once for two connections of one account, before and after a restart', async () => {
    const { move, put, open, sent } = world(40)
    put(15)
    await open(true).sync()
    expect(sent()).toBe(30)
    put(100)
    await open(true).sync()
    expect(sent()).toBe(40)
    move(24 * hour)
    await open(true).sync()
    expect(sent()).toBe(80)
  })
})
