import { expect, test } from 'vitest'

import { graphql, raw } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'
import { messageOf, operations, order, withShop, writeOrders } from './test-support.ts'

const read = async (fake: FakeActiveCampaign, storeOrderId: string): Promise<unknown> =>
  (await graphql(fake, operations.get, { c: 1, s: storeOrderId })).one('data')['getOrder']

test('graphql-order-required: four members are required, a null counts as missing', () =>
  withShop({}, async (fake) => {
    for (const name of ['storeOrderId', 'legacyConnectionId', 'storeCreatedDate', 'finalAmount']) {
      const [error] = (await writeOrders(fake, order('1', { [name]: null }))).many('errors')
      const id = name === 'storeOrderId' ? 'null' : '1'
      expect(error).toEqual({ message: 'Validation errors', extensions: { [`0-storeOrderId-${id}`]: `${name}: must not be null` } })
    }
    const least = { storeOrderId: '1', legacyConnectionId: 1, storeCreatedDate: '2026-11-20T10:00:00Z', finalAmount: 0 }
    expect((await writeOrders(fake, least)).many('errors')).toEqual([])
  }))

test('graphql-line-connection: a line names its connection', () =>
  withShop({}, async (fake) => {
    const [error] = (await writeOrders(fake, order('1', { lineItems: [{ name: 'Mug', quantity: 1, priceAmount: 1 }] }))).many('errors')
    expect(error).toMatchObject({ extensions: { '0-storeOrderId-1': 'lineItems[0].legacyConnectionId: must not be null' } })
  }))

test('graphql-record-errors: wrong records are named by place and id, nothing is written, the rest can be sent again', () =>
  withShop({}, async (fake) => {
    const bad = [
      order('b1', { finalAmount: -1 }),
      order('b2', { legacyConnectionId: 9 }),
      order('b3', { storeCreatedDate: '20.11.2026' }),
      order('b4', { email: 'nobody' }),
      order('b5', { lineItems: [{ quantity: 0, priceAmount: -1 }] }),
    ]
    const reply = await writeOrders(fake, order('a'), ...bad, order('z'))
    expect(Object.keys(reply.many('errors')[0]?.['extensions'] as object)).toEqual(
      bad.map(({ storeOrderId }, index) => `${index + 1}-storeOrderId-${String(storeOrderId)}`),
    )
    expect([fake.account.settle(), fake.account.contacts()]).toEqual([0, []])
    expect((await writeOrders(fake, order('a'), order('z'))).many('errors')).toEqual([])
    expect(fake.requests.map(({ rule }) => rule)).toEqual(['graphql-record-errors', undefined])
  }))

test('graphql-input-type: numbers as text, unknown states and wrong shapes refuse the whole request', () =>
  withShop({}, async (fake) => {
    const misfits = [
      { legacyConnectionId: '1' },
      { storeOrderId: 1 },
      { normalizedStatus: 'SHIPPED' },
      { creationSource: 1 },
      { finalAmount: '12,50' },
      { finalAmount: '1e3' },
      { lineItems: [{ quantity: 1.5 }] },
      { customerData: { acceptsMarketing: '1' } },
      { customerData: { smsMarketingState: 'YES' } },
      { shippingAddress: 'London' },
    ]
    for (const misfit of misfits) {
      const reply = await writeOrders(fake, order('1'), order('2', misfit))
      expect([misfit, reply.status, fake.requests.at(-1)?.rule]).toEqual([misfit, 200, 'graphql-input-type'])
    }
    expect(messageOf(await writeOrders(fake))).toContain('orders')
    expect(fake.account.settle()).toBe(0)
  }))

test('graphql-unknown-input: a member that the schema lacks refuses the whole request, at any depth', () =>
  withShop({}, async (fake) => {
    for (const extra of [{ total: 1 }, { lineItems: [{ unitPrice: 1 }] }, { customerData: { constructor: 'x' } }]) {
      expect(messageOf(await writeOrders(fake, order('1', extra)))).toContain('not defined')
    }
    for (const both of [
      { discountAmount: 1, discountsAmount: 1 },
      { customerData: { smsConsentUpdatedAt: 'x', smsConsentUpdatedDate: 'x' } },
    ]) {
      expect((await writeOrders(fake, order('1', both))).many('errors')).toEqual([])
    }
  }))

