import { describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../api/config.ts'
import { path } from '../contract/expression.ts'
import { createMillrace } from '../create-millrace.ts'
import { cart, customer, jumpingClock, order, start } from '../events/event-fixture.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

/** A shop and a destination that refuses every write until it is `open`. */
const world = (config: Omit<ConnectionConfig, 'destination'> = {}) => {
  const shop = scriptedSource({ now: start })
  const crm = recordingDestination({ events: 'at-most-once' })
  const store = memoryStore()
  const clock = jumpingClock()
  let isOpen = false
  const writes: string[] = []
  const refuse = (what: string): never => {
    writes.push(what)
    throw new Error(`${what} while it only observes`)
  }
  const deliver = crm.deliver.bind(crm)
  crm.deliver = (inputs, ctx) => (isOpen ? deliver(inputs, ctx) : refuse('deliver'))
  crm.apply = async () => refuse('apply')
  const at = (minutes: number): void => {
    shop.setNow(start + minutes * 60_000)
    clock.set(minutes)
  }
  const open = (mode: 'live' | 'observe', more: Partial<ConnectionConfig> = {}) => {
    isOpen = mode === 'live'
    return createMillrace({ sources: { shop }, connections: { crm: { destination: crm, mode, ...config, ...more } }, store, clock })
  }
  return { shop, crm, store, at, writes, open }
}

const shopped = (w: ReturnType<typeof world>): void => {
  w.shop.put(customer('a', 1))
  w.shop.put(customer('b', 1))
  w.shop.put(order('o1', 'a', 2))
}

describe('a connection that only observes', () => {
  it('prepares and compares everything, children of what was not sent too, and writes nothing', async () => {
    const w = world()
    const millrace = w.open('observe')
    shopped(w)
    w.at(5)
    const report = await millrace.sync()
    expect(report.problems).toEqual([])
    expect(report.run.status).toBe('completed')
    expect(report.connections['crm']).toMatchObject({ delivered: 0, created: 0, parked: 0, deadLettered: 0 })
    expect(report.connections['crm']?.observed).toMatchObject({
      update: 0,
      archive: 0,
      fields: { contact: { email: 2, name: 2 }, deal: { amount: 1, parents: 1 } },
    })
    expect([w.writes, w.crm.remote.size, w.crm.told()]).toEqual([[], 0, []])
    const { connections } = await millrace.status()
    expect(connections['crm']).toMatchObject({
      mode: 'observe',
      problems: [],
      objects: { contact: { observed: 2 }, deal: { observed: 1 } },
    })
    const { story, summary, journal } = await millrace.trace({ entity: 'customer', id: 'a' })
    expect(journal[0]?.problem).toMatchObject({ code: 'observed', context: { action: 'create', children: 0 } })
    expect(String(journal[0]?.problem?.context?.['fields']).split(',')).toContain('email')
    expect(JSON.stringify(journal)).not.toContain('@example.com')
    expect([story[0], summary[0]]).toEqual([
      expect.stringContaining('was observed and not sent'),
      expect.stringContaining('waits until the connection is live'),
    ])
    await millrace.close()
  })

  it('says nothing anew while nothing changes, and looks again at what does', async () => {
    const w = world()
    const millrace = w.open('observe')
    shopped(w)
    w.at(5)
    await millrace.sync()
    w.at(10)
    expect((await millrace.sync()).connections['crm']?.observed).toEqual({ create: 0, update: 0, archive: 0, fields: {} })
    w.shop.put(customer('a', 11, { lastName: 'New' }))
    w.at(15)
    expect((await millrace.sync()).connections['crm']?.observed).toMatchObject({ create: 1, fields: { contact: { name: 1 } } })
  })

  it('tells an invalid record as a dead letter, as a live one does', async () => {
    const w = world({
      contract: { objects: { contact: { fields: { points: { value: path('custom.points'), type: 'integer' } } } } },
    })
    w.shop.put(customer('a', 1, { custom: { points: 'many' } }))
    w.at(5)
    expect((await w.open('observe').sync()).connections['crm']).toMatchObject({ deadLettered: 1 })
  })

  it('sends exactly what was observed once it is live, in the order of parents, and marks it as historical', async () => {
    const w = world({ events: [] })
    const observing = w.open('observe')
    shopped(w)
    w.at(5)
    const first = await observing.sync()
    w.shop.put(customer('c', 6))
    w.shop.put(order('o2', 'c', 7))
    w.at(10)
    const second = await observing.sync()
    const observed = [first, second].reduce((sum, { connections }) => sum + (connections['crm']?.observed?.create ?? 0), 0)
    w.at(20)
    const live = w.open('live')
    const report = await live.sync()
    expect(report.connections['crm']?.observed).toBeUndefined()
    expect([report.run.status, report.connections['crm']?.created]).toEqual(['completed', observed])
    expect(w.crm.objectsOf('deal').map(({ parents }) => parents.length)).toEqual([1, 1])
    w.shop.put(order('o3', 'c', 25))
    w.at(30)
    expect((await live.sync()).connections['crm']).toMatchObject({ created: 1, retries: 0 })
    const rows = await w.store.deliveries({ connection: 'crm' }, { afterDid: 0, limit: 100 })
    const origins = Object.fromEntries(rows.map(({ unit, origin }) => [unit.split(':').at(-1), origin]))
    expect(origins).toEqual({ a: 'backfill', b: 'backfill', c: 'backfill', o1: 'backfill', o2: 'backfill', o3: 'live' })
    w.at(40)
    expect((await live.sync()).connections['crm']).toMatchObject({ delivered: 0, retries: 0 })
    expect((await live.auditLog()).map(({ action }) => action)).toEqual(expect.arrayContaining(['observe', 'go-live']))
  })

  it('tells nobody, once it is live, of what happened before: neither what it observed nor what it read later, nor when it is replayed', async () => {
    const w = world()
    const observing = w.open('observe')
    await observing.sync()
    for (const id of ['a', 'b']) w.shop.put(customer(id, 1))
    w.shop.put(order('o1', 'a', 2))
    w.at(5)
    expect((await observing.sync()).connections['crm']?.observed?.create).toBeGreaterThan(3)
    expect((await observing.status()).connections['crm']?.objects['event']).toMatchObject({ observed: expect.any(Number) })
    // Placed when nobody observed any more, and announced when the connection was live already.
    w.shop.put(order('o2', 'b', 15))
    w.at(20)
    const live = w.open('live')
    expect((await live.sync()).run.status).toBe('completed')
    await live.track('shop', [
      { id: 'view-1', type: 'product.viewed', occurredAt: new Date(start + 19 * 60_000).toISOString(), subject: { customerId: 'a' } },
    ])
    await live.sync()
    expect(w.crm.told()).toEqual([])
    expect(w.crm.objectsOf('deal')).toHaveLength(2)
    const skipped = await w.store.deliveries({ connection: 'crm', object: 'event' }, { afterDid: 0, limit: 100 })
    expect(new Set(skipped.map(({ result, problem }) => `${result} ${problem?.code}`))).toEqual(new Set(['skipped happened_before_live']))
    w.shop.put(order('o3', 'b', 25))
    w.at(30)
    await live.sync()
    expect(w.crm.told().map(({ id }) => id)).toContain('shop:order.placed:o3')
    expect(w.crm.told().every(({ id }) => id.endsWith('o3'))).toBe(true)
  })

  it('that observes again for a while takes what happens meanwhile as history, and nothing that was told before', async () => {
    const w = world({ events: ['order.placed'] })
    await w.open('live').sync()
    const placed = async (id: string, minute: number, mode: 'live' | 'observe') => {
      w.shop.put(order(id, 'a', minute))
      w.at(minute + 1)
      await w.open(mode).sync()
    }
    w.shop.put(customer('a', 1))
    await placed('o1', 2, 'live')
    await placed('o2', 5, 'observe')
    w.at(9)
    await w.open('live').sync()
    await placed('o3', 10, 'live')
    await placed('o4', 15, 'observe')
    w.at(19)
    await w.open('live').sync()
    expect(w.crm.told().map(({ id }) => id)).toEqual(['shop:order.placed:o1', 'shop:order.placed:o3'])
  })

  it('compares with what a live connection sent before, and adopts nothing on the way', async () => {
    const w = world()
    shopped(w)
    w.at(5)
    await w.open('live').sync()
    const planted = w.crm.plant('contact', { email: 'c@example.com' })
    const calls = w.crm.inputs.length
    w.shop.put(customer('a', 6, { lastName: 'New' }))
    w.shop.put(customer('c', 6))
    w.at(10)
    const { observed } = (await w.open('observe').sync()).connections['crm'] ?? {}
    expect(observed).toMatchObject({ update: 2, fields: { contact: { name: 2 } } })
    expect(observed?.fields['contact']?.['email']).toBe(1)
    expect([w.crm.inputs.length, planted.key]).toEqual([calls, ''])
    w.at(20)
    expect((await w.open('live').sync()).connections['crm']).toMatchObject({ delivered: expect.any(Number), deadLettered: 0 })
    expect(planted.key).toBe('shop:c')
  })

  it('keeps removals together for the guard of the day on which it goes live', async () => {
    const w = world()
    for (let index = 0; index < 15; index += 1) w.shop.put(customer(`c${index}`, 1))
    w.at(5)
    const archive = { contract: { removal: { person: 'archive' } } } as const
    await w.open('live', archive).sync()
    for (let day = 0; day < 2; day += 1) {
      for (let index = day * 6; index < day * 6 + 6; index += 1) w.shop.remove('customer', `c${index}`)
      w.at(10 + day)
      expect((await w.open('observe', archive).sync({ removals: true })).connections['crm']?.held).toBe((day + 1) * 6)
    }
    w.at(20)
    expect((await w.open('live', archive).sync()).connections['crm']).toMatchObject({ held: 12, delivered: 0 })
    expect(w.crm.objectsOf('contact')).toHaveLength(15)
  })

  it('goes on going live where a process ended halfway', async () => {
    const w = world()
    shopped(w)
    w.at(5)
    await w.open('observe').sync()
    const { putStates } = w.store
    w.store.putStates = async (states) => {
      if (states.some(({ kind, value }) => kind === 'observing' && value?.until !== null)) throw new Error('the process ended')
      return putStates(states)
    }
    w.at(6)
    expect((await w.open('live').sync()).run.status).toBe('failed')
    w.store.putStates = putStates
    w.at(7)
    expect((await w.open('live').sync()).run.status).toBe('completed')
    expect(w.crm.objectsOf('contact')).toHaveLength(2)
  })
})

describe('what a connection takes', () => {
  it('is only the kinds of records and events that it names; more is brought when it names more', async () => {
    const w = world({ events: ['account.created'] })
    const narrow = w.open('live', { entities: ['customer'] })
    await narrow.sync()
    shopped(w)
    w.shop.put(cart('k', 'a', 2))
    w.at(5)
    await narrow.sync()
    expect([w.crm.objectsOf('contact').length, w.crm.objectsOf('deal').length]).toEqual([2, 0])
    expect(new Set(w.crm.told().map(({ type }) => type))).toEqual(new Set(['account.created']))
    expect((await narrow.status()).connections['crm']?.takes).toEqual({ objects: ['contact', 'event'], events: ['account.created'] })
    w.at(10)
    await w.open('live', { entities: ['customer', 'order'] }).sync()
    expect(w.crm.objectsOf('deal')).toHaveLength(1)
    expect(new Set(w.crm.told().map(({ type }) => type))).toEqual(new Set(['account.created']))
  })

  it.each<[Omit<ConnectionConfig, 'destination'>, string]>([
    // As a config file in JavaScript may say it.
    [JSON.parse('{"mode":"dry"}'), "connections.crm.mode must be 'live' or 'observe'"],
    [JSON.parse('{"entities":["customers"]}'), 'connections.crm.entities: "customers" is no kind of records; did you mean "customer"?'],
    [{ entities: [] }, 'connections.crm.entities is empty'],
    [{ events: ['cart.updated'] }, 'connections.crm.events: "cart.updated" is no event that the contract sends'],
  ])('is refused where it makes no sense: %j', (config, message) => {
    expect(() => world(config).open('live', config)).toThrow(message)
  })
})
