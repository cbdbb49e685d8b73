import type { ConsentDecision, ListedObject, RemoteConsent } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { buyer, closeCrms, input, openCrm, people, person, ref, results } from './test-support/crm.ts'

afterEach(closeCrms)

const says = (status: ConsentDecision['status'], more: Partial<ConsentDecision> = {}): ConsentDecision => ({
  topic: 'email',
  channel: 'email',
  purpose: 'marketing',
  target: 'marketing',
  status,
  at: '2026-01-01T00:00:00.000Z',
  source: 'checkout',
  mayResubscribe: false,
  ...more,
})

test('evidence and place of a consent go out on one line and as text, however they were recorded', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const evidence = { text: `I agree.\r\nYou may write\u0007 to me. ${'x'.repeat(961)}😀😀`, ip: '' }
  const consent = [
    says('granted', { mayResubscribe: true, source: 'check\nout', evidence }),
    says('denied', { topic: 'sms', channel: 'sms', source: '' }),
  ]
  const outcomes = await deliver(input('subscription', 'shop:1', {}, { parents, consent }))
  expect(results(outcomes)).toEqual({ delivered: 1 })
  const held = fake.crm.contact(ref('1'))?.consents ?? []
  expect(held).toMatchObject([
    { channel: 'email', status: 'granted', source: 'check out' },
    { channel: 'sms', status: 'denied', source: 'shop' },
  ])
  expect(held[0]?.evidence).toMatch(/^text: I agree\. You may write to me\. x+/)
  expect(held[0]?.evidence?.isWellFormed()).toBe(true)
})

test('an opt-in that the CRM finds not valid does not take the opt-out beside it along', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const consent = [says('granted', { target: 'News_Letter', mayResubscribe: true }), says('denied', { topic: 'sms', channel: 'sms' })]
  const outcomes = await deliver(input('subscription', 'shop:1', {}, { parents, consent }))
  expect(results(outcomes)).toEqual({ rejected_by_vendor: 1 })
  expect(fake.crm.contact(ref('1'))?.consents).toMatchObject([{ channel: 'sms', status: 'denied' }])
})

test('an event with an id that is too long for the CRM is told once, under one shorter name', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const id = `shop:order.placed:${'7'.repeat(480)}`
  const event = { id, type: 'order.placed', name: 'order.placed', occurredAt: '2026-01-01T00:00:00.000Z' }
  const told = input('activity', id, { orderNumber: '7' }, { parents, event })
  const other = { ...told, unit: 'activity:other', key: `${id}1`, event: { ...event, id: `${id}1` } }
  expect(results(await deliver(told, other))).toEqual({ delivered: 2 })
  expect(results(await deliver({ ...told, uncertain: true }))).toEqual({ delivered: 1 })
  expect(fake.crm.activities()).toHaveLength(2)
})

test('people, their denials and their keys are read over many pages, each once', async () => {
  const { deliver, destination, ctx } = await openCrm()
  await deliver(...people(1_100))
  await deliver(
    ...people(1_100).map(({ key }, index) =>
      input('subscription', key, { email: `p${index + 1}@example.com` }, { consent: [says('denied')] }),
    ),
  )
  const listed: ListedObject[] = []
  for await (const page of destination.list?.({ object: 'contact', fields: ['email'] }, ctx) ?? []) listed.push(...page)
  expect(new Set(listed.map(({ key }) => key)).size).toBe(1_100)
  expect(listed).toHaveLength(1_100)
  const found: RemoteConsent[] = []
  for await (const { changes } of destination.consentChanges?.(undefined, ctx) ?? []) found.push(...changes)
  expect(found).toHaveLength(1_100)
  expect(new Set(found.map(({ key }) => key)).size).toBe(1_100)
})

