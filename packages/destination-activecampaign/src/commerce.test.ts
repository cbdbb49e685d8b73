import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Input } from '@millrace/core'
import { exact, exactJson } from './exact-json.ts'
import { minorUnits } from './minor-units.ts'
import { closeAccounts, input, known, openAccount, person, results } from './test-support/account.ts'

afterEach(closeAccounts)

const fields = (more: Input['fields'] = {}): Input['fields'] => ({
  email: 'k1@example.com',
  connection: 'berlin',
  currency: 'EUR',
  finalAmount: '39.98',
  storeCreatedDate: '2026-03-01T10:00:00.000Z',
  normalizedStatus: 'COMPLETED',
  creationSource: 'REAL_TIME',
  ...more,
})

const line = (key: string, more: Input['fields'] = {}): Input['children'][number] => ({
  object: 'line',
  key,
  fields: { name: 'Mug', storePrimaryId: 'MUG', sku: 'MUG', quantity: 2, priceAmount: '39.98', ...more },
  links: [],
  changed: true,
})

const order = (key: string, more: Input['fields'] = {}, rest: Partial<Input> = {}): Input =>
  input('order', key, fields(more), { children: [line(`${key}:1`)], ...rest })

const cart = (key: string, more: Input['fields'] = {}, rest: Partial<Input> = {}): Input =>
  input(
    'cart',
    key,
    {
      email: 'k1@example.com',
      connection: 'berlin',
      currency: 'EUR',
      state: 'active',
      totalPrice: '39.98',
      externalCreatedDate: '2026-03-01T10:00:00.000Z',
      abandonedDate: '2026-03-01T11:00:00.000Z',
      ...more,
    },
    {
      children: [
        {
          object: 'product',
          key: `${key}:1`,
          fields: { externalid: 'MUG', name: 'Mug', quantity: 2, price: '19.99' },
          links: [],
          changed: true,
        },
      ],
      ...rest,
    },
  )

test.each([
  ['EUR', '19.99', '19.99'],
  ['JPY', '500', '500'],
  ['KWD', '3.050', '3.050'],
  ['EUR', '0.12345678901234567891', '0.12345678901234567891'],
  ['EUR', '123456789012345678.90', '123456789012345678.90'],
])('%s %s arrives exact in the order and its line', async (currency, amount, held) => {
  const { fake, deliver } = await openAccount()
  const one = input(
    'order',
    'o1',
    fields({ currency, finalAmount: amount, taxAmount: amount, shippingAmount: amount, discountsAmount: amount }),
    {
      children: [line('o1:1', { priceAmount: amount })],
    },
  )
  expect(results(await deliver(one))).toEqual({ delivered: 1 })
  const [stored] = fake.account.orders()
  const amounts = ['finalAmount', 'taxAmount', 'shippingAmount', 'discountsAmount']
  expect(amounts.map((name) => stored?.fields[name])).toEqual([held, held, held, held])
  expect(stored?.fields['lineItems']).toMatchObject([{ priceAmount: held, quantity: 2 }])
})

test.each([
  ['EUR', '19.99', 1_999],
  ['JPY', '500', 500],
  ['KWD', '3.050', 3_050],
  ['EUR', '1.005', 101],
])('%s %s is %i in the smallest unit of a cart', async (currency, amount, cents) => {
  const { fake, deliver } = await openAccount()
  const one = cart('c1', { currency, totalPrice: amount })
  expect(results(await deliver(one))).toEqual({ delivered: 1 })
  expect(fake.account.ecomOrders()).toMatchObject([
    { totalPrice: cents, currency, externalcheckoutid: 'c1', externalid: null, source: '1', state: '2' },
  ])
})

test('cents are never cut off, whatever the amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (cents) => {
      const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
      expect(minorUnits(text, 'EUR')).toBe(cents)
    }),
  )
})

test('exact JSON keeps every digit, and no text of a record can become a number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.string(), (units, text) => {
      const json = exactJson({ amount: exact(`${units}.5`), text, mark: `\u0000exact:1` })
      expect(json).toContain(`"amount":${units}.5`)
      expect(JSON.parse(json)).toMatchObject({ text: text.replaceAll('\u0000', ''), mark: 'exact:1' })
    }),
  )
})

