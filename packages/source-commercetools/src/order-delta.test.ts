import type { Change, Order } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesOf, idOf, idsOf, pagesOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const iso = (time: number): string => new Date(time).toISOString()
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let now = start
let shop: FakeCommercetools
beforeEach(async () => {
  now = start
  shop = await startFakeCommercetools({ now: () => now })
})
afterEach(() => shop.close())

const addOrder = (id: string, paymentIds: readonly string[], extra: Record<string, unknown> = {}) =>
  shop.project.add('order', {
    id,
    createdAt: iso(now),
    lineItems: [],
    customLineItems: [],
    shipping: [],
    totalPrice: eur(5000),
    orderState: 'Open',
    origin: 'Customer',
    ...(paymentIds.length === 0
      ? {}
      : { paymentInfo: { payments: paymentIds.map((paymentId) => ({ typeId: 'payment', id: paymentId })) } }),
    ...extra,
  })

const charge = (id: string, centAmount: number, type = 'Charge') => ({
  id,
  type,
  state: 'Success',
  amount: eur(centAmount),
  timestamp: iso(now),
})

const addPayment = (id: string) =>
  shop.project.add('payment', {
    id,
    createdAt: iso(now),
    amountPlanned: eur(5000),
    paymentMethodInfo: { method: 'CARD' },
    paymentStatus: {},
    transactions: [charge(`${id}-charge`, 5000)],
    interfaceInteractions: [],
  })

const orderOf = (change: Change | undefined): Order => {
  if (change?.type !== 'upsert' || change.record.entity !== 'order') throw new Error('not an order')
  return change.record
}

describe('orders and their payments', () => {
  it('bring a refund that touched only the payment, with the payment part newer', async () => {
    addPayment('p1')
    addOrder('o1', ['p1'])
    const source = sourceOf(shop)
    const [before] = await changesOf(source, 'order', { mode: 'delta', from: 0, to: now })
    const from = now + 1
    now += 600_000
    shop.project.update('payment', 'p1', { transactions: [charge('p1-charge', 5000), charge('p1-refund', 1250, 'Refund')] })
    const after = await changesOf(source, 'order', { mode: 'delta', from, to: now })
    expect(before?.version).toEqual({ order: 1, 'payment:p1': 1 })
    expect(after.map(({ version }) => version)).toEqual([{ order: 1, 'payment:p1': 2 }])
    expect(orderOf(after[0]).refunded).toEqual({ currency: 'EUR', amount: '12.50' })
    expect(after[0]?.modifiedAt).toBe(now)
  })

  it('bring every order of a payment, and an order of several payments whole', async () => {
    for (const id of ['p1', 'p2']) addPayment(id)
    addOrder('o1', ['p1', 'p2'])
    addOrder('o2', ['p1'])
    const from = now + 1
    now += 600_000
    shop.project.update('payment', 'p1', { key: 'touched' })
    const changes = await changesOf(sourceOf(shop), 'order', { mode: 'delta', from, to: now })
    expect(changes.map(({ version }) => version)).toEqual([
      { order: 1, 'payment:p1': 2, 'payment:p2': 1 },
      { order: 1, 'payment:p1': 2 },
    ])
    expect(orderOf(changes[0]).payments).toHaveLength(2)
  })

  it('bring an order whose payment changed in the same window only once', async () => {
    addPayment('p1')
    addOrder('o1', ['p1'])
    expect(await changesOf(sourceOf(shop), 'order', { mode: 'delta', from: start - 1000, to: now })).toHaveLength(1)
  })

  it('tolerate a payment that no longer exists', async () => {
    addOrder('o1', ['gone'])
    const [change] = await changesOf(sourceOf(shop), 'order', { mode: 'full', to: now })
    expect(change).toMatchObject({ type: 'upsert', version: { order: 1 } })
    expect(orderOf(change).payments).toEqual([])
  })

  it('resume inside the payments, from every cursor', async () => {
    for (let index = 0; index < 12; index++) {
      addPayment(`p${index}`)
      addOrder(`o${index}`, [`p${index}`])
    }
    const from = now + 1
    now += 600_000
    for (let index = 0; index < 12; index++)
      shop.project.update(index % 3 === 0 ? 'order' : 'payment', `${index % 3 === 0 ? 'o' : 'p'}${index}`, { key: 'touched' })
    const source = sourceOf(shop, { pageSizes: { order: 3 } })
    const window = { mode: 'delta', from, to: now } as const
    const pages = await pagesOf(source, 'order', window)
    expect(new Set(pages.flatMap((page) => page.changes.map(idOf))).size).toBe(12)
    for (const [index, { cursor }] of pages.entries()) {
      const rest = await changesOf(source, 'order', { ...window, cursor })
      expect(rest.map(idOf)).toEqual(pages.slice(index + 1).flatMap((page) => page.changes.map(idOf)))
    }
  })

  it('cost one list of payments per page of orders, and one product look-up for products seen before', async () => {
    for (let index = 0; index < 250; index++) {
      addPayment(`p${index}`)
      addOrder(`o${index}`, [`p${index}`])
    }
    shop.resetRequests()
    await changesOf(sourceOf(shop), 'order', { mode: 'full', to: now })
    expect(shop.count({ path: /\/orders$/ })).toBe(3)
    expect(shop.count({ path: /\/payments$/ })).toBe(3)
  })

  it('name products by their key and their category path, whichever the line was placed with', async () => {
    shop.project.add('category', { id: 'c-root', key: 'root', name: { en: 'Root' }, slug: {}, ancestors: [] })
    shop.project.add('category', {
      id: 'c-leaf',
      key: 'leaf',
      name: { en: 'Leaf' },
      slug: {},
      ancestors: [],
      parent: { typeId: 'category', id: 'c-root' },
    })
    shop.project.add('product', {
      id: 'prod-1',
      key: 'shirt',
      productType: { typeId: 'product-type', id: 'none' },
      masterData: {
        published: true,
        hasStagedChanges: false,
        current: { name: {}, slug: {}, categories: [{ typeId: 'category', id: 'c-leaf' }], masterVariant: { id: 1 }, variants: [] },
      },
    })
    const line = {
      id: 'l1',
      productId: 'prod-1',
      productKey: 'old-key',
      name: {},
      variant: { id: 1 },
      price: { id: 'x', value: eur(100) },
      quantity: 1,
      totalPrice: eur(100),
      discountedPricePerQuantity: [],
    }
    addOrder('o1', [], { lineItems: [line, { ...line, id: 'l2', productId: 'deleted', productKey: 'kept' }] })
    const [change] = await changesOf(sourceOf(shop), 'order', { mode: 'full', to: now })
    expect(orderOf(change).lines).toMatchObject([
      { productKey: 'shirt', categoryPath: [{ en: 'Root' }, { en: 'Leaf' }] },
      { productKey: 'kept', categoryPath: [] },
    ])
  })
})