test('graphql-order-upsert: the same store id in the same connection is the same order', () =>
  withShop({ orderLagMs: 0 }, async (fake) => {
    const bulk = async (...orders: object[]): Promise<unknown[]> => {
      const rows = (await graphql(fake, operations.bulk, { orders })).one('data')['bulkUpsertOrders']
      return Array.isArray(rows) ? rows : []
    }
    const [first, other] = await bulk(order('1'), order('1', { legacyConnectionId: 2 }))
    const [again] = await bulk(order('1', { finalAmount: '40.00' }))
    expect(again).toEqual({ ...(first as object), finalAmount: '40.00' })
    expect((other as { id: string }).id).not.toBe((first as { id: string }).id)
    const single = (await graphql(fake, operations.upsert, { order: order('1') })).one('data')['upsertOrder']
    expect(single).toEqual({ id: (first as { id: string }).id, storeOrderId: '1' })
    expect(fake.account.orders()).toHaveLength(2)
    expect(fake.account.triggers().map(({ kind }) => kind)).toEqual(['order-created', 'order-created', 'order-updated', 'order-updated'])
  }))

test('the same order keeps its id when it is written again before the first write can be read', () =>
  withShop({}, async (fake) => {
    const [first, second] = [await writeOrders(fake, order('1')), await writeOrders(fake, order('1', { currency: 'USD' }))]
    expect(second.one('data')).toEqual(first.one('data'))
    fake.account.settle()
    expect(fake.account.orders()).toMatchObject([{ storeOrderId: '1', fields: { currency: 'USD' } }])
  }))

test('graphql-order-patch: absent keeps, null clears, lines are replaced', () =>
  withShop({ orderLagMs: 0 }, async (fake) => {
    await writeOrders(fake, order('1', { orderUrl: 'https://example.com/1', taxAmount: 3 }))
    const { storeOrderId, legacyConnectionId, storeCreatedDate, finalAmount } = order('1')
    await writeOrders(fake, { storeOrderId, legacyConnectionId, storeCreatedDate, finalAmount, taxAmount: null, lineItems: [] })
    const [stored] = fake.account.orders()
    expect(stored?.fields).toMatchObject({ orderUrl: 'https://example.com/1', lineItems: [], email: 'ada@example.com' })
    expect(stored?.fields).not.toHaveProperty('taxAmount')
  }))

test('graphql-async-record-id: the asynchronous operation tells record ids and nothing else', () =>
  withShop({}, async (fake) => {
    const orders = [order('1'), order('2')]
    const reply = await graphql(fake, operations.async, { orders })
    fake.account.settle()
    expect(reply.one('data')['bulkUpsertOrdersAsync']).toEqual(fake.account.orders().map(({ id }) => ({ recordId: id })))
    await graphql(fake, 'mutation ($orders: [O]) { bulkUpsertOrdersAsync(orders: $orders) { recordId storeOrderId } }', { orders })
    expect(fake.requests.at(-1)?.rule).toBe('graphql-unknown-field')
  }))

test('graphql-order-lag: an order can be read some seconds after it was written', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withShop({ now: () => now, orderLagMs: 2000 }, async (fake) => {
    await graphql(fake, operations.upsert, { order: order('1') })
    now += 1999
    expect(await read(fake, '1')).toBe(null)
    now += 1
    expect(await read(fake, '1')).toMatchObject({ finalAmount: '39.98', currency: 'EUR', lineItems: [{ priceAmount: '39.98' }] })
    expect(await read(fake, '2')).toBe(null)
  })
})