test('a connection per store, made when its first order comes, and named as the settings say', async () => {
  const { fake, deliver } = await openAccount({
    settings: { shops: { berlin: { name: 'Berlin shop', url: 'https://berlin.example.com' } } },
  })
  await deliver(order('o1'), order('o2', { connection: 'tokyo' }), order('o3', { connection: 'berlin' }))
  expect(fake.account.connections().map(({ service, externalid, name, linkUrl }) => [service, externalid, name, linkUrl])).toEqual([
    ['millrace', 'shop:berlin', 'Berlin shop', 'https://berlin.example.com'],
    ['millrace', 'shop:tokyo', 'tokyo', fake.url],
  ])
  expect(fake.account.orders()).toHaveLength(3)
})

test('an order goes out under the present address of its buyer and renames nobody', async () => {
  const { fake, deliver } = await openAccount()
  const buyer = person('k1')
  const contact = (await deliver(buyer)).get(buyer.unit)
  await deliver(known(buyer, contact, { email: 'new@example.com' }))
  const parents = [{ object: 'contact', key: 'k1', remoteId: contact?.remoteId ?? '' }]
  const one = order('o1', {}, { parents })
  const outcome = (await deliver(one)).get(one.unit)
  await deliver(known(one, outcome, { normalizedStatus: 'REFUNDED' }))
  expect(fake.account.contacts().map(({ email, firstName }) => [email, firstName])).toEqual([['new@example.com', 'First k1']])
  expect(fake.account.orders()).toMatchObject([{ storeOrderId: 'o1', fields: { normalizedStatus: 'REFUNDED', email: 'new@example.com' } }])
})

test('orders of the first full read are history, later ones are not', async () => {
  const { fake, deliver } = await openAccount()
  await deliver(order('o1', {}, { cause: 'backfill' }), order('o2'))
  fake.account.settle()
  expect(fake.account.triggers().filter(({ kind }) => kind === 'order-created')).toHaveLength(1)
  expect(fake.account.orders().map(({ fields: held }) => held['creationSource'])).toEqual(['HISTORICAL', 'REAL_TIME'])
})

test('records that a refusal names fail alone, the rest goes again', async () => {
  const { fake, deliver } = await openAccount()
  const bad = [order('b1', { finalAmount: '-1.00' }), order('b2', { currency: 'Euro' })]
  const outcomes = await deliver(order('o1'), ...bad, order('o2'))
  expect(results(outcomes)).toEqual({ delivered: 2, value_rejected: 2 })
  expect(outcomes.get('order:b1')).toMatchObject({ error: { field: 'finalAmount', scope: 'record' } })
  expect(fake.count({ path: '/api/3/ecom/graphql' })).toBe(2)
})

test('a document that is too large is halved until it fits', async () => {
  const { fake, deliver } = await openAccount()
  const tooMany = { errors: [{ message: 'More than 15000 grammar tokens have been presented.' }], data: null }
  fake.faults.schedule({
    path: '/api/3/ecom/graphql',
    where: (request) => (request.text.match(/storeOrderId":/g) ?? []).length > 25,
    times: 100,
    fault: { kind: 'reply', reply: { status: 200, body: tooMany } },
  })
  expect(results(await deliver(...Array.from({ length: 100 }, (_, n) => order(`o${n}`))))).toEqual({ delivered: 100 })
})

test('data without rows confirms nothing', async () => {
  const { fake, deliver } = await openAccount()
  fake.faults.next({ kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: { data: {} } }) }, { path: '/api/3/ecom/graphql' })
  expect(await deliver(order('o1'))).toEqual(new Map())
})

