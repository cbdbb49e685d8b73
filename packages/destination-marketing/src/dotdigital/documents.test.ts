import { dotdigitalFaults } from '@millrace/fake-vendors/dotdigital'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { exactNumber } from '../exact-number.ts'
import { closeAccounts, input, known, openAccount, order, people, person } from '../test-support/account.ts'

afterEach(closeAccounts)

const withContact = async (count = 1) => {
  const account = await openAccount({ settings: { carts: true } })
  const inputs = people(count)
  const outcomes = await account.deliver(...inputs)
  const ids = inputs.map(({ unit }) => outcomes.get(unit)?.remoteId ?? '')
  account.fake.resetRequests()
  return { account, ids, owner: ids[0] ?? '' }
}

describe('amounts', () => {
  const amounts = ['19.99', '500', '3.125', '0.00045678', '-3.50', '0', '1234567.891', '9007199254740.12345678901234567890']

  it.each([1, 12])('go out as exact JSON numbers that always have a decimal point (%i orders at once)', async (count) => {
    const { account, owner } = await withContact()
    const orders = Array.from({ length: count }, (_, index) =>
      order(`o${index}`, owner, { orderTotal: amounts[index % amounts.length] ?? '0' }),
    )
    await account.deliver(...orders)
    const text = account.fake.requests.map(({ body = '' }) => body).join('\n')
    for (const one of orders.slice(0, amounts.length)) {
      const amount = String(one.fields['orderTotal'])
      const literal = amount.includes('.') ? amount : `${amount}.0`
      expect(text).toContain(`"orderTotal":${literal}`)
      const held = account.fake.account.records('Orders').find(({ key }) => key === one.key)?.json['orderTotal']
      expect(held).toBe(Number(amount))
    }
  })

  it('keep every digit and one type, whatever they are', () => {
    const digits = (min: number, max: number) =>
      fc.string({ minLength: min, maxLength: max, unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') })
    fc.assert(
      fc.property(fc.boolean(), digits(1, 40), digits(0, 20), (negative, whole, fraction) => {
        const decimal = `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
        const text = JSON.stringify({ a: exactNumber(decimal) })
        const [, shown = ''] = /^\{"a":(-?(?:0|[1-9]\d*)\.\d+)\}$/.exec(text) ?? []
        expect(shown.replace(/\.0$/, '')).toBe(
          `${negative ? '-' : ''}${whole.replace(/^0+(?=\d)/, '')}${fraction === '' ? '' : `.${fraction}`}`.replace(/\.0$/, ''),
        )
        expect(JSON.parse(text)).toEqual({ a: Number(decimal) })
      }),
    )
  })
})

describe('orders', () => {
  it.each([1, 12])(
    'stand once under their contact, in the form of the connectors, with added fields under custom (%i at once)',
    async (count) => {
      const { account, ids } = await withContact(count)
      const line = {
        object: 'product',
        key: 'l',
        fields: { product_id: 'p1', name: 'Shirt', price: '19.99', qty: 2 },
        links: [],
        changed: true,
      }
      const orders = ids.map((id, index) =>
        order(`o${index}`, id, { delivery_city: 'Wien', billing_city: 'Graz', shop_channel: 'web' }, { children: [line] }),
      )
      for (let round = 0; round < 2; round += 1) await account.deliver(...orders)
      const records = account.fake.account.records('Orders')
      expect(records).toHaveLength(count)
      expect(records[0]?.json).toMatchObject({
        id: records[0]?.key,
        orderTotal: 19.99,
        deliveryAddress: { delivery_city: 'Wien' },
        billingAddress: { billing_city: 'Graz' },
        custom: { shop_channel: 'web' },
        products: [{ product_id: 'p1', name: 'Shirt', price: 19.99, qty: 2 }],
      })
    },
  )

  it.each([1, 12])('move with their buyer: the old contact has them no more (%i at once)', async (count) => {
    const { account, ids } = await withContact(2)
    const [first = '', second = ''] = ids
    const orders = Array.from({ length: count }, (_, index) => order(`o${index}`, first))
    const before = await account.deliver(...orders)
    const moved = orders.map((one) =>
      known(one, before.get(one.unit), {}, { parents: [{ object: 'contact', key: 'b', remoteId: second }] }),
    )
    const outcomes = await account.deliver(...moved)
    expect(account.fake.account.records('Orders').map(({ owner }) => String(owner))).toEqual(Array.from({ length: count }, () => second))
    expect(outcomes.get('order:o0')).toMatchObject({ result: 'delivered', created: false, remoteId: `${second}/o0` })
  })

  it('of nobody are refused with the cure, and of a contact that is gone say so', async () => {
    const { account } = await withContact()
    const outcomes = await account.deliver(order('a', '1', {}, { parents: [] }), order('b', '999999'))
    expect(outcomes.get('order:a')).toMatchObject({ error: { code: 'contact_missing', retryable: false } })
    expect(outcomes.get('order:b')).toMatchObject({ error: { code: 'contact_missing' } })
  })

  it('whose value does not fit what the first record fixed cost themselves only', async () => {
    const { account, owner } = await withContact()
    await account.deliver(order('first', owner, { shop_points: '7' }))
    const outcomes = await account.deliver(
      ...Array.from({ length: 12 }, (_, index) => order(`o${index}`, owner, index === 3 ? { custom_a: true, shop_points: true } : {})),
    )
    expect(outcomes.get('order:o3')).toMatchObject({
      result: 'failed',
      error: { code: 'schema_conflict', scope: 'record', retryable: false },
    })
    expect([...outcomes.values()].filter(({ result }) => result === 'delivered')).toHaveLength(11)
  })
})

describe('imports of documents', () => {
  const products = (count: number) =>
    Array.from({ length: count }, (_, index) => input('product', `p${index}`, { id: `p${index}`, name: 'x', price: '1' }))

  it.each(['Complete', 'Finished'] as const)('are done when the report says %s', async (doneWord) => {
    const account = await openAccount({ fake: { doneWord } })
    const outcomes = await account.deliver(...products(12))
    expect([...outcomes.values()].map(({ result }) => result)).toEqual(Array.from({ length: 12 }, () => 'delivered'))
  })

  it('whose report leaves records open confirm none of them', async () => {
    const account = await openAccount()
    const spoiled = products(12).map((one, index) => (index < 2 ? { ...one, fields: { ...one.fields, name: 'x'.repeat(4_001) } } : one))
    account.fake.faults.next(dotdigitalFaults.missingRows(1), { method: 'GET', path: '/insightData/v3/import/' })
    const codes = [...(await account.deliver(...spoiled)).values()].map((outcome) =>
      outcome.result === 'failed' ? outcome.error.code : outcome.result,
    )
    expect(codes.filter((code) => code === 'schema_conflict')).toHaveLength(1)
    expect(codes.filter((code) => code === 'unconfirmed')).toHaveLength(11)
  })

  it('that fail as a whole, or that nobody knows, are handed in again', async () => {
    const account = await openAccount()
    account.fake.account.failNextInsightImport()
    const failed = await account.deliver(...products(12))
    expect(failed.get('product:p0')).toMatchObject({ error: { code: 'import_failed', retryable: true } })
    account.fake.faults.next(dotdigitalFaults.lyingAccept(), { method: 'PUT', path: '/insightData/v3/import' })
    const unknown = await account.deliver(...products(12))
    expect(unknown.get('product:p0')).toMatchObject({ error: { code: 'unconfirmed', retryable: true } })
    account.fake.faults.next(dotdigitalFaults.acceptWithoutId(), { method: 'PUT', path: '/insightData/v3/import' })
    const nameless = await account.deliver(...products(12))
    expect(nameless.get('product:p0')).toMatchObject({
      error: { code: 'unexpected_response', retryable: true, context: { applied: 'unknown' } },
    })
  })

  it('make their collection when it is missing, also by a single call', async () => {
    const account = await openAccount({ provision: false })
    expect((await account.deliver(...products(1))).get('product:p0')).toMatchObject({ result: 'delivered', created: true })
    expect(account.fake.account.collections()).toMatchObject([{ name: 'catalog_shop', scope: 'account', type: 'catalog', size: 1 }])
  })
})

describe('what is removed', () => {
  it('is gone, also when it is gone already', async () => {
    const { account, owner } = await withContact()
    const outcomes = await account.deliver(order('o', owner))
    const remoteId = outcomes.get('order:o')?.remoteId ?? ''
    for (let round = 0; round < 2; round += 1) {
      const removed = await account.deliver(order('o', owner, {}, { operation: 'archive', remoteId }))
      expect(removed.get('order:o')).toMatchObject({ result: 'delivered' })
    }
    expect(account.fake.account.records('Orders')).toEqual([])
    await account.deliver(person('p1', {}, { operation: 'archive', remoteId: owner }))
    expect(account.fake.account.contacts()).toEqual([])
  })
})

describe('carts and events', () => {
  it('a cart stands under its contact with its phase', async () => {
    const { account, owner } = await withContact()
    const parents = [{ object: 'contact', key: 'p1', remoteId: owner }]
    const item = {
      object: 'lineItem',
      key: 'l',
      fields: { sku: 'A', unitPrice: '500', quantity: 1, totalPrice: '500' },
      links: [],
      changed: true,
    }
    await account.deliver(
      input('cart', 'c', { cartId: 'c', grandTotal: '500', currency: 'JPY', cartPhase: 'ORDER_PENDING' }, { parents, children: [item] }),
    )
    expect(account.fake.account.record('CartInsight', 'c')).toMatchObject({
      cartPhase: 'ORDER_PENDING',
      lineItems: [{ sku: 'A', unitPrice: 500, quantity: 1 }],
    })
  })

  const event = (id: string, owner: string, more: object = {}) =>
    input(
      'event',
      id,
      { value: '19.99', order_number: '1' },
      {
        parents: [{ object: 'contact', key: 'p1', remoteId: owner }],
        event: { id, type: 'refund', name: 'shop_refund', occurredAt: '2026-03-01T12:00:00.000Z', ...more },
      },
    )

  it('an event told twice is one record, under its own time', async () => {
    const { account, owner } = await withContact()
    for (let round = 0; round < 2; round += 1) {
      const outcomes = await account.deliver(event('shop:refund:1', owner))
      expect(outcomes.get('event:shop:refund:1')).toMatchObject({ result: 'delivered', remoteId: 'shop:refund:1' })
    }
    account.fake.account.finishImports()
    expect(account.fake.account.records('shop_refund')).toHaveLength(1)
    expect(account.fake.account.record('shop_refund', 'shop:refund:1')).toMatchObject({
      created_date: '2026-03-01T12:00:00.000Z',
      event_data: { value: 19.99 },
    })
  })

  it('an event that is refused costs itself, and an account without the events API only the events', async () => {
    const { account, owner } = await withContact()
    const outcomes = await account.deliver(event('a', owner), event('b', owner, { name: 'x'.repeat(81) }), event('c', owner))
    expect([...outcomes.values()].map(({ unit, result }) => [unit, result]).toSorted()).toEqual([
      ['event:a', 'delivered'],
      ['event:b', 'failed'],
      ['event:c', 'delivered'],
    ])
    const without = await openAccount({ fake: { events: false } })
    expect((await without.deliver(event('a', owner))).get('event:a')).toMatchObject({
      error: { code: 'events_not_available', scope: 'record' },
    })
  })
})
