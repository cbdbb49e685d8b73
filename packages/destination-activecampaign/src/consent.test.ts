import { afterEach, expect, test } from 'vitest'
import type { ConsentDecision, Input, RemoteConsent } from '@millrace/core'
import { closeAccounts, input, openAccount, people, person, results, type TestAccount } from './test-support/account.ts'

afterEach(closeAccounts)

const decision = (list: string, status: ConsentDecision['status'], more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  topic: 'news',
  channel: 'email',
  purpose: 'marketing',
  target: list,
  status,
  mayResubscribe: false,
  ...more,
})

const subscription = (key: string, consent: Input['consent'], remoteId?: string): Input =>
  input(
    'subscription',
    key,
    { email: `${key}@example.com` },
    { consent, parents: remoteId === undefined ? [] : [{ object: 'contact', key, remoteId }] },
  )

const open = async (): Promise<TestAccount & { news: string; idOf: (key: string) => string }> => {
  let news = ''
  const account = await openAccount({
    prepare: (fake) => {
      news = fake.account.addList('News')
    },
    contract: { consent: { topics: { news: { channel: 'email', target: 'News' } } } },
  })
  const idOf = (key: string): string => account.fake.account.contact({ email: `${key}@example.com` })
  return { ...account, news, idOf }
}

test.each([
  [undefined, 'granted', false, '1', 'delivered'],
  ['0', 'granted', false, '1', 'delivered'],
  ['1', 'granted', false, '1', 'delivered'],
  ['2', 'granted', false, '2', 'opt_out_stands'],
  ['2', 'granted', true, '1', 'delivered'],
  ['3', 'granted', false, '3', 'opt_out_stands'],
  ['3', 'granted', true, '3', 'opt_out_stands'],
  [undefined, 'denied', false, '2', 'delivered'],
  ['1', 'denied', false, '2', 'delivered'],
  ['2', 'denied', false, '2', 'delivered'],
  ['3', 'denied', false, '3', 'delivered'],
  ['1', 'unknown', false, '1', 'delivered'],
  [undefined, 'unknown', false, undefined, 'delivered'],
] as const)('over status %s, %s (may resubscribe: %s) becomes %s: %s', async (before, status, mayResubscribe, after, result) => {
  const { fake, deliver, news, idOf } = await open()
  const id = idOf('k1')
  if (before !== undefined) fake.account.setStatus('k1@example.com', news, before)
  const outcomes = await deliver(subscription('k1', [decision(news, status, { mayResubscribe })], id))
  expect(results(outcomes)).toEqual({ [result]: 1 })
  expect(fake.account.contactOf('k1@example.com')?.lists[news]).toBe(after)
  expect(fake.account.resubscriptions().map(({ sourceid }) => sourceid)).toEqual(before === '2' && after === '1' ? ['4'] : [])
})

test('an opt-out of somebody whose profile never came is kept', async () => {
  const { fake, deliver, news } = await open()
  expect(results(await deliver(subscription('k1', [decision(news, 'denied')])))).toEqual({ delivered: 1 })
  expect(fake.account.contactOf('k1@example.com')).toMatchObject({ lists: { [news]: '2' }, fields: { shop_customer_key: 'k1' } })
})

test('an opt-out of an excluded address is done', async () => {
  const { fake, deliver, news } = await open()
  fake.account.exclude('k1@example.com')
  expect(results(await deliver(subscription('k1', [decision(news, 'denied')])))).toEqual({ delivered: 1 })
  expect(fake.account.contacts()).toEqual([])
})

