import {
  cartSchema,
  createMillrace,
  customerSchema,
  type Destination,
  type Millrace,
  type MillraceConfig,
  type NotificationTransport,
  type RunReport,
} from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource } from '@millrace/core/testing'
import { fakeClock } from '@millrace/adapter-kit/testing'
import { describe, expect, it } from 'vitest'
import { runSchedule } from './run-schedule.ts'

const minute = 60_000
const open: NotificationTransport = {
  specificationVersion: 'v1',
  name: 'open',
  open: async ({ body }) => ({ payloads: [JSON.parse(Buffer.from(await body()).toString())] }),
}

const world = (schedule: NonNullable<MillraceConfig['schedule']> = {}, events: 'none' | 'at-most-once' = 'none') => {
  const clock = fakeClock()
  const shop = scriptedSource({ now: clock.now() })
  const crm = events === 'none' ? recordingDestination() : recordingDestination({ events })
  const read: string[] = []
  shop.beforePage = (entity, page) => {
    if (page === 0) read.push(`${Math.round((clock.monotonic() - start) / minute)} ${entity}`)
  }
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: crm } },
    notifications: { shop: { transport: open } },
    store: memoryStore(),
    clock,
    schedule,
  })
  const start = clock.monotonic()
  const stop = new AbortController()
  const reports: RunReport[] = []
  const running = runSchedule(millrace, { signal: stop.signal, clock, random: () => 0.5, onReport: (report) => reports.push(report) })
  const put = (id: string): void =>
    shop.put(
      customerSchema.parse({
        entity: 'customer',
        id,
        createdAt: new Date(clock.now()).toISOString(),
        modifiedAt: new Date(clock.now()).toISOString(),
        email: `${id}@example.com`,
        lastName: id,
      }),
    )
  const notify = (id: string, entity = 'customer') =>
    millrace.notifications.handle(new Request('http://x/shop', { method: 'POST', body: JSON.stringify({ entity, id }) }))
  return { clock, shop, crm, read, millrace, stop, running, reports, put, notify }
}

describe('an instance that stays up', () => {
  it('reads every kind at once and then by its interval, carts more often, and delivers in between', async () => {
    const { clock, read, stop, running, reports } = world()
    await clock.advance(16 * minute)
    stop.abort()
    await running
    expect(read.filter((line) => line.endsWith('customer'))).toEqual(['0 customer', '15 customer'])
    expect(read.filter((line) => line.endsWith('cart'))).toEqual(['0 cart', '5 cart', '10 cart', '15 cart'])
    expect(reports.filter(({ sources }) => Object.keys(sources).length === 0).length).toBeGreaterThanOrEqual(7)
    expect(reports.every(({ run }) => run.status === 'completed')).toBe(true)
  })

  it('takes the intervals of the config', async () => {
    const { clock, read, stop, running } = world({ everyMs: 60 * minute, entities: { order: minute } })
    await clock.advance(3.5 * minute)
    stop.abort()
    await running
    expect(read.filter((line) => line.endsWith('order'))).toEqual(['0 order', '1 order', '2 order', '3 order'])
    expect(read.filter((line) => line.endsWith('customer'))).toEqual(['0 customer'])
  })

  it('delivers what is announced at once, long before the next reading', async () => {
    const { clock, crm, stop, running, put, notify } = world()
    await clock.advance(minute)
    put('c1')
    await notify('c1')
    await clock.advance(100)
    expect(crm.objectsOf('contact')).toHaveLength(1)
    stop.abort()
    await running
  })

  it('tells a checkout that is announced at once, with what the cart holds', async () => {
    const { clock, crm, shop, stop, running, put, notify } = world({}, 'at-most-once')
    await clock.advance(minute)
    put('c1')
    await notify('c1')
    await clock.advance(minute)
    const at = new Date(clock.now()).toISOString()
    const price = { currency: 'EUR', amount: '19.99' }
    shop.put(
      cartSchema.parse({
        entity: 'cart',
        id: 'k1',
        createdAt: at,
        modifiedAt: at,
        state: 'active',
        customerId: 'c1',
        gross: price,
        lines: [{ id: 'l1', sku: 'MUG', quantity: 1, unitPrice: price, total: price }],
        shippingAddress: { city: 'Berlin' },
      }),
    )
    await notify('k1', 'cart')
    await clock.advance(100)
    expect(crm.told()).toContainEqual(expect.objectContaining({ type: 'checkout.started', occurredAt: at }))
    stop.abort()
    await running
  })

  it('goes on after a failure, and reads what it missed', async () => {
    const { clock, shop, crm, stop, running, put } = world({ everyMs: minute })
    await clock.advance(1_000)
    const read = shop.read.bind(shop)
    shop.read = () => {
      throw new Error('the shop is away')
    }
    put('c1')
    shop.setNow(clock.now() + 30 * minute)
    await clock.advance(2 * minute)
    expect(crm.objectsOf('contact')).toHaveLength(0)
    shop.read = read
    await clock.advance(minute)
    expect(crm.objectsOf('contact')).toHaveLength(1)
    stop.abort()
    await running
  })

  it('never overlaps a job with itself: one that takes longer than its interval is followed at once', async () => {
    const { clock, shop, read, stop, running } = world({ everyMs: 10 * minute, entities: { cart: 60 * minute } })
    const reading = shop.read.bind(shop)
    shop.read = async function* (entity, window, context) {
      if (entity === 'customer') await clock.sleep(25 * minute)
      yield* reading(entity, window, context)
    }
    await clock.advance(52 * minute)
    stop.abort()
    await clock.advance(25 * minute)
    await running
    expect(read.filter((line) => line.endsWith('customer'))).toEqual(['25 customer', '50 customer', '75 customer'])
  })

  it('ends with what is in hand settled', async () => {
    const { clock, crm, stop, running, put, millrace } = world({ everyMs: minute })
    put('c1')
    crm.intercept = () => {
      stop.abort()
      return undefined
    }
    await clock.advance(minute)
    await running
    expect((await millrace.status()).connections['crm']?.objects['contact']).toEqual({ created: 1 })
  })
})

