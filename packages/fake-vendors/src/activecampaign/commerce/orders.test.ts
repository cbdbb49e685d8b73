import { expect, test } from 'vitest'

import type { FakeActiveCampaignOptions } from '../options.ts'
import { raw, withFake, type RawReply } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const line = { externalid: 'p1', name: 'Mug', price: 1999, quantity: 2, sku: 'MUG', category: 'Home' }

type Post = (change?: object) => Promise<RawReply>

/** A fake with a connection and a customer; `post` writes an order with changes. */
async function withShop(
  options: FakeActiveCampaignOptions,
  body: (fake: FakeActiveCampaign, post: Post, cart: Post) => Promise<void>,
): Promise<void> {
  await withFake({ now: () => noon, ...options }, async (fake) => {
    const connectionid = fake.account.addConnection('millrace', 'eu')
    const ecomCustomer = { connectionid, externalid: 'c1', email: 'ada@example.com' }
    const customerid = (await raw(fake, 'POST', 'ecomCustomers', { ecomCustomer })).one('ecomCustomer')['id']
    const order = {
      connectionid,
      customerid,
      source: 1,
      email: 'ada@example.com',
      totalPrice: 3998,
      currency: 'EUR',
      externalCreatedDate: '2026-11-20T10:00:00Z',
      orderProducts: [line],
    }
    const post: Post = (change) => raw(fake, 'POST', 'ecomOrders', { ecomOrder: { ...order, externalid: 'o1', ...change } })
    const abandoned = { externalcheckoutid: 'k1', abandonedDate: '2026-11-21T11:00:00Z' }
    await body(fake, post, (change) =>
      raw(fake, 'POST', 'ecomOrders', { ecomOrder: { ...order, externalid: null, ...abandoned, ...change } }),
    )
  })
}

test('ecom-order-required: every required member is asked for', () =>
  withShop({}, async (fake, post) => {
    const names = ['connectionid', 'customerid', 'source', 'email', 'totalPrice', 'currency', 'externalCreatedDate', 'orderProducts']
    for (const name of names) expect([name, (await post({ [name]: undefined })).status]).toEqual([name, 422])
    const bad = {
      connectionid: '99',
      customerid: '1',
      source: 2,
      currency: 'EURO',
      externalCreatedDate: 'soon',
      orderProducts: { 0: line },
    }
    for (const [name, value] of Object.entries(bad)) expect([name, (await post({ [name]: value })).status]).toEqual([name, 422])
    expect((await post({ orderProducts: [{ ...line, quantity: 0 }] })).status).toBe(422)
    expect(fake.account.ecomOrders()).toEqual([])
    expect((await post()).status).toBe(201)
  }))

test('ecom-order-identity: an order has the one id or the other', () =>
  withShop({}, async (_, post) => {
    const abandonedDate = '2026-11-21T11:00:00Z'
    expect((await post({ externalcheckoutid: 'k1', abandonedDate })).status).toBe(422)
    expect((await post({ externalid: null })).status).toBe(422)
    expect((await post({ externalid: '' })).status).toBe(422)
    expect((await post({ externalid: null, externalcheckoutid: 'k1', abandonedDate })).status).toBe(201)
  }))

test('ecom-order-duplicate: there is no upsert, the second create is refused', () =>
  withShop({}, async (fake, post, cart) => {
    expect([(await post()).status, (await post()).status, (await cart()).status, (await cart()).status]).toEqual([201, 422, 201, 422])
    expect(fake.account.ecomOrders()).toHaveLength(2)
  }))

test('ecom-order-filters: found by either id within a connection', () =>
  withShop({}, async (fake, post, cart) => {
    await post()
    await cart()
    const found = async (query: string): Promise<unknown[]> =>
      (await raw(fake, 'GET', `ecomOrders?${query}`)).many('ecomOrders').map(({ state }) => state)
    expect(await found('filters[externalid]=o1&filters[connectionid]=1')).toEqual(['1'])
    expect(await found('filters[externalcheckoutid]=k1&filters[connectionid]=1')).toEqual(['2'])
    expect(await found('filters[externalid]=o1&filters[connectionid]=2')).toEqual([])
    expect(await found('filters[email]=ADA@example.com')).toHaveLength(2)
  }))

test('ecom-amount-cents: amounts are whole cents, read back as text', () =>
  withShop({}, async (fake, post) => {
    for (const totalPrice of [39.98, '39.98', -1]) expect((await post({ totalPrice })).status).toBe(422)
    expect((await post({ orderProducts: [{ ...line, price: 19.99 }] })).status).toBe(422)
    const reply = await post({ totalPrice: '3998', taxAmount: 638 })
    expect(reply.one('ecomOrder')).toMatchObject({ totalPrice: '3998', taxAmount: '638', shippingAmount: '0' })
    expect(fake.account.ecomOrders()[0]?.orderProducts).toMatchObject([{ price: 1999, quantity: 2 }])
  }))

