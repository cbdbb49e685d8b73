import fc from 'fast-check'
import { expect, test } from 'vitest'

import { raw } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'
import { toMinorUnits } from './decimal.ts'
import { order, withShop, writeOrders } from './test-support.ts'

/** Creates an abandoned cart over REST and returns its id. */
async function abandon(fake: FakeActiveCampaign, externalcheckoutid: string): Promise<string> {
  const ecomCustomer = { connectionid: '1', externalid: 'c1', email: 'ada@example.com' }
  const customerid = (await raw(fake, 'POST', 'ecomCustomers', { ecomCustomer })).one('ecomCustomer')['id']
  const ecomOrder = {
    connectionid: '1',
    customerid,
    externalid: null,
    externalcheckoutid,
    abandonedDate: '2020-01-01T00:00:00Z',
    source: 1,
    email: 'ada@example.com',
    totalPrice: 100,
    currency: 'EUR',
    externalCreatedDate: '2020-01-01T00:00:00Z',
    orderProducts: [],
  }
  return String((await raw(fake, 'POST', 'ecomOrders', { ecomOrder })).one('ecomOrder')['id'])
}

test('graphql-copy-delayed: Deep Data has an order only after the order can be read by GraphQL', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withShop({ now: () => now, orderLagMs: 2000, deepDataLagMs: 3000 }, async (fake) => {
    await writeOrders(fake, order('1'))
    const seen = (): number[] => [fake.account.orders().length, fake.account.ecomOrders().length]
    const steps = [0, 1999, 1, 2999, 1].map((ms) => {
      now += ms
      return seen()
    })
    expect(steps).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 1],
    ])
    await writeOrders(fake, order('2'))
    now += 60_000
    expect(seen()).toEqual([2, 2])
    expect((await raw(fake, 'GET', 'ecomOrders?filters[externalid]=2')).many('ecomOrders')).toMatchObject([
      { totalPrice: '3998', state: '1' },
    ])
  })
})

test('graphql-copy-one-way: an order written by REST is unknown to GraphQL, and the next copy overwrites it', () =>
  withShop({ orderLagMs: 0, deepDataLagMs: 0 }, async (fake) => {
    await writeOrders(fake, order('1'))
    const [copied] = fake.account.ecomOrders()
    await raw(fake, 'PUT', `ecomOrders/${copied?.id}`, { ecomOrder: { totalPrice: 1 } })
    expect([fake.account.ecomOrders()[0]?.totalPrice, fake.account.orders()[0]?.fields['finalAmount']]).toEqual([1, '39.98'])
    const { id: _, createdAt: __, updatedAt: ___, state: ____, ...rest } = copied ?? { id: '', createdAt: 0, updatedAt: 0, state: '0' }
    await raw(fake, 'POST', 'ecomOrders', { ecomOrder: { ...rest, externalid: 'rest-only', externalcheckoutid: null } })
    await writeOrders(fake, order('1', { orderNumber: '7' }))
    expect(fake.account.orders().map(({ storeOrderId }) => storeOrderId)).toEqual(['1'])
    expect(fake.account.ecomOrders().map(({ externalid, totalPrice }) => [externalid, totalPrice])).toEqual([
      ['1', 3998],
      ['rest-only', 3998],
    ])
  }))

test('graphql-line-total: a line total in decimals becomes a unit price in the smallest unit of the currency', () =>
  withShop({ orderLagMs: 0, deepDataLagMs: 0 }, async (fake) => {
    const money = (storeOrderId: string, currency: string, amount: number | string, quantity: number): object =>
      order(storeOrderId, {
        currency,
        finalAmount: amount,
        lineItems: [{ legacyConnectionId: 1, storePrimaryId: 'p1', quantity, priceAmount: amount }],
      })
    await writeOrders(
      fake,
      money('1', 'EUR', 19.99, 1),
      money('2', 'EUR', '59.97', 3),
      money('3', 'JPY', 500, 1),
      money('4', 'KWD', '1.234', 1),
      money('5', 'USD', '0.005', 1),
    )
    expect(fake.account.ecomOrders().map(({ totalPrice, orderProducts }) => [totalPrice, orderProducts[0]?.price])).toEqual([
      [1999, 1999],
      [5997, 1999],
      [500, 500],
      [1234, 1234],
      [1, 1],
    ])
  }))

test('cents and decimals agree for every amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 4 }), (units, digits) => {
      const padded = String(Math.abs(units)).padStart(digits + 1, '0')
      const split = padded.length - digits
      const text = `${units < 0 ? '-' : ''}${padded.slice(0, split)}${digits === 0 ? '' : `.${padded.slice(split)}`}`
      expect(toMinorUnits(text, digits) === units).toBe(true)
    }),
  )
})

test('graphql-cart-becomes-order: the cart an order names becomes the order, recovered, under the same id', () =>
  withShop({ orderLagMs: 0, deepDataLagMs: 0 }, async (fake) => {
    const cart = await abandon(fake, 'k1')
    await writeOrders(
      fake,
      order('1', { cartId: 'k1' }),
      order('2', { cartId: 'unknown' }),
      order('3', { cartId: 'k1', legacyConnectionId: 2 }),
    )
    const [first, ...others] = fake.account.ecomOrders()
    expect(first).toMatchObject({ id: cart, externalid: '1', externalcheckoutid: 'k1', state: '3', totalPrice: 3998 })
    expect(others.map(({ externalid, state }) => [externalid, state])).toEqual([
      ['2', '1'],
      ['3', '1'],
    ])
    await writeOrders(fake, order('1', { cartId: 'k1', normalizedStatus: 'REFUNDED' }))
    expect([fake.account.ecomOrders().length, fake.account.ecomOrders()[0]?.state]).toEqual([3, '3'])
  }))