describe('the intervals', () => {
  it('are those that a destination asks for, where the config says nothing', () => {
    const schedule = (destination: Destination): Millrace['schedule'] =>
      createMillrace({
        sources: { shop: scriptedSource() },
        connections: { crm: { destination } },
        store: memoryStore(),
      }).schedule
    const hasty = { ...recordingDestination(), schedule: { everyMs: 3 * minute } }
    expect(schedule(recordingDestination()).entities).toMatchObject({ order: 15 * minute, cart: 5 * minute })
    expect(schedule(hasty).entities).toMatchObject({ order: 3 * minute, cart: 3 * minute })
  })
})

describe('comparisons', () => {
  const hour = 60 * minute
  const compared = async (schedule: NonNullable<MillraceConfig['schedule']>, hours: number) => {
    const clock = fakeClock()
    const crm = recordingDestination()
    const millrace: Millrace = createMillrace({
      sources: { shop: scriptedSource({ now: clock.now() }) },
      connections: { crm: { destination: crm } },
      store: memoryStore(),
      clock,
      schedule: { everyMs: 6 * 24 * hour, entities: { cart: 6 * 24 * hour }, deliverMs: 6 * 24 * hour, ...schedule },
    })
    const calls: string[] = []
    const start = clock.monotonic()
    const note = (what: string): unknown => calls.push(`${Math.round((clock.monotonic() - start) / hour)} ${what}`)
    const watched: Millrace = {
      ...millrace,
      reconcile: async (options) => (note(`reconcile ${JSON.stringify({ ...options, signal: undefined })}`), millrace.reconcile(options)),
      audit: async (options) => (note('audit'), millrace.audit(options)),
      watch: async () => (note('watch'), millrace.watch()),
    }
    const stop = new AbortController()
    const running = runSchedule(watched, { signal: stop.signal, clock, random: () => 0.999 })
    for (let done = 0; done < hours; done += 1) await clock.advance(hour)
    stop.abort()
    await running
    return calls
  }

  it('of totals come daily, at the latest, and of samples weekly, each followed by a look for alerts', async () => {
    const calls = await compared({}, 50)
    const totals = calls.filter((call) => call.includes('reconcile'))
    expect(totals).toEqual(['2 reconcile {}', '25 reconcile {}', '49 reconcile {}'])
    expect(calls.filter((call) => call.includes('audit'))).toEqual(['2 audit'])
    expect(calls.filter((call) => call.includes('watch'))).toHaveLength(4)
  })

  it('come as often as the config says', async () => {
    expect(
      (await compared({ reconcileMs: 2 * hour, auditMs: hour }, 7)).filter((call) => /reconcile|audit/.test(call)).length,
    ).toBeGreaterThan(8)
  })
})