test('ecom-discounts-array: discounts are a list of orders and shipping', () =>
  withShop({}, async (fake, post) => {
    const discount = { name: 'SAVE', type: 'order', discountAmount: 100 }
    expect((await post({ orderDiscounts: discount })).status).toBe(422)
    expect((await post({ orderDiscounts: [{ ...discount, type: 'line' }] })).status).toBe(422)
    expect((await post({ orderDiscounts: [discount] })).status).toBe(201)
    expect(fake.account.ecomOrders()[0]?.orderDiscounts).toEqual([discount])
  }))

test('ecom-order-products: lines can be read, and a change replaces all of them', () =>
  withShop({}, async (fake, post) => {
    const { id } = (await post()).one('ecomOrder')
    const path = `ecomOrders/${String(id)}`
    expect((await raw(fake, 'GET', `${path}/orderProducts`)).many('ecomOrderProducts')).toMatchObject([
      { sku: 'MUG', price: '1999', quantity: '2' },
    ])
    await raw(fake, 'PUT', path, { ecomOrder: { totalPrice: 500, orderProducts: [{ ...line, sku: 'CUP', price: 500, quantity: 1 }] } })
    await raw(fake, 'PUT', path, { ecomOrder: { orderNumber: '7' } })
    expect((await raw(fake, 'GET', 'ecomOrderProducts')).many('ecomOrderProducts')).toMatchObject([{ sku: 'CUP', orderid: id }])
    expect((await raw(fake, 'GET', path)).one('ecomOrder')).toMatchObject({ totalPrice: '500', orderNumber: '7', email: 'ada@example.com' })
  }))

test('ecom-source-automations: only real-time orders start automations', () =>
  withShop({}, async (fake, post) => {
    await post({ source: 0 })
    expect(fake.account.triggers()).toEqual([])
    const { id } = (await post({ externalid: 'o2' })).one('ecomOrder')
    expect(fake.account.triggers()).toEqual([{ at: noon, kind: 'deep-data-order', id }])
  }))

test('ecom-abandoned-date: a cart needs the date, and is abandoned once it has passed', () =>
  withShop({}, async (fake, _, cart) => {
    expect((await cart({ abandonedDate: undefined })).status).toBe(422)
    expect((await cart({ abandonedDate: 'yesterday' })).status).toBe(422)
    expect((await cart({ abandonedDate: '2026-11-21T12:00:01Z' })).one('ecomOrder')).toMatchObject({ state: '0', externalid: null })
    expect((await cart({ externalcheckoutid: 'k2' })).one('ecomOrder')).toMatchObject({ state: '2' })
    expect(fake.account.ecomOrders().map(({ externalcheckoutid }) => externalcheckoutid)).toEqual(['k1', 'k2'])
  }))

test('ecom-abandoned-date-spelling: both are taken, or only the one the account wants', async () => {
  const snake = { abandonedDate: undefined, abandoned_date: '2026-11-21T11:00:00Z' }
  await withShop({}, async (_, __, cart) => {
    expect([(await cart()).status, (await cart({ ...snake, externalcheckoutid: 'k2' })).status]).toEqual([201, 201])
  })
  await withShop({ abandonedDateKey: 'abandoned_date' }, async (_, __, cart) => {
    expect([(await cart()).status, (await cart(snake)).status]).toEqual([422, 201])
  })
  await withShop({ abandonedDateKey: 'abandonedDate' }, async (_, __, cart) => {
    expect([(await cart(snake)).status, (await cart()).status]).toEqual([422, 201])
  })
})

test('ecom-cart-to-order: a cart that gets an external id is an order, recovered when it was abandoned', () =>
  withShop({}, async (fake, post, cart) => {
    const { id } = (await cart()).one('ecomOrder')
    const bought = await raw(fake, 'PUT', `ecomOrders/${String(id)}`, { ecomOrder: { externalid: 'o9' } })
    expect(bought.one('ecomOrder')).toMatchObject({ id, externalid: 'o9', externalcheckoutid: 'k1', state: '3' })
    expect((await post({ externalid: 'o9' })).status).toBe(422)
    await post()
    expect((await raw(fake, 'PUT', `ecomOrders/${String(id)}`, { ecomOrder: { externalid: 'o1' } })).status).toBe(422)
  }))

test('ecom-order-delete: an order can be deleted, and then created again', () =>
  withShop({}, async (fake, post) => {
    const { id } = (await post()).one('ecomOrder')
    expect([(await raw(fake, 'DELETE', `ecomOrders/${String(id)}`)).body, (await post()).status]).toEqual([{}, 201])
    expect((await raw(fake, 'GET', `ecomOrders/${String(id)}`)).status).toBe(404)
  }))