test('orders of a lost store are found by our key, listed and read', async () => {
  const { destination, ctx, deliver } = await openAccount()
  const outcome = (await deliver(order('o1'), order('o2'))).get('order:o1')
  const found = await destination.find?.({ object: 'order', by: 'storeOrderId', values: ['o1', 'unknown'] }, ctx)
  expect(found).toMatchObject([{ remoteId: outcome?.remoteId, key: 'o1' }])
  const listed = []
  for await (const page of destination.list?.({ object: 'order', fields: ['finalAmount', 'currency'] }, ctx) ?? []) listed.push(...page)
  expect(listed.map(({ key, fields: held }) => [key, held])).toEqual([
    ['o1', { finalAmount: '39.98', currency: 'EUR' }],
    ['o2', { finalAmount: '39.98', currency: 'EUR' }],
  ])
  const read = await destination.read?.(
    { object: 'order', remoteIds: [outcome?.remoteId ?? '', 'gone'], fields: ['normalizedStatus'] },
    ctx,
  )
  expect(read).toMatchObject([{ key: 'o1', fields: { normalizedStatus: 'COMPLETED' } }])
})

test('an abandoned cart becomes the order that names it', async () => {
  const { fake, deliver } = await openAccount()
  await deliver(cart('shop:c1'))
  await deliver(order('o1', { cartId: 'shop:c1' }))
  fake.account.settle()
  expect(fake.account.ecomOrders()).toMatchObject([{ externalid: 'o1', externalcheckoutid: 'shop:c1', state: '3', totalPrice: 3_998 }])
})

test('a cart that is being filled waits until it has rested, one that was bought sends nothing', async () => {
  const { fake, deliver, ctx } = await openAccount()
  const touched = new Date(ctx.clock.now() - 10 * 60_000).toISOString()
  const outcomes = await deliver(cart('c1', { abandonedDate: touched }), cart('c2', { state: 'ordered' }))
  const waiting = outcomes.get('cart:c1')
  expect(waiting).toMatchObject({ result: 'failed', error: { code: 'cart_not_idle', retryable: true } })
  const wait = waiting?.result === 'failed' ? (waiting.error.retryAfterMs ?? 0) : 0
  expect(Math.round(wait / 60_000)).toBe(50)
  expect(outcomes.get('cart:c2')?.result).toBe('delivered')
  expect(fake.requests).toEqual([])
})

test.each(['abandonedDate', 'abandoned_date'] as const)(
  'the date of a cart is named %s when the settings say so',
  async (abandonedDateKey) => {
    const { fake, deliver } = await openAccount({ fake: { abandonedDateKey }, settings: { abandonedDateKey } })
    expect(results(await deliver(cart('c1')))).toEqual({ delivered: 1 })
    expect(fake.account.ecomOrders()).toHaveLength(1)
  },
)

test('a changed cart is the same cart, also when its answer was lost', async () => {
  const { fake, deliver } = await openAccount()
  const one = cart('c1')
  const outcome = (await deliver(one)).get(one.unit)
  await deliver(known(one, outcome, { totalPrice: '59.97' }))
  await deliver({ ...one, fields: { ...one.fields, totalPrice: '79.96' }, uncertain: true })
  expect(fake.account.ecomOrders()).toMatchObject([{ totalPrice: 7_996 }])
  expect(fake.account.ecomCustomers()).toHaveLength(1)
})

test('erasing deletes contact and cart, and says that orders stay', async () => {
  const { fake, destination, ctx, deliver } = await openAccount()
  const contact = (await deliver(person('k1'))).get('contact:k1')
  const placed = (await deliver(cart('c1'))).get('cart:c1')
  const related = [
    { object: 'cart', key: 'c1', remoteId: placed?.remoteId ?? '' },
    { object: 'order', key: 'o1', remoteId: 'x' },
  ]
  const people = [
    {
      unit: 'a',
      key: 'k1',
      ...(contact?.remoteId === undefined ? {} : { remoteId: contact.remoteId }),
      emails: ['K1@example.com'],
      phones: [],
      related,
    },
    { unit: 'b', key: 'k2', emails: ['nobody@example.com'], phones: [], related: [] },
  ]
  const erased = []
  for await (const page of destination.erase?.(people, ctx) ?? []) erased.push(...page)
  expect(erased.map(({ unit, result }) => [unit, result])).toEqual([
    ['a', 'erased'],
    ['b', 'absent'],
  ])
  expect(erased[0]?.remains.join(' ')).toContain('Orders')
  expect([fake.account.contacts(), fake.account.ecomOrders()]).toEqual([[], []])
})