describe('what comes once a day or once a week', () => {
  const hour = 60 * minute
  const day = 24 * hour

  /** A store and a clock that outlive processes; `run` is one process for a while. */
  const restarting = (schedule: NonNullable<MillraceConfig['schedule']> = {}) => {
    const clock = fakeClock()
    const store = memoryStore()
    const shop = scriptedSource({ now: clock.now() })
    const start = clock.now()
    const calls: string[] = []
    const note = (what: string): unknown => calls.push(`${Math.floor((clock.now() - start) / day)} ${what}`)
    const run = async (ms: number, broken = false): Promise<void> => {
      const millrace: Millrace = createMillrace({
        sources: { shop },
        connections: { crm: { destination: recordingDestination() } },
        store,
        clock,
        schedule: { everyMs: 6 * day, entities: { cart: 6 * day }, deliverMs: 6 * day, ...schedule },
      })
      const watched: Millrace = {
        ...millrace,
        sync: async (options) => {
          if (options?.removals === true) note('removals')
          return millrace.sync(options)
        },
        reconcile: async ({ signal: _signal, ...options } = {}) => {
          note(`reconcile ${Object.values(options).join(' to ')}`.trim())
          if (broken) throw new Error('the destination is away')
          return millrace.reconcile(options)
        },
        audit: async (options) => (note('audit'), millrace.audit(options)),
      }
      const stop = new AbortController()
      const running = runSchedule(watched, { signal: stop.signal, clock, random: () => 0.999 })
      await clock.advance(ms)
      stop.abort()
      await running
      await millrace.close()
    }
    const dayOf = (days: number): string => new Date(start + days * day).toISOString().slice(0, 10)
    return { run, calls, clock, dayOf, of: (what: string) => calls.filter((call) => call.includes(what)), now: () => clock.now() - start }
  }

  it('comes by its interval however often the process is started, and not with each start', async () => {
    const { run, of, now } = restarting()
    while (now() < 8 * day) await run(25 * minute)
    expect(of('reconcile').length).toBeGreaterThanOrEqual(8)
    expect(of('reconcile').length).toBeLessThanOrEqual(10)
    expect(of('removals').length).toBeGreaterThanOrEqual(7)
    expect(of('removals').length).toBeLessThanOrEqual(9)
    expect(of('audit')).toEqual(['0 audit', '7 audit'])
  })

  it('is made up for at once after a downtime, and totals of every day that was missed', async () => {
    const { run, calls, clock, dayOf } = restarting()
    await run(3 * hour)
    expect(calls.toSorted()).toEqual(['0 audit', '0 reconcile', '0 removals'])
    calls.splice(0)
    await clock.advance(5 * day)
    await run(minute)
    expect(calls.toSorted()).toEqual([`5 reconcile ${dayOf(0)} to ${dayOf(4)}`, '5 removals'])
    calls.splice(0)
    await run(hour)
    expect(calls).toEqual([])
  })

  it('that failed is not done: it comes with the next start', async () => {
    const { run, of } = restarting({ removalsMs: 6 * day, auditMs: 6 * day })
    await run(2 * hour, true)
    await run(minute, true)
    await run(minute)
    await run(minute)
    expect(of('reconcile')).toHaveLength(3)
  })

  it('is put off by no clock that was set back for longer than its interval', async () => {
    const { run, of, clock } = restarting()
    const wall = clock.now.bind(clock)
    clock.now = () => wall() + 300 * day
    await run(2 * hour)
    clock.now = wall
    await run(day)
    expect(of('reconcile')).toHaveLength(2)
  })
})

describe('a schedule', () => {
  it.each([
    [{ everyMs: 10 }, /schedule\.everyMs must be milliseconds/],
    [{ entities: { order: Number.NaN } }, /schedule\.entities\.order must be/],
  ])('is refused when an interval makes no sense', (schedule, message) => {
    expect(() => world(schedule)).toThrow(message)
  })
})