describe('reading one order', () => {
  it('waits for a version that was announced', async () => {
    addOrder('o1', [])
    const source = sourceOf(shop)
    const stop = shop.onRequest(({ path }) => {
      if (path.endsWith('/orders/o1') && shop.project.get('order', 'o1')?.version === 1 && shop.count({ path: '/orders/o1' }) === 2)
        shop.project.update('order', 'o1', { orderState: 'Complete' })
    })
    expect(await source.get('order', 'o1', quickContext(), { order: 2 })).toMatchObject({
      version: { order: 2 },
      record: { orderState: 'complete' },
    })
    stop()
  })

  it('says so when the announced version does not become visible', async () => {
    addOrder('o1', [])
    await expect(sourceOf(shop).get('order', 'o1', quickContext(), { order: 9 })).rejects.toMatchObject({
      code: 'source_version_not_visible',
      retryable: true,
      scope: 'record',
    })
  })

  it('answers nothing for an order that does not exist', async () => {
    expect(await sourceOf(shop).get('order', 'missing', quickContext())).toBeUndefined()
  })
})

describe('stores', () => {
  it('fence orders, and payments bring only orders of these stores', async () => {
    addPayment('p1')
    addPayment('p2')
    addOrder('inside', ['p1'], { store: { typeId: 'store', key: 'eu' } })
    addOrder('outside', ['p2'], { store: { typeId: 'store', key: 'us' } })
    const source = sourceOf(shop, { stores: ['eu'] })
    expect((await changesOf(source, 'order', { mode: 'full', to: now })).map(idOf)).toEqual(['inside'])
    const from = now + 1
    now += 600_000
    for (const id of ['p1', 'p2']) shop.project.update('payment', id, { key: `k-${id}` })
    expect((await changesOf(source, 'order', { mode: 'delta', from, to: now })).map(idOf)).toEqual(['inside'])
    expect(await source.get('order', 'outside', quickContext())).toBeUndefined()
    expect(await idsOf(source, 'order')).toEqual(['inside'])
  })
})
