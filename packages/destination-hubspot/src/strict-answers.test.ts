import type { ConsentDecision, ErasureOutcome, Input } from '@millrace/core'
import { afterEach, expect, test } from 'vitest'
import { closePortals, input, openPortal, person, type TestPortal } from './test-support/portal.ts'

afterEach(closePortals)

const contract = { consent: { topics: { news: { channel: 'email', target: '1001', basis: 'CONSENT_WITH_NOTICE' } } } } as const
const open = (): Promise<TestPortal> => openPortal({ contract, fake: { searchLagMs: 0 } })

const says = (status: ConsentDecision['status']): Input =>
  input(
    'subscription',
    'a',
    { email: 'a@example.com' },
    {
      consent: [
        {
          topic: 'news',
          channel: 'email',
          purpose: 'marketing',
          target: '1001',
          basis: 'CONSENT_WITH_NOTICE',
          status,
          mayResubscribe: false,
        },
      ],
    },
  )
const stateOf = ({ fake }: TestPortal): string => fake.portal.consent.status('a@example.com', '1001').status

test.each([
  ['an empty object', { status: 200, body: {} }],
  ['no body', { status: 204 }],
  ['what happened only', { status: 200, body: { setStatusSuccessReason: 'REQUESTED_CHANGE_OCCURRED' } }],
])('an opt-out that is answered with %s is confirmed by reading it', async (_, reply) => {
  const portal = await open()
  portal.fake.faults.next({ kind: 'reply', reply, applied: true }, { method: 'POST', path: '/statuses/' })
  expect((await portal.deliver(says('denied'))).get('subscription:a')).toMatchObject({ result: 'delivered' })
  expect(stateOf(portal)).toBe('UNSUBSCRIBED')
})

test('an opt-out that was answered but not done stays unconfirmed', async () => {
  const portal = await open()
  portal.fake.faults.next({ kind: 'reply', reply: { status: 200, body: {} } }, { method: 'POST', path: '/statuses/' })
  expect((await portal.deliver(says('denied'))).get('subscription:a')?.result).not.toBe('delivered')
})

test.each(['/statuses/', '/unsubscribe-all'])('a success of %s that tells no statuses lets no opt-in pass', async (path) => {
  const portal = await open()
  portal.fake.portal.consent.set('a@example.com', '1001', { status: 'UNSUBSCRIBED', at: Date.now() })
  portal.fake.faults.schedule({
    method: 'GET',
    path,
    times: Number.POSITIVE_INFINITY,
    fault: { kind: 'reply', reply: { status: 200, body: {} } },
  })
  const outcome = (await portal.deliver(says('granted'))).get('subscription:a')
  expect(outcome).toMatchObject({ result: 'failed', error: { retryable: true } })
  expect(stateOf(portal)).toBe('UNSUBSCRIBED')
})

test('a search without results does not move on past opt-outs', async () => {
  const portal = await open()
  portal.fake.faults.schedule({ path: '/search', times: 100, fault: { kind: 'reply', reply: { status: 200, body: {} } } })
  const read = async (): Promise<string[]> => {
    const cursors: string[] = []
    for await (const { cursor } of portal.destination.consentChanges?.(undefined, portal.ctx) ?? []) cursors.push(cursor)
    return cursors
  }
  await expect(read()).rejects.toMatchObject({ code: 'unexpected_response', retryable: true })
})

test('a read without results erases nobody, and says so', async () => {
  const portal = await open()
  const id = (await portal.deliver(person('a'))).get('contact:a')?.remoteId ?? ''
  portal.fake.faults.next({ kind: 'reply', reply: { status: 200, body: {} } }, { path: '/contacts/batch/read' })
  const outcomes: ErasureOutcome[] = []
  const target = { unit: 'u', key: '', emails: [], phones: [], related: [], remoteId: id }
  for await (const some of portal.destination.erase?.([target], portal.ctx) ?? []) outcomes.push(...some)
  expect(outcomes).toMatchObject([{ result: 'failed', error: { code: 'unexpected_response', retryable: true } }])
})

test('an address without any status that left everything is not subscribed', async () => {
  const portal = await open()
  const left = { channel: 'EMAIL', wideStatusType: 'PORTAL_WIDE', status: 'UNSUBSCRIBED' }
  portal.fake.faults.next(
    { kind: 'reply', reply: { status: 200, body: { status: 'COMPLETE', results: [left] } } },
    { method: 'GET', path: '/unsubscribe-all' },
  )
  portal.fake.faults.schedule({
    method: 'GET',
    path: /a%40example\.com(\?.*)?$/,
    times: Number.POSITIVE_INFINITY,
    fault: { kind: 'reply', reply: { status: 404, body: { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'No statuses' } } },
  })
  expect((await portal.deliver(says('granted'))).get('subscription:a')).toMatchObject({
    result: 'failed',
    error: { code: 'opt_out_stands' },
  })
  expect(portal.fake.requests.filter(({ method }) => method === 'POST')).toEqual([])
})

test('an address that HubSpot refuses in a batch read hides none of the others', async () => {
  const portal = await open()
  const names = ['a', 'b', 'c', 'd']
  await portal.deliver(...names.map((name) => person(name)))
  const refusal = {
    status: 400,
    body: {
      status: 'error',
      category: 'VALIDATION_ERROR',
      message: 'Email is invalid',
      errors: [{ message: 'Email is invalid', code: 'INVALID_EMAIL', context: { propertyName: ['email'] } }],
    },
  } as const
  // The whole batch, the half that holds it, and the address alone.
  portal.fake.faults.schedule({ path: '/contacts/batch/read', times: 3, fault: { kind: 'reply', reply: refusal } })
  const values = ['bad@example.con', ...names.map((name) => `${name}@example.com`)].slice(0, 4)
  const found = (await portal.destination.find?.({ object: 'contact', by: 'email', values }, portal.ctx)) ?? []
  expect(found.map(({ value }) => value).toSorted()).toEqual(['a@example.com', 'b@example.com', 'c@example.com'])
})
