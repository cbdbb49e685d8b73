import type { Input, ObjectLink } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { buyer, closeCrms, input, openCrm, person, ref, results, type TestCrm } from './test-support/crm.ts'

afterEach(closeCrms)

const at = '2026-03-01T12:00:00.000Z'
const happened = (name: string, id: string, parents: ObjectLink[], fields: Input['fields'] = {}, occurredAt = at): Input =>
  input('activity', `shop:${id}`, fields, { parents, event: { id: `shop:${id}`, type: name, name, occurredAt } })

const withPerson = async (crm: TestCrm): Promise<ObjectLink[]> => [buyer('1', (await crm.deliver(person('1'))).get('contact:shop:1'))]

test('events become activities of the contact, ordered by their time', async () => {
  const crm = await openCrm()
  const parents = await withPerson(crm)
  const outcomes = await crm.deliver(
    happened('order.paid', 'order.paid:o1', parents, {}, '2026-03-01T12:05:00.000Z'),
    happened('order.placed', 'order.placed:o1', parents, { orderId: 'o1', value: '19.99', currency: 'EUR', skus: ['S-1', 'S-2'] }),
  )
  expect(results(outcomes)).toEqual({ delivered: 2 })
  expect(crm.fake.crm.activitiesOf(ref('1'))).toMatchObject([
    {
      id: 'shop:order.placed:o1',
      type: 'order.placed',
      time: at,
      source: 'commercetools',
      subject: ref('1'),
      data: { orderId: 'o1', value: '19.99', currency: 'EUR', skus: ['S-1', 'S-2'] },
    },
    { type: 'order.paid' },
  ])
})

test('an event that is told again, also after its answer was lost, is there once', async () => {
  const crm = await openCrm()
  const placed = happened('order.placed', 'order.placed:o1', await withPerson(crm))
  crm.fake.faults.next({ kind: 'reset', when: 'after' }, { path: '/activities' })
  await crm.deliver(placed)
  expect((await crm.deliver({ ...placed, uncertain: true })).get(placed.unit)).toMatchObject({ result: 'delivered', created: false })
  expect(crm.fake.crm.activities()).toHaveLength(1)
})

test('a marketing event of somebody who did not agree is not sent, and says why', async () => {
  const crm = await openCrm()
  const parents = await withPerson(crm)
  const events = ['1', '2', '3'].map((id) => happened('checkout.started', `checkout.started:c${id}`, parents))
  crm.fake.resetRequests()
  const outcomes = await crm.deliver(...events, happened('order.placed', 'order.placed:o1', parents))
  expect(results(outcomes)).toEqual({ skipped: 3, delivered: 1 })
  expect(outcomes.get('activity:shop:checkout.started:c1')).toMatchObject({ reason: { code: 'consent_required' } })
  // The schema, the person once, the order's event.
  expect(crm.fake.requests).toHaveLength(3)
  crm.fake.crm.grant(ref('1'), 'email', 'marketing')
  expect(results(await crm.deliver(...events))).toEqual({ delivered: 3 })
})

test('consent that is withdrawn between the question and the write is enforced by the CRM, and the event skipped', async () => {
  const crm = await openCrm()
  const parents = await withPerson(crm)
  crm.fake.crm.grant(ref('1'), 'email', 'marketing')
  const refusal = {
    kind: 'reply' as const,
    reply: {
      status: 422,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'consent_required', errors: [{ pointer: '/type', code: 'marketing' }] },
    },
  }
  crm.fake.faults.next(refusal, { path: '/activities' })
  expect(results(await crm.deliver(happened('checkout.started', 'c1', parents)))).toEqual({ skipped: 1 })
})

test('an event of somebody who is not there waits for the contact', async () => {
  const { deliver } = await openCrm()
  const outcomes = await deliver(
    happened('order.placed', 'o1', []),
    happened('order.placed', 'o2', [{ object: 'contact', key: 'shop:9', remoteId: 'con_9' }]),
  )
  expect(results(outcomes)).toEqual({ contact_unknown: 2 })
  for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ error: { retryable: true, retryAfterMs: 5_000 } })
})

test('every default event has a type that the contract of CRM One takes', async () => {
  const { contract } = await openCrm()
  for (const [type, { name = '' }] of Object.entries(contract.events)) expect(name, type).toMatch(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/)
})

test('an event that was refused is judged anew, although the CRM keeps what it answered to the first attempt', async () => {
  const crm = await openCrm()
  const placed = happened('order.placed', 'order.placed:o1', [{ object: 'contact', key: 'shop:9', remoteId: 'gone' }])
  expect(results(await crm.deliver(placed))).toEqual({ contact_unknown: 1 })
  await crm.deliver(person('9'))
  expect(results(await crm.deliver(placed))).toEqual({ delivered: 1 })
})