test('decimals keep every digit, whether they come as numbers or as text', () =>
  withShop({ orderLagMs: 0 }, async (fake) => {
    const query = JSON.stringify(operations.async)
    const frame = JSON.stringify(order('1', { finalAmount: '#' })).replace('"#"', '1234567890123456.12345678901234567890')
    await raw(fake, 'POST', 'ecom/graphql', `{"query":${query},"variables":{"orders":[${frame}]}}`)
    expect(fake.account.orders()[0]?.fields['finalAmount']).toBe('1234567890123456.12345678901234567890')
  }))

test('graphql-people-at-once: contact and customer are there at once, named by customer data, else the addresses; no list is touched', () =>
  withShop({}, async (fake) => {
    const list = fake.account.addList('News')
    fake.account.setStatus('ada@example.com', list, '2')
    const billingAddress = { firstName: 'Bill', lastName: 'Ing' }
    await writeOrders(
      fake,
      order('1', {
        email: 'ADA@example.com',
        customerData: { firstName: 'Ada', acceptsMarketing: true },
        shippingAddress: { lastName: 'L' },
        billingAddress,
      }),
      order('2', { email: 'bob@example.com', billingAddress, legacyConnectionId: 2 }),
      order('3', { email: null }),
    )
    expect(fake.account.orders()).toEqual([])
    expect(fake.account.contactOf('ada@example.com')).toMatchObject({ firstName: 'Ada', lastName: 'L', lists: { [list]: '2' } })
    expect(fake.account.contactOf('bob@example.com')).toMatchObject({ firstName: 'Bill', lastName: 'Ing' })
    expect(
      fake.account.ecomCustomers().map(({ connectionid, email, acceptsMarketing }) => [connectionid, email, acceptsMarketing]),
    ).toEqual([
      ['1', 'ADA@example.com', '1'],
      ['2', 'bob@example.com', '0'],
    ])
  }))

test('graphql-sms-consent: state, level and date go to the contact, under either spelling of the date', () =>
  withShop({}, async (fake) => {
    const consent = { smsMarketingState: 'SUBSCRIBED', smsOptInLevel: 'CONFIRMED_OPT_IN', smsConsentUpdatedDate: '2026-11-20T10:00:00Z' }
    await writeOrders(fake, order('1', { customerData: consent }))
    expect(fake.account.contactOf('ada@example.com')?.sms).toEqual({
      state: 'SUBSCRIBED',
      optInLevel: 'CONFIRMED_OPT_IN',
      updatedAt: '2026-11-20T10:00:00Z',
    })
    await writeOrders(fake, order('1'))
    expect(fake.account.contactOf('ada@example.com')?.sms?.state).toBe('SUBSCRIBED')
    await writeOrders(
      fake,
      order('1', { customerData: { smsMarketingState: 'UNSUBSCRIBED', smsConsentUpdatedAt: '2026-11-21T10:00:00Z' } }),
    )
    expect(fake.account.contactOf('ada@example.com')?.sms).toMatchObject({ state: 'UNSUBSCRIBED', updatedAt: '2026-11-21T10:00:00Z' })
  }))

test('graphql-historical: historical orders start nothing, in neither store', () =>
  withShop({}, async (fake) => {
    await writeOrders(fake, order('1', { creationSource: 'HISTORICAL' }))
    fake.account.settle()
    expect([fake.account.triggers(), fake.account.ecomOrders().map(({ source }) => source)]).toEqual([[], ['0']])
    await writeOrders(fake, order('2', { creationSource: 'REAL_TIME' }))
    fake.account.settle()
    expect(fake.account.triggers().map(({ kind }) => kind)).toEqual(['order-created', 'deep-data-order'])
  }))

test('graphql-search-limit: 20 orders unless asked for more, 100 at most', () =>
  withShop({ orderLagMs: 0 }, async (fake) => {
    await writeOrders(fake, ...Array.from({ length: 110 }, (_, index) => order(String(index))))
    const sizes: number[] = []
    for (const pagination of [{}, { limit: 100 }, { limit: 100, offset: 100 }]) {
      const reply = await graphql(fake, 'query ($p: P) { searchOrder(pagination: $p) { id } }', { p: pagination })
      sizes.push((reply.one('data')['searchOrder'] as unknown[]).length)
    }
    expect(sizes).toEqual([20, 100, 10])
    for (const pagination of [{ limit: 101 }, { limit: 0 }, { offset: -1 }]) {
      await graphql(fake, 'query ($p: P) { searchOrder(pagination: $p) { id } }', { p: pagination })
      expect(fake.requests.at(-1)?.rule).toBe('graphql-search-limit')
    }
  }))

