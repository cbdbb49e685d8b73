import { expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { cartSchema } from '../model/cart.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import type { CommerceRecord } from '../model/record.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const day = 86_400_000
const now = Date.parse('2026-06-01T00:00:00.000Z')
const ago = (days: number, ms = 0): string => new Date(now - days * day + ms).toISOString()
const eur = { currency: 'EUR', amount: '10.00' }

const customer = (id: string, created: number, over: object = {}): CommerceRecord =>
  customerSchema.parse({ entity: 'customer', id, createdAt: ago(created), modifiedAt: ago(created), email: `${id}@example.com`, ...over })
const order = (id: string, days: number, over: object = {}): CommerceRecord =>
  orderSchema.parse({
    entity: 'order',
    id,
    createdAt: ago(days),
    modifiedAt: ago(days),
    placedAt: ago(days),
    gross: eur,
    refunded: { ...eur, amount: '0.00' },
    ...over,
  })
const cart = (id: string, created: number, touched: number, over: object = {}): CommerceRecord =>
  cartSchema.parse({
    entity: 'cart',
    id,
    createdAt: ago(created),
    modifiedAt: ago(touched),
    state: 'active',
    gross: eur,
    lines: [{ id: 'l', quantity: 1, unitPrice: eur, total: eur }],
    ...over,
  })
const line = (id: string, category: string, quantity: number): object => ({
  id,
  quantity,
  unitPrice: eur,
  total: eur,
  sku: 's',
  categoryPath: [{ en: category }],
})

const report = async (records: readonly CommerceRecord[], options: { from?: string; to?: string; timeZone?: string } = {}) => {
  const shop = scriptedSource({ now })
  for (const record of records) shop.put(record)
  const millrace = createMillrace({
    sources: { shop },
    connections: { crm: { destination: recordingDestination() } },
    store: memoryStore(),
    clock: { now: () => now, monotonic: () => 0, sleep: async () => {} },
  })
  await millrace.backfill()
  return millrace.kpi(options)
}

it('repeat purchase counts first orders of the period whose days have passed, guests by their e-mail', async () => {
  const { repeatPurchase, timeToFirstPurchase } = await report([
    customer('a', 100),
    order('a1', 80, { customerId: 'a' }),
    order('a2', 50, { customerId: 'a' }),
    customer('b', 85),
    order('b1', 75, { customerId: 'b' }),
    // The same person as a guest.
    order('b2', 20, { email: 'B@Example.com' }),
    order('g1', 40, { email: 'guest@example.com' }),
    order('g2', 39, { email: 'guest@example.com', orderState: 'cancelled' }),
    order('old', 300, { email: 'old@example.com' }),
    order('old2', 299, { email: 'old@example.com' }),
  ])
  expect(repeatPurchase).toEqual({
    '30': { count: 1, of: 3, percent: 33.3 },
    '60': { count: 2, of: 2, percent: 100 },
    '90': { count: 0, of: 0, percent: null },
  })
  expect(timeToFirstPurchase).toEqual({ people: 2, medianDays: 15, averageDays: 15 })
})

it('a cart is left after four hours and recovered by a purchase in any store', async () => {
  const { cartRecovery } = await report([
    customer('a', 100, { groups: [{ id: 'g', name: 'VIP' }] }),
    customer('b', 100),
    cart('left', 10, 9, { customerId: 'a', store: 'x' }),
    cart('quick', 10, 10, { customerId: 'b', state: 'ordered' }),
    cart('slow', 10, 9, { customerId: 'b', state: 'ordered' }),
    cart('open', 0.05, 0.01, { customerId: 'b' }),
    cart('nobody', 10, 9),
    cart('empty', 10, 9, { customerId: 'b', lines: [] }),
    cart('later', 50, 49, { customerId: 'b' }),
    order('o', 40, { customerId: 'b', store: 'other' }),
  ])
  expect(cartRecovery).toEqual([
    { store: 'x', customerGroup: 'VIP', left: 1, recovered: 0, percent: 0 },
    { store: null, customerGroup: null, left: 2, recovered: 2, percent: 100 },
  ])
})

it('returns count pieces that arrived, by category, and never more than were sold', async () => {
  const { returnsByCategory, dataQuality } = await report([
    order('o', 10, {
      lines: [line('1', 'tea', 4), line('2', 'cups', 2), { ...line('3', 'x', 1), kind: 'custom' }],
      returns: [
        { id: 'r1', lineId: '1', quantity: 1, shipmentState: 'returned', paymentState: 'initial' },
        { id: 'r2', lineId: '1', quantity: 1, shipmentState: 'advised', paymentState: 'initial' },
        { id: 'r3', lineId: '2', quantity: 9, shipmentState: 'back-in-stock', paymentState: 'initial' },
      ],
    }),
  ])
  expect(returnsByCategory).toEqual([
    { category: 'cups', count: 2, of: 2, percent: 100 },
    { category: 'tea', count: 1, of: 4, percent: 25 },
  ])
  expect(dataQuality.parts).toMatchObject({
    'orders with a buyer': { count: 0, of: 1, percent: 0 },
    'orders whose lines all have a SKU': { percent: 100 },
    'accounts with an e-mail': { of: 0, percent: null },
  })
  const known = Object.values(dataQuality.parts).flatMap(({ percent }) => percent ?? [])
  expect(dataQuality.score).toBeCloseTo(known.reduce((sum, percent) => sum + percent, 0) / known.length, 1)
})

it('an empty shop has no percentages, and days that make no sense are refused', async () => {
  expect(await report([])).toMatchObject({
    cartRecovery: [],
    returnsByCategory: [],
    timeToFirstPurchase: { people: 0, medianDays: null },
    dataQuality: { score: null },
  })
  await expect(report([], { from: '2026-13-01' })).rejects.toMatchObject({ code: 'option_invalid' })
  await expect(report([], { from: '2026-02-01', to: '2026-01-01' })).rejects.toMatchObject({ code: 'option_invalid' })
  await expect(report([], { timeZone: 'Nowhere' })).rejects.toMatchObject({ code: 'option_invalid' })
})