test('ten and more go by import, opt-outs with them, and nobody is resubscribed; those who may be go by themselves', async () => {
  const { fake, deliver, collect, news, idOf } = await open()
  const inputs = Array.from({ length: 20 }, (_, n) => {
    const key = `p${n}`
    const id = idOf(key)
    if (n < 8) fake.account.setStatus(`${key}@example.com`, news, '2')
    return subscription(key, [decision(news, n < 15 ? 'granted' : 'denied', { mayResubscribe: n < 4 })], id)
  })
  fake.resetRequests()
  const first = await deliver(...inputs)
  await collect(inputs, first)
  const statuses = inputs.map(({ key }) => fake.account.contactOf(`${key}@example.com`)?.lists[news])
  expect(statuses.join('')).toBe('11112222111111122222')
  expect(fake.account.resubscriptions()).toHaveLength(4)
  expect(fake.count({ method: 'POST', path: '/api/3/import/bulk_import' })).toBe(1)
})

test('the marketing flag of e-commerce customers follows', async () => {
  const { fake, deliver, news, idOf } = await open()
  const id = idOf('k1')
  await deliver(
    input('order', 'o1', {
      email: 'k1@example.com',
      connection: 'berlin',
      currency: 'EUR',
      finalAmount: '1.00',
      storeCreatedDate: '2026-03-01T10:00:00.000Z',
    }),
  )
  await deliver(subscription('k1', [decision(news, 'granted')], id))
  expect(fake.account.ecomCustomers().map(({ acceptsMarketing }) => acceptsMarketing)).toEqual(['1'])
  await deliver(subscription('k1', [decision(news, 'denied')], id))
  expect(fake.account.ecomCustomers().map(({ acceptsMarketing }) => acceptsMarketing)).toEqual(['0'])
})

test('SMS consent goes out with the newest order, and cannot without one', async () => {
  const { fake, deliver, idOf } = await open()
  const id = idOf('k1')
  const sms = (status: 'granted' | 'denied') => [
    { ...decision('', status, { at: '2026-03-02T10:00:00.000Z', evidence: { form: 'x' } }), channel: 'sms' as const, topic: 'sms' },
  ]
  expect(results(await deliver(subscription('k1', sms('granted'), id)))).toEqual({ sms_consent_needs_order: 1 })
  expect(results(await deliver(subscription('k1', sms('denied'), id)))).toEqual({ delivered: 1 })
  await deliver(
    input('order', 'o1', {
      email: 'k1@example.com',
      connection: 'berlin',
      currency: 'EUR',
      finalAmount: '19.99',
      storeCreatedDate: '2026-03-01T10:00:00.000Z',
    }),
  )
  fake.account.settle()
  expect(results(await deliver(subscription('k1', sms('granted'), id)))).toEqual({ delivered: 1 })
  fake.account.settle()
  expect(fake.account.contactOf('k1@example.com')?.sms).toMatchObject({ state: 'SUBSCRIBED', optInLevel: 'SINGLE_OPT_IN' })
  expect(fake.account.orders()).toMatchObject([{ fields: { finalAmount: '19.99' } }])
})

test('who left or bounced is read back, from the start and from a cursor, with the time', async () => {
  const { fake, destination, ctx, news, idOf } = await open()
  const read = async (cursor: string | undefined): Promise<{ changes: RemoteConsent[]; cursor: string | undefined }> => {
    const changes: RemoteConsent[] = []
    let last = cursor
    for await (const page of destination.consentChanges?.(cursor, ctx) ?? []) {
      changes.push(...page.changes)
      last = page.cursor
    }
    return { changes, cursor: last }
  }
  for (const key of ['a', 'b', 'c']) idOf(key)
  fake.account.setStatus('a@example.com', news, '2')
  fake.account.setStatus('b@example.com', news, '1')
  fake.account.setStatus('c@example.com', news, '1')
  fake.account.bounce('c@example.com')
  const start = await read(undefined)
  expect(start.changes.map(({ email, status, reason, target, at }) => [email, status, reason, target, typeof at])).toEqual([
    ['a@example.com', 'denied', 'unsubscribed', 'News', 'number'],
    ['c@example.com', 'denied', 'bounced', 'News', 'number'],
  ])
  fake.account.setStatus('b@example.com', news, '2')
  const later = await read(start.cursor)
  expect(later.changes.map(({ email }) => email)).toContain('b@example.com')
  expect(await read('not a cursor')).toMatchObject({ changes: { length: 3 } })
})

