import { createMillrace, type Change, type Millrace } from '@millrace/core'
import { memoryStore, recordingDestination, type RecordingDestination } from '@millrace/core/testing'
import { assert, asyncProperty, constantFrom, integer, array, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shopSource } from './shop-source.ts'
import { tinyShop, type Row, type Shop } from './shop.ts'

const start = Date.parse('2026-05-01T12:00:00Z')
const stamp = (second: number): string => new Date(start + second * 1000).toISOString().slice(0, 19).replace('T', ' ')

const customer = (id: number, second: number, firstname = 'Ada'): Row => ({
  entity_id: id,
  created_at: stamp(0),
  updated_at: stamp(second),
  email: `c${id}@example.com`,
  firstname,
})

const order = (id: number, second: number, over: Partial<Row> = {}): Row => ({
  entity_id: id,
  increment_id: `10000${id}`,
  created_at: stamp(0),
  updated_at: stamp(second),
  email: 'guest@example.com',
  customer_id: null,
  state: 'processing',
  currency: 'EUR',
  grand_total: 29.99,
  tax_amount: 4.79,
  total_paid: 29.99,
  items: [{ item_id: id * 10, sku: 'SKU-1', name: 'Shirt', qty_ordered: 1, price: 29.99, row_total: 29.99 }],
  ...over,
})

interface World {
  shop: Shop
  crm: RecordingDestination
  millrace: Millrace
  /** Moves the shop's clock to so many seconds after the start. */
  at(second: number): void
}

const world = (pageSize = 10): World => {
  const shop = tinyShop()
  const crm = recordingDestination()
  let now = start
  const source = shopSource(shop, { pageSize, now: () => now })
  const millrace = createMillrace({ sources: { tiny: source }, connections: { crm: { destination: crm } }, store: memoryStore() })
  return {
    shop,
    crm,
    millrace,
    at: (second) => {
      now = start + second * 1000
    },
  }
}

const put = (shop: Shop, row: Row): void => {
  const { customers } = shop.tables
  const index = customers.findIndex(({ entity_id }) => entity_id === row.entity_id)
  customers.splice(index < 0 ? customers.length : index, index < 0 ? 0 : 1, row)
}

const names = (crm: RecordingDestination): Record<string, unknown> =>
  Object.fromEntries(crm.objectsOf('contact').map(({ fields }) => [String(fields['email']), fields['name']]))

describe('a shop with one-second stamps and no versions', () => {
  it('loses nothing where many rows share a second across page borders, and repeats nothing', async () => {
    const { shop, crm, millrace, at } = world(10)
    for (let id = 1; id <= 35; id++) put(shop, customer(id, id <= 5 ? 1 : 2))
    at(60)
    expect((await millrace.backfill()).sources['tiny']?.customer).toEqual({ read: 35, changed: 35, rejected: 0 })
    expect(crm.objectsOf('contact')).toHaveLength(35)
    for (let id = 1; id <= 35; id++) put(shop, customer(id, 120, 'Bea'))
    at(180)
    expect((await millrace.sync()).sources['tiny']?.customer).toMatchObject({ read: 35, changed: 35 })
    expect(Object.values(names(crm)).every((name) => name === 'Bea')).toBe(true)
    expect((await millrace.sync()).connections['crm']).toMatchObject({ delivered: 0 })
  })

  it('notices the second of two edits in one second', async () => {
    const { shop, crm, millrace, at } = world()
    put(shop, customer(1, 10, 'First'))
    at(13)
    await millrace.sync()
    expect(names(crm)).toEqual({ 'c1@example.com': 'First' })
    put(shop, customer(1, 10, 'Second'))
    at(20)
    await millrace.sync()
    expect(names(crm)).toEqual({ 'c1@example.com': 'Second' })
  })

  it('brings a guest order with exact amounts under a person made of its e-mail', async () => {
    const { shop, crm, millrace, at } = world()
    shop.tables.orders.push(
      order(7, 1),
      order(8, 1, { currency: 'JPY', grand_total: 1500, tax_amount: 136, total_paid: 0, state: 'new', items: [] }),
    )
    at(60)
    const report = await millrace.sync()
    expect(report.run.status).toBe('completed')
    expect(crm.objectsOf('deal').map(({ fields }) => fields['amount'])).toEqual(['29.99', '1500'])
    expect(crm.objectsOf('contact').map(({ fields }) => fields['orders'])).toEqual([2])
  })

  it('puts one unreadable row aside and delivers the others', async () => {
    const { shop, crm, millrace, at } = world()
    shop.tables.orders.push(order(1, 1), order(2, 1, { currency: 'euro' }), order(3, 1))
    at(60)
    const report = await millrace.sync()
    expect(report.run.status).toBe('attention')
    expect(report.sources['tiny']?.order).toEqual({ read: 3, changed: 2, rejected: 1 })
    expect(crm.objectsOf('deal')).toHaveLength(2)
  })

  it('flags a customer that was deleted in the shop', async () => {
    const { shop, crm, millrace, at } = world()
    for (let id = 1; id <= 3; id++) put(shop, customer(id, 1))
    at(60)
    await millrace.backfill()
    shop.tables.customers.splice(0, 1)
    await millrace.backfill()
    expect(crm.objectsOf('contact').map(({ fields }) => fields['deleted_at'] != null)).toEqual([true, false, false])
  })

  it('never asks for a page beyond the first, which would repeat or drift', async () => {
    const shop = tinyShop()
    for (let id = 1; id <= 50; id++) put(shop, customer(id, 1))
    const source = shopSource(shop, { pageSize: 10 })
    const pages: (number | undefined)[] = []
    const { search } = shop
    shop.search = (table, query) => {
      pages.push(query.currentPage)
      return search(table, query)
    }
    const changes: Change[] = []
    const context = { clock: { now: () => start, monotonic: () => 0, sleep: () => Promise.resolve() }, signal: AbortSignal.timeout(60_000) }
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    for await (const page of source.read('customer', { mode: 'delta', from: start, to: start + 60_000 }, { ...context, logger }))
      changes.push(...page.changes)
    expect(changes).toHaveLength(50)
    expect(pages.every((page) => page === undefined)).toBe(true)
  })

  it('ends at the latest state of every row, however edits, slow transactions and passes follow each other', async () => {
    const step = record({
      id: integer({ min: 1, max: 6 }),
      pass: constantFrom('none', 'sync', 'backfill'),
      seconds: integer({ min: 0, max: 3 }),
      /** How far in the past the transaction is stamped. */
      late: integer({ min: 0, max: 20 }),
    })
    await assert(
      asyncProperty(array(step, { maxLength: 25 }), async (steps) => {
        const { shop, crm, millrace, at } = world(2)
        const stamped = new Map<number, number>()
        let second = 30
        for (const [index, { id, pass, seconds, late }] of steps.entries()) {
          second += seconds
          stamped.set(id, Math.max(second - late, stamped.get(id) ?? 0))
          put(shop, customer(id, stamped.get(id) ?? 0, `edit ${index}`))
          at(second)
          if (pass === 'sync') await millrace.sync()
          if (pass === 'backfill') await millrace.backfill()
        }
        at(second + 5)
        await millrace.sync()
        expect(names(crm)).toEqual(Object.fromEntries(shop.tables.customers.map(({ email, firstname }) => [email, firstname])))
      }),
      { numRuns: 100 },
    )
  })
})