test('graphql-search-filters: filters are typed, all of them must hold, and a value needs an operator', () =>
  withShop({ orderLagMs: 0 }, async (fake) => {
    await writeOrders(
      fake,
      order('1', { finalAmount: 9 }),
      order('2', { finalAmount: 10, email: 'bob@example.org' }),
      order('3', { finalAmount: 100, legacyConnectionId: 2 }),
    )
    const found = async (filter: string): Promise<unknown> => {
      const rows = (await graphql(fake, `{ searchOrder(filter: ${filter}) { storeOrderId } }`)).one('data')['searchOrder']
      return Array.isArray(rows) ? rows.map((row: { storeOrderId: string }) => row.storeOrderId) : rows
    }
    expect(await found('{ legacyConnectionId: { value: 1, filterOperator: EQ } }')).toEqual(['1', '2'])
    expect(await found('{ legacyConnectionId: { value: "1", filterOperator: EQ } }')).toEqual([])
    expect(await found('{ storeOrderId: { value: ["1", "3"], filterOperator: IN } }')).toEqual(['1', '3'])
    expect(await found('{ finalAmount: { value: 9.5, filterOperator: GT, sort: DESC } }')).toEqual(['3', '2'])
    expect(
      await found('{ finalAmount: { value: 10, filterOperator: LTE }, email: { value: "example.com", filterOperator: CONTAINS } }'),
    ).toEqual(['1'])
    for (const filter of [
      '{ storeOrderId: { value: "1" } }',
      '{ orderId: { value: "1", filterOperator: EQ } }',
      '{ email: { value: "1", filterOperator: LIKE } }',
    ]) {
      expect([filter, await found(filter), fake.requests.at(-1)?.rule]).toEqual([filter, undefined, 'graphql-search-filters'])
    }
  }))

test('graphql-product-patch: found by connection and store id; null clears, absent keeps', () =>
  withShop({}, async (fake) => {
    const key = { legacyConnectionId: 1, storePrimaryId: 'p1' }
    const write = (...products: object[]): Promise<unknown> =>
      graphql(fake, operations.products, { products }).then((reply) => reply.one('data'))
    const first = await write({ ...key, baseProductName: 'Shoes', variantName: 'Red', variantSku: 'R1' })
    expect(await write({ ...key, variantName: 'Blue', variantSku: null })).toMatchObject({ bulkUpsertProducts: [{ variantName: 'Blue' }] })
    expect(fake.account.products().map(({ fields }) => fields)).toEqual([{ ...key, baseProductName: 'Shoes', variantName: 'Blue' }])
    await write({ ...key, legacyConnectionId: 2 })
    expect(fake.account.products()).toHaveLength(2)
    expect(first).toMatchObject({ bulkUpsertProducts: [{ id: fake.account.products()[0]?.id }] })
    const [error] = (await graphql(fake, operations.products, { products: [key, { storePrimaryId: 'p2' }] })).many('errors')
    expect(Object.keys(error?.['extensions'] as object)).toEqual(['1-storePrimaryId-p2'])
  }))

test('graphql-product-merge: the same product twice in a request is one product, without a word', () =>
  withShop({}, async (fake) => {
    const key = { legacyConnectionId: 1, storePrimaryId: 'p1' }
    const products = [
      { ...key, variantName: 'Red', variantSku: 'R1' },
      { ...key, variantName: 'Blue' },
    ]
    const reply = await graphql(fake, operations.products, { products })
    expect(reply.one('data')['bulkUpsertProducts']).toHaveLength(1)
    expect(fake.account.products()[0]?.fields).toMatchObject({ variantName: 'Blue', variantSku: 'R1' })
  }))