test('people who do not exist have no consent', async () => {
  const { destination, ctx } = await open()
  expect(await destination.consentOf?.([{ unit: 'u', key: 'k', remoteId: '999', email: 'nobody@example.com' }], ctx)).toEqual([])
})

test('a new contact starts on the lists that the person agreed to', async () => {
  const { fake, deliver, news } = await open()
  await deliver(
    person('k1', {}, { consent: [decision(news, 'granted')] }),
    person('k2', {}, { consent: [decision(news, 'denied')] }),
    ...people(1),
  )
  expect(['k1', 'k2', 'p1'].map((key) => fake.account.contactOf(`${key}@example.com`)?.lists[news])).toEqual(['1', '2', undefined])
})

test('a hundred people who stand close together are asked for in a few requests, and told with the time where they opted out', async () => {
  const { fake, destination, ctx, news, idOf } = await open()
  const asked = Array.from({ length: 100 }, (_, n) => ({
    unit: `u${n}`,
    key: `p${n}`,
    remoteId: idOf(`p${n}`),
    email: `p${n}@example.com`,
  }))
  for (const n of [0, 1, 2]) fake.account.setStatus(`p${n}@example.com`, news, '2')
  for (let n = 3; n < 90; n += 1) fake.account.setStatus(`p${n}@example.com`, news, '1')
  fake.resetRequests()
  const told = (await destination.consentOf?.(asked, ctx)) ?? []
  expect(told.filter(({ status }) => status === 'denied').map(({ key, target, at }) => [key, target, typeof at])).toEqual([
    ['p0', 'News', 'number'],
    ['p1', 'News', 'number'],
    ['p2', 'News', 'number'],
  ])
  expect(told.filter(({ status }) => status === 'granted')).toHaveLength(87)
  expect(fake.count()).toBeLessThanOrEqual(8)
})

test('a bounce that changes no contact is found by the daily reading', async () => {
  const { fake, destination, ctx, news, idOf } = await open()
  const cursorOf = async (cursor?: string): Promise<{ told: number; cursor: string }> => {
    let [told, last] = [0, '']
    for await (const page of destination.consentChanges?.(cursor, ctx) ?? []) {
      told += page.changes.length
      last = page.cursor
    }
    return { told, cursor: last }
  }
  idOf('a')
  fake.account.setStatus('a@example.com', news, '1')
  const start = await cursorOf()
  fake.account.bounce('a@example.com')
  const day = JSON.stringify({ since: ctx.clock.now(), fullAt: ctx.clock.now() - 25 * 60 * 60_000 })
  expect(await cursorOf(day)).toMatchObject({ told: 1 })
  expect(start.told).toBe(0)
})

test('of two topics that share a list, by its id and by its name, the denial counts: alone, by import and for a new person', async () => {
  const { fake, deliver, settle, news, idOf } = await open()
  const both = [decision(news, 'denied', { topic: 'offers' }), decision('News', 'granted')]
  await deliver(subscription('k1', both, idOf('k1')))
  expect(fake.account.contactOf('k1@example.com')?.lists[news]).toBe('2')
  const many = Array.from({ length: 10 }, (_, n) => subscription(`p${n}`, both.toReversed(), idOf(`p${n}`)))
  await settle(...many)
  await settle(...people(12, { consent: both }).map((one) => ({ ...one, key: `n-${one.key}`, unit: `n-${one.unit}` })))
  for (const { body } of fake.requests.filter(({ path }) => path.endsWith('bulk_import'))) expect(body).not.toContain('"subscribe"')
  expect(fake.account.contacts().map(({ lists }) => lists[news])).not.toContain('1')
})
