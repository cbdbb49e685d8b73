import { describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { customerSchema, type Customer } from '../model/customer.ts'
import type { Outcome } from '../spec/destination.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const minute = 60_000
const start = Date.parse('2026-06-01T00:00:00.000Z')
const customer = (id: string, at: number): Customer => {
  const stamp = new Date(at).toISOString()
  return customerSchema.parse({ entity: 'customer', id, createdAt: stamp, modifiedAt: stamp, email: `${id}@example.com` })
}

/** A clock on which every pause passes at once. Several drains sleep side by side, so it moves to the end of the longest. */
const jumpingClock = (): Clock & { set(now: number): void } => {
  let now = start
  return {
    set: (value) => {
      now = Math.max(now, value)
    },
    sleep: async (ms) => {
      const end = now + ms
      await Promise.resolve()
      now = Math.max(now, end)
    },
    now: () => now,
    monotonic: () => now,
  }
}

const world = () => {
  const shop = scriptedSource({ now: start })
  const down = recordingDestination()
  const well = recordingDestination()
  const store = memoryStore()
  const clock = jumpingClock()
  const open = () =>
    createMillrace({ sources: { shop }, connections: { down: { destination: down }, well: { destination: well } }, store, clock })
  return { shop, down, well, store, clock, open }
}
const failing =
  (error: () => MillraceError) =>
  ({ unit }: { unit: string }): Outcome => ({ unit, result: 'failed', error: error() })
const outage = (over: Partial<ConstructorParameters<typeof MillraceError>[0]> = {}) =>
  new MillraceError({ code: 'vendor_unavailable', message: 'The vendor is down.', retryable: true, scope: 'destination', ...over })
const sent = (destination: ReturnType<typeof recordingDestination>) => destination.inputs.flat().length

describe('a destination that is down for an hour', () => {
  it('costs no record an attempt and no storm, while the other connection keeps its freshness', async () => {
    const { shop, down, store, clock, open } = world()
    const millrace = open()
    const heard: string[] = []
    millrace.on('connection.down', ({ connection, code }) => heard.push(`down ${connection} ${code}`))
    millrace.on('connection.up', ({ connection }) => heard.push(`up ${connection}`))
    const late: number[] = []
    const changedAt = new Map<string, number>()
    millrace.on('delivery.settled', ({ connection, unit }) => {
      if (connection === 'well') late.push(clock.now() - (changedAt.get(unit) ?? 0))
    })
    down.intercept = failing(outage)
    for (let passed = 0; passed < 60; passed++) {
      clock.set(start + passed * minute)
      shop.setNow(clock.now())
      changedAt.set(`customer:shop:c${passed}`, clock.now())
      shop.put(customer(`c${passed}`, clock.now()))
      await millrace.sync({ drainMs: 30_000 })
    }
    expect(sent(down)).toBeLessThan(130)
    expect(late).toHaveLength(60)
    expect(Math.max(...late)).toBeLessThan(5 * minute)
    const rows = await store.deliveries({ connection: 'down', object: 'contact' }, { afterDid: 0, limit: 100 })
    expect(rows.map(({ attempts, state }) => `${attempts} ${state}`)).toEqual(rows.map(() => '0 ready'))
    expect((await millrace.status()).connections['down']?.breaker).toMatchObject({ code: 'vendor_unavailable', needsPerson: false })
    expect((await millrace.status()).connections['well']?.breaker).toBeNull()

    down.intercept = () => undefined
    down.inputs.length = 0
    clock.set(clock.now() + minute)
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(down.inputs.map((batch) => batch.length)).toEqual([1, 10, 49])
    expect((await millrace.status()).connections['down']?.breaker).toBeNull()
    expect(heard).toEqual(['down down vendor_unavailable', 'up down'])
  })
})

describe('a credential that is revoked', () => {
  it('stops that connection until a probe is answered, at one row a pass', async () => {
    const { shop, down, well, clock, open } = world()
    for (let i = 0; i < 50; i++) shop.put(customer(`c${i}`, start))
    down.intercept = failing(() => outage({ code: 'credentials_rejected', message: 'Refused.', retryable: false }))
    const millrace = open()
    const first = await millrace.sync()
    expect(first.problems).toMatchObject([{ code: 'credentials_rejected', connection: 'down' }])
    expect(well.objectsOf('contact')).toHaveLength(50)
    down.inputs.length = 0
    for (let i = 0; i < 3; i++) {
      clock.set(clock.now() + minute)
      expect((await millrace.sync()).problems).toMatchObject([{ code: 'credentials_rejected' }])
    }
    expect(down.inputs.map((batch) => batch.length)).toEqual([1, 1, 1])
    expect((await millrace.status()).connections['down']?.breaker).toMatchObject({ code: 'credentials_rejected', needsPerson: true })
    down.intercept = () => undefined
    expect((await millrace.sync()).run.status).toBe('completed')
    expect(down.objectsOf('contact')).toHaveLength(50)
  })
})

describe('timeouts and 5xx of a vendor in trouble', () => {
  const timeout = () => outage({ code: 'timeout', message: 'No answer.', scope: 'batch' })

  it('open the breaker after three calls that failed whole, so that attempts are not used up', async () => {
    const { shop, down, store, open } = world()
    for (let i = 0; i < 1000; i++) shop.put(customer(`c${i}`, start))
    down.intercept = failing(timeout)
    const millrace = open()
    await millrace.sync({ drainMs: 20_000 })
    expect((await millrace.status()).connections['down']?.breaker).toMatchObject({ code: 'timeout' })
    const rows = await store.deliveries({ connection: 'down', object: 'contact' }, { afterDid: 0, limit: 1000 })
    expect(rows.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(690)
    expect(Math.max(...rows.map(({ attempts }) => attempts))).toBeLessThan(4)
  })

  it('of a single record open nothing: it dies alone and the others go out', async () => {
    const { shop, down, open } = world()
    for (let i = 0; i < 5; i++) shop.put(customer(`c${i}`, start))
    down.intercept = (input) => (input.unit === 'customer:shop:c3' ? failing(timeout)(input) : undefined)
    const millrace = open()
    const report = await millrace.sync({ drainMs: 24 * 60 * minute })
    expect(report.connections['down']).toMatchObject({ delivered: 4, deadLettered: 1 })
    expect((await millrace.status()).connections['down']?.breaker).toBeNull()
  })
})

describe('what the vendor names a time for', () => {
  it('is not asked before, not even by a new process; a person may ask at once', async () => {
    const { shop, down, clock, open } = world()
    shop.put(customer('c1', start))
    down.intercept = failing(() => outage({ code: 'daily_budget_exhausted', retryAfterMs: 60 * minute }))
    await open().sync()
    expect(sent(down)).toBe(1)
    clock.set(start + 30 * minute)
    const next = open()
    down.intercept = () => undefined
    expect((await next.sync()).problems).toMatchObject([{ code: 'daily_budget_exhausted', connection: 'down' }])
    expect(sent(down)).toBe(1)
    expect(await next.resume('down')).toBe(true)
    expect((await next.sync()).run.status).toBe('completed')
    expect(sent(down)).toBe(2)
  })

  it('a stop of our own making is asked at once by a new process', async () => {
    const { shop, down, open } = world()
    shop.put(customer('c1', start))
    down.intercept = failing(outage)
    await open().sync({ drainMs: 40_000 })
    const before = sent(down)
    down.intercept = () => undefined
    expect((await open().sync({ drainMs: 0 })).run.status).toBe('completed')
    expect(sent(down)).toBe(before + 1)
  })
})
