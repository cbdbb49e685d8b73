import { afterEach, expect, test } from 'vitest'
import { closePortals, input, openPortal, people, person } from './test-support/portal.ts'

afterEach(closePortals)

test('people are found by folded address, 100 per request, with our key and the mapped fields', async () => {
  const { fake, destination, ctx, deliver } = await openPortal()
  await deliver(person('ours'))
  const foreign = Array.from({ length: 150 }, (_, index) =>
    fake.portal.create('contacts', { email: `Foreign${index}@Example.com`, firstname: `F${index}`, jobtitle: 'x' }),
  )
  fake.resetRequests()
  const values = ['ours@example.com', 'nobody@example.com', ...foreign.map((_, index) => `foreign${index}@example.com`)]
  const found = (await destination.find?.({ object: 'contact', by: 'email', values }, ctx)) ?? []
  expect(found).toHaveLength(151)
  expect(found.find((one) => one.value === 'ours@example.com')).toMatchObject({ key: 'ours' })
  expect(found.find((one) => one.value === 'foreign7@example.com')).toMatchObject({
    key: '',
    remoteId: foreign[7],
    fields: { firstname: 'F7' },
  })
  expect(found[0]?.fields).not.toHaveProperty('jobtitle')
  expect(fake.requests).toHaveLength(2)
})

test('a contact is found by an additional address where HubSpot finds it', async () => {
  const { fake, destination, ctx } = await openPortal({ fake: { additionalEmails: 'match' } })
  const id = fake.portal.create('contacts', { email: 'main@example.com' }, ['second@example.com'])
  const found = await destination.find?.({ object: 'contact', by: 'email', values: ['second@example.com'] }, ctx)
  expect(found).toMatchObject([{ remoteId: id, value: 'second@example.com', key: '' }])
})

test('an object is found by our own key as it is, upper and lower case apart', async () => {
  const { fake, destination, ctx, deliver } = await openPortal()
  const outcomes = await deliver(person('Key-A'), input('deal', 'Order-A', { dealname: 'A', pipeline: 'commerce', dealstage: 'placed' }))
  fake.resetRequests()
  const found = await destination.find?.({ object: 'deal', by: 'shop_order_key', values: ['Order-A', 'order-a', 'Order-B'] }, ctx)
  expect(found).toMatchObject([{ key: 'Order-A', value: 'Order-A', remoteId: outcomes.get('deal:Order-A')?.remoteId }])
  expect(await destination.find?.({ object: 'contact', by: 'shop_customer_key', values: ['Key-A'] }, ctx)).toMatchObject([{ key: 'Key-A' }])
  expect(fake.requests).toHaveLength(2)
})

test('a property that is not unique finds nothing instead of being searched for', async () => {
  const { fake, destination, ctx } = await openPortal()
  fake.resetRequests()
  expect(await destination.find?.({ object: 'product', by: 'hs_sku', values: ['a'] }, ctx)).toEqual([])
  expect(fake.count({ path: 'search' })).toBe(0)
})

test('every object that carries our key is listed, page by page, foreign ones are not', async () => {
  const { fake, destination, ctx, deliver } = await openPortal()
  await deliver(...people(250))
  fake.portal.create('contacts', { email: 'foreign@example.com' })
  const listed: string[] = []
  let pages = 0
  for await (const page of destination.list?.({ object: 'contact', fields: ['firstname', 'shop_totals', 'unknown'] }, ctx) ?? []) {
    pages += 1
    for (const { key, fields } of page) {
      listed.push(key)
      expect(fields).toEqual({ firstname: `First ${key}`, shop_totals: null, unknown: null })
    }
  }
  expect(pages).toBe(3)
  expect(new Set(listed)).toEqual(new Set(people(250).map((one) => one.key)))
})

test('deals that people made are listed when asked for, with an empty key, and stages come back in the words of the contract', async () => {
  const { fake, destination, ctx, deliver } = await openPortal()
  await deliver(input('deal', 'k1', { dealname: 'Ours', pipeline: 'commerce', dealstage: 'fulfilled' }))
  const sales = fake.portal.create('deals', { dealname: 'Sales', pipeline: 'default', dealstage: 'closedwon' })
  const open = fake.portal.create('deals', { dealname: 'Open', pipeline: 'default', dealstage: 'appointmentscheduled' })
  const listed = async (foreign: boolean) => {
    const rows: unknown[] = []
    for await (const page of destination.list?.({ object: 'deal', fields: ['dealstage', 'pipeline'], foreign }, ctx) ?? [])
      rows.push(...page.map(({ key, remoteId, fields }) => [key, key === '' ? remoteId : '', fields['pipeline'], fields['dealstage']]))
    return rows
  }
  expect(await listed(false)).toEqual([['k1', '', 'commerce', 'fulfilled']])
  expect(await listed(true)).toEqual([
    ['k1', '', 'commerce', 'fulfilled'],
    ['', sales, 'default', 'closedwon'],
    ['', open, 'default', 'appointmentscheduled'],
  ])
})

test('the live schema is described in the words of the contract', async () => {
  const { destination, ctx } = await openPortal()
  const described = (await destination.describe?.(ctx)) ?? {}
  expect(Object.keys(described).toSorted()).toEqual(['company', 'contact', 'deal', 'line_item', 'product'])
  expect(described['contact']?.['email']).toMatchObject({ type: 'email' })
  expect(described['contact']?.['shop_customer_key']).toMatchObject({ type: 'string', unique: true })
  expect(described['contact']?.['shop_order_count']).toMatchObject({ type: 'decimal' })
  expect(described['deal']?.['shop_payment_state']).toMatchObject({
    type: 'option',
    options: expect.arrayContaining([{ value: 'paid', label: 'Paid' }]),
  })
  expect(described['deal']?.['hs_is_closed']).toMatchObject({ readOnly: true })
})

test('usage counts every request since the connection was made', async () => {
  const { fake, destination, deliver } = await openPortal()
  await deliver(...people(3))
  const before = destination.usage?.().requests ?? 0
  await deliver(...people(3))
  expect(destination.usage?.().requests).toBe(before + 1)
  fake.faults.next({ kind: 'reply', reply: { status: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' }, headers: { 'retry-after': '1' } } })
  await deliver(...people(3))
  expect(destination.usage?.()).toMatchObject({ rateLimited: 1 })
})