test('orders that nobody expects are taken: without lines, of nobody, of nothing, cancelled, of hundreds of lines, in yen, dinars and fractions', async () => {
  const { fake, deliver } = await openCrm()
  const parents = [buyer('1', (await deliver(person('1'))).get('contact:shop:1'))]
  const basic = { placedAt: '2026-01-01T00:00:00.000Z', status: 'open', currency: 'EUR', gross: '0.00' }
  const line = (key: string) => ({
    object: 'line',
    key,
    fields: { name: '-', quantity: 1, unitPrice: '0.00045678901234567890', total: '-3.050' },
    links: [],
    changed: true,
  })
  const outcomes = await deliver(
    input('order', 'shop:empty', basic, { parents }),
    input('order', 'shop:nobody', { ...basic, status: 'cancelled', email: null, number: null }),
    input('order', 'shop:yen', { ...basic, currency: 'JPY', gross: '500', refunded: '500' }, { parents }),
    input('order', 'shop:dinar', { ...basic, currency: 'KWD', gross: '3.125', refunded: '0.001' }, { parents }),
    input('order', 'shop:long', basic, { parents, children: Array.from({ length: 600 }, (_, index) => line(`l${index}`)) }),
  )
  expect(results(outcomes)).toEqual({ delivered: 5 })
  expect(fake.crm.order('commercetools:shop', 'long')?.lines).toHaveLength(600)
  expect(fake.crm.order('commercetools:shop', 'yen')).toMatchObject({ gross: '500', refunded: '500' })
})

test('a base address with a slash at its end is the same address', async () => {
  const { fake, deliver } = await openCrm()
  const { url } = fake
  const { deliver: again } = await openCrm({ settings: { baseUrl: `${url}/`, token: fake.token } })
  expect(results(await deliver(person('1')))).toEqual({ delivered: 1 })
  expect(results(await again(person('2'), person('3')))).toEqual({ delivered: 2 })
  expect(fake.crm.contacts()).toHaveLength(3)
})

test('a person without an address is delivered by key, whatever else is known of the address that is not there', async () => {
  const { fake, deliver } = await openCrm()
  const one = person('1', { emailVerified: true })
  const { email: _, ...fields } = one.fields
  expect(results(await deliver({ ...one, fields, changedFields: Object.keys(fields) }))).toEqual({ delivered: 1 })
  expect(fake.crm.contact(ref('1'))?.emails ?? []).toEqual([])
})

test.each([
  ['de_DE', 'de-DE'],
  ['DE-at', 'de-AT'],
  ['no language at all', undefined],
])('the locale %s arrives as %s, and takes nothing else along', async (locale, told) => {
  const { fake, deliver } = await openCrm()
  expect(results(await deliver(person('1', { locale })))).toEqual({ delivered: 1 })
  expect(fake.crm.contact(ref('1'))).toMatchObject({ name: { given: 'Given 1' } })
  expect(fake.crm.contact(ref('1'))?.locale ?? undefined).toBe(told)
})

test('lines of a bulk that hold nothing but key and status, as the proposal has them, confirm contacts, lists, consent, orders and events', async () => {
  const { fake, deliver } = await openCrm()
  const bare = (body: unknown): string =>
    String(body)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { idempotencyKey, status, problem }: Record<string, unknown> = JSON.parse(line)
        return `${JSON.stringify({ idempotencyKey, status, ...(problem === undefined ? {} : { problem }) })}\n`
      })
      .join('')
  fake.faults.schedule({
    path: '/bulk',
    times: Number.POSITIVE_INFINITY,
    fault: { kind: 'rewrite', rewrite: (reply) => ({ ...reply, body: bare(reply.body) }) },
  })
  const first = await deliver(...people(3))
  expect(results(first)).toEqual({ delivered: 3 })
  const parentsOf = (id: string) => [buyer(id, first.get(`contact:shop:${id}`))]
  expect(new Set(['1', '2', '3'].map((id) => parentsOf(id)[0]?.remoteId)).size).toBe(3)
  const consent = [says('granted', { mayResubscribe: true })]
  const asked = ['1', '2', '3'].map((id) => input('subscription', `shop:${id}`, {}, { parents: parentsOf(id), consent }))
  expect(results(await deliver(...asked))).toEqual({ delivered: 3 })
  const order = { placedAt: '2026-01-01T00:00:00.000Z', status: 'open', currency: 'EUR', gross: '1.00' }
  const orders = ['1', '2'].map((id) => input('order', `shop:${id}`, order, { parents: parentsOf(id) }))
  expect(results(await deliver(...orders))).toEqual({ delivered: 2 })
  const event = (id: string) => ({ id: `e${id}`, type: 'order.placed', name: 'order.placed', occurredAt: '2026-01-01T00:00:00.000Z' })
  const events = ['1', '2'].map((id) => input('activity', `e${id}`, {}, { parents: parentsOf(id), event: event(id) }))
  expect(results(await deliver(...events))).toEqual({ delivered: 2 })
})
