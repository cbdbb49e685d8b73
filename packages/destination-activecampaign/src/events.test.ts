import { afterEach, expect, test } from 'vitest'
import type { EventFact, Input } from '@millrace/core'
import { closeAccounts, input, openAccount, person, results, type TestAccount } from './test-support/account.ts'

afterEach(closeAccounts)

const fact = (more: Partial<EventFact> = {}): EventFact => ({
  id: 'checkout.started:c1',
  type: 'checkout.started',
  name: 'shop_checkout_started',
  as: 'event',
  occurredAt: '2026-03-01T10:00:00.000Z',
  ...more,
})

const event = (contact: string | undefined, more: Partial<EventFact> = {}, rest: Partial<Input> = {}): Input =>
  input(
    'event',
    'shop:checkout.started:c1',
    {
      email: 'k1@example.com',
      sku: 'MUG',
      category: 'Home > Mugs',
      quantity: 2,
      value: '39.98',
      currency: 'EUR',
      store: 'berlin',
      locale: 'de-DE',
      url: 'https://shop.example.com/c1',
      image: 'https://cdn.example.com/mug.png',
    },
    { event: fact(more), parents: contact === undefined ? [] : [{ object: 'contact', key: 'k1', remoteId: contact }], ...rest },
  )

const withContact = async (options: Parameters<typeof openAccount>[0] = {}): Promise<TestAccount & { contact: string }> => {
  const account = await openAccount(options)
  const outcome = (await account.deliver(person('k1'))).get('contact:k1')
  account.fake.resetRequests()
  return { ...account, contact: outcome?.remoteId ?? '' }
}

test('an event takes one request and carries id, time and everything that a campaign needs', async () => {
  const { fake, deliver, contact } = await withContact()
  expect(results(await deliver(event(contact)))).toEqual({ delivered: 1 })
  expect(fake.requests).toHaveLength(1)
  const [sent] = fake.account.events()
  expect([sent?.event, sent?.email]).toEqual(['shop_checkout_started', 'k1@example.com'])
  expect(JSON.parse(sent?.eventdata ?? '')).toEqual({
    id: 'checkout.started:c1',
    occurredAt: '2026-03-01T10:00:00.000Z',
    sku: 'MUG',
    category: 'Home > Mugs',
    quantity: 2,
    value: '39.98',
    currency: 'EUR',
    store: 'berlin',
    locale: 'de-DE',
    url: 'https://shop.example.com/c1',
    image: 'https://cdn.example.com/mug.png',
  })
})

test('a lost answer is not repeated and says that nobody knows', async () => {
  const { fake, deliver, contact } = await withContact()
  fake.faults.next({ kind: 'reset', when: 'after' }, { path: '/event' })
  expect((await deliver(event(contact))).get('event:shop:checkout.started:c1')).toMatchObject({
    result: 'failed',
    error: { context: { applied: 'unknown' } },
  })
  expect(fake.account.events()).toHaveLength(1)
  expect(results(await deliver(event(contact, {}, { uncertain: true })))).toEqual({ event_outcome_unknown: 1 })
  expect(fake.account.events()).toHaveLength(1)
  expect(results(await deliver(event(contact, {}, { uncertain: true, cause: 'replay' })))).toEqual({ delivered: 1 })
})

test('nothing from before go-live is sent', async () => {
  const { fake, deliver, contact } = await withContact()
  expect(results(await deliver(event(contact, {}, { cause: 'backfill' })))).toEqual({ event_historical: 1 })
  expect(fake.account.events()).toEqual([])
})

test.each([
  ['a name that the account does not know', { name: 'never_heard_of' }, {}, 'event_refused', 'record'],
  ['a name of more than 32 characters', { name: 'x'.repeat(33) }, {}, 'value_too_long', 'record'],
  ['a wrong event key', {}, { tracking: { accountId: '610000001', eventKey: 'wrong' } }, 'credentials_rejected', 'destination'],
] as const)('%s is told', async (_, more, settings, code, scope) => {
  const { fake, destination: _d, ...rest } = await withContact()
  const other = await openAccount({
    settings: 'tracking' in settings ? { tracking: { url: fake.tracking.url, ...settings.tracking } } : {},
  })
  const target = 'tracking' in settings ? other : { ...rest, fake }
  const contact = (await target.deliver(person('k9'))).get('contact:k9')?.remoteId
  expect((await target.deliver(event(contact, more))).get('event:shop:checkout.started:c1')).toMatchObject({
    result: 'failed',
    error: { code, scope, retryable: false },
  })
})

test('event tracking that is switched off concerns every event', async () => {
  const { fake, deliver, contact } = await withContact({ provision: true })
  fake.faults.next(
    { kind: 'reply', reply: { status: 200, body: { success: 0, message: 'Event tracking is not enabled.' } } },
    { path: '/event' },
  )
  expect((await deliver(event(contact))).get('event:shop:checkout.started:c1')).toMatchObject({
    error: { code: 'event_tracking_off', scope: 'destination' },
  })
})

test('as a tag, a field, a list or told by the order', async () => {
  const { fake, deliver, contact } = await withContact({ prepare: ({ account }) => void account.addField('shop_checkout_at', 'datetime') })
  const news = fake.account.addList('Checkout')
  expect(results(await deliver(event(contact, { as: 'tag', name: 'checkout' })))).toEqual({ delivered: 1 })
  expect(results(await deliver(event(contact, { as: 'field', name: 'shop_checkout_at' })))).toEqual({ delivered: 1 })
  expect(results(await deliver(event(contact, { as: 'list', name: 'Checkout' })))).toEqual({ delivered: 1 })
  fake.resetRequests()
  expect(results(await deliver(event(contact, { as: 'order' })))).toEqual({ delivered: 1 })
  expect(fake.requests).toEqual([])
  expect(fake.account.contactOf('k1@example.com')).toMatchObject({
    tags: ['checkout'],
    fields: { shop_checkout_at: '2026-03-01T10:00:00+00:00' },
    lists: { [news]: '1' },
  })
  expect(fake.account.events()).toEqual([])
})

test('an event as a list brings nobody back', async () => {
  const { fake, deliver, contact } = await withContact()
  const news = fake.account.addList('Checkout')
  fake.account.setStatus('k1@example.com', news, '2')
  await deliver(event(contact, { as: 'list', name: 'Checkout' }))
  expect(fake.account.contactOf('k1@example.com')?.lists[news]).toBe('2')
})

test('an event as a tag is given though somebody deleted the tag meanwhile', async () => {
  const { fake, deliver, contact } = await withContact()
  await deliver(event(contact, { as: 'tag', name: 'checkout' }))
  const listed = await fetch(`${fake.url}/api/3/tags`, { headers: { 'api-token': fake.apiToken } })
  const { tags } = (await listed.json()) as { tags: { id: string; tag: string }[] }
  const id = tags.find(({ tag }) => tag === 'checkout')?.id ?? ''
  await fetch(`${fake.url}/api/3/tags/${id}`, { method: 'DELETE', headers: { 'api-token': fake.apiToken } })
  expect(results(await deliver(event(contact, { as: 'tag', name: 'checkout' })))).toEqual({ delivered: 1 })
  expect(fake.account.contactOf('k1@example.com')?.tags).toEqual(['checkout'])
})

test('an event as a list is not told of somebody who is gone', async () => {
  const { fake, deliver, contact } = await withContact({ prepare: ({ account }) => void account.addList('Checkout') })
  fake.account.deleteContact('k1@example.com')
  expect(results(await deliver(event(contact, { as: 'list', name: 'Checkout' })))).toEqual({ order_of_nobody: 1 })
})
