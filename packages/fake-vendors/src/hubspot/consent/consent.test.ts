import { expect, test } from 'vitest'

import { objects, raw, withFake, type RawReply } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

const basis = { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'Checkbox at checkout' }
const email = 'ada@example.com'

function v3(fake: FakeHubSpot, action: 'subscribe' | 'unsubscribe', more: object = basis): Promise<RawReply> {
  return raw(fake, 'POST', `/communication-preferences/v3/${action}`, { emailAddress: email, subscriptionId: '1001', ...more })
}

function v4(fake: FakeHubSpot, statusState: string, more: object = basis, address = email): Promise<RawReply> {
  const path = `/communication-preferences/2026-03/statuses/${encodeURIComponent(address)}`
  return raw(fake, 'POST', path, { subscriptionId: 1001, channel: 'EMAIL', statusState, ...more })
}

test('consent-v3-no-resubscribe: who unsubscribed cannot be subscribed again', () =>
  withFake({}, async (fake) => {
    expect((await v3(fake, 'subscribe')).body).toMatchObject({ id: '1001', status: 'SUBSCRIBED', ...basis })
    expect((await v3(fake, 'unsubscribe')).body).toMatchObject({ status: 'NOT_SUBSCRIBED' })
    const again = await v3(fake, 'subscribe')
    expect([again.status, again.message]).toEqual([400, `Subscription 1001 for ${email} cannot be updated because they have unsubscribed`])
    expect(fake.portal.consent.status(email, '1001').status).toBe('UNSUBSCRIBED')
  }))

test('consent-v3-repeat: repeating the current state is refused', () =>
  withFake({}, async (fake) => {
    await v3(fake, 'subscribe')
    expect((await v3(fake, 'subscribe')).status).toBe(400)
    await v3(fake, 'unsubscribe')
    expect((await v3(fake, 'unsubscribe')).status).toBe(400)
  }))

test('consent-v4-resubscribes: the dated and the v4 endpoint turn an opt-out back without complaint', () =>
  withFake({}, async (fake) => {
    await v4(fake, 'UNSUBSCRIBED')
    const again = await v4(fake, 'SUBSCRIBED')
    expect([again.status, again.results[0]]).toEqual([
      200,
      expect.objectContaining({ status: 'SUBSCRIBED', setStatusSuccessReason: 'RESUBSCRIBE_OCCURRED' }),
    ])
    expect(fake.portal.consent.status(email, '1001').status).toBe('SUBSCRIBED')
    const legacy = await raw(fake, 'GET', `/communication-preferences/v4/statuses/${email}?channel=EMAIL`)
    expect(legacy.results[0]).toMatchObject({ subscriptionId: 1001, status: 'SUBSCRIBED' })
  }))

test('consent-v4-reasons: each write tells what it did', () =>
  withFake({}, async (fake) => {
    const reasons: unknown[] = []
    for (const state of ['SUBSCRIBED', 'SUBSCRIBED', 'UNSUBSCRIBED', 'UNSUBSCRIBED', 'NOT_SPECIFIED'])
      reasons.push((await v4(fake, state)).results[0]?.['setStatusSuccessReason'])
    expect(reasons).toEqual([
      'REQUESTED_CHANGE_OCCURRED',
      'NO_STATUS_CHANGE',
      'REQUESTED_CHANGE_OCCURRED',
      'NO_STATUS_CHANGE',
      'REQUESTED_CHANGE_OCCURRED',
    ])
    expect((await v4(fake, 'OPTED_IN')).status).toBe(400)
  }))

test('consent-legal-basis: required while data privacy is on, and always one that exists', async () => {
  await withFake({ dataPrivacy: true }, async (fake) => {
    for (const more of [{}, { legalBasis: 'CONSENT_WITH_NOTICE' }, { legalBasisExplanation: 'x' }, { ...basis, legalBasis: 'BECAUSE' }]) {
      expect([(await v4(fake, 'SUBSCRIBED', more)).status, (await v3(fake, 'subscribe', more)).status]).toEqual([400, 400])
    }
  })
  await withFake({ dataPrivacy: false }, async (fake) => {
    expect((await v4(fake, 'SUBSCRIBED', {})).status).toBe(200)
  })
})

test('consent-unsubscribe-all: leaves every type, and v3 cannot bring anything back', () =>
  withFake({}, async (fake) => {
    await v4(fake, 'SUBSCRIBED')
    const path = `/communication-preferences/2026-03/statuses/${email}/unsubscribe-all?channel=EMAIL`
    const reply = await raw(fake, 'POST', path)
    expect(reply.results.map((result) => [result['status'], result['setStatusSuccessReason']])).toEqual([
      ['UNSUBSCRIBED', 'UNSUBSCRIBE_FROM_ALL_OCCURRED'],
      ['UNSUBSCRIBED', 'UNSUBSCRIBE_FROM_ALL_OCCURRED'],
    ])
    expect((await raw(fake, 'GET', path)).results[0]).toMatchObject({ status: 'UNSUBSCRIBED' })
    expect((await v3(fake, 'subscribe')).status).toBe(400)
  }))

test('consent-email-channel-only: no other channel', () =>
  withFake({}, async (fake) => {
    expect((await v4(fake, 'SUBSCRIBED', { ...basis, channel: 'SMS' })).status).toBe(400)
    expect((await raw(fake, 'GET', `/communication-preferences/2026-03/statuses/${email}`)).status).toBe(400)
  }))

test('consent-subscription-unknown: the subscription type must exist; v4 wants a number, v3 a string', () =>
  withFake({}, async (fake) => {
    expect((await v4(fake, 'SUBSCRIBED', { ...basis, subscriptionId: 9 })).status).toBe(400)
    expect((await v4(fake, 'SUBSCRIBED', { ...basis, subscriptionId: '1001' })).status).toBe(400)
    expect((await v3(fake, 'subscribe', { ...basis, subscriptionId: 1001 })).status).toBe(400)
    fake.portal.addSubscription({ id: '9', name: 'News', description: '' })
    expect((await v4(fake, 'SUBSCRIBED', { ...basis, subscriptionId: 9 })).status).toBe(200)
    expect((await raw(fake, 'GET', '/communication-preferences/2026-03/definitions')).results).toHaveLength(3)
    expect((await raw(fake, 'GET', '/communication-preferences/v3/definitions')).body).toMatchObject({
      subscriptionDefinitions: [{}, {}, { id: '9', name: 'News' }],
    })
  }))

function batch(fake: FakeHubSpot, count: number): Promise<RawReply> {
  const inputs = Array.from({ length: count }, (_, index) => ({
    subscriberIdString: index === 1 ? 'nobody' : `u${index}@example.com`,
    subscriptionId: 1001,
    channel: 'EMAIL',
    statusState: 'UNSUBSCRIBED',
    ...basis,
  }))
  return raw(fake, 'POST', '/communication-preferences/2026-03/statuses/batch/write', { inputs })
}

test('consent-batch-enterprise: batches are for Enterprise portals with their own scope', async () => {
  await withFake({ tier: 'professional' }, async (fake) => expect((await batch(fake, 2)).status).toBe(403))
  await withFake({ scopes: ['communication_preferences.read_write'] }, async (fake) => expect((await batch(fake, 2)).status).toBe(403))
  await withFake({}, async (fake) => {
    const reply = await batch(fake, 3)
    expect([reply.status, reply.results.length, reply.errors]).toEqual([
      207,
      2,
      [expect.objectContaining({ context: { subscriberIdString: ['nobody'] } })],
    ])
  })
})

test('consent-batch-cap: at most 100 writes in a batch', () =>
  withFake({}, async (fake) => {
    expect((await batch(fake, 101)).status).toBe(400)
  }))

test('consent-mirror-read-only: contacts show their opt-outs', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email })
    const mirror = async (): Promise<unknown[]> =>
      ['hs_email_optout', 'hs_email_optout_1001'].map((name) => fake.portal.value('contacts', id, name))
    expect(await mirror()).toEqual([null, null])
    await v4(fake, 'UNSUBSCRIBED')
    expect(await mirror()).toEqual([null, 'true'])
    await raw(fake, 'POST', `/communication-preferences/2026-03/statuses/${email}/unsubscribe-all?channel=EMAIL`)
    expect(await mirror()).toEqual(['true', 'true'])
    expect((await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { hs_email_optout_1001: 'false' } })).status).toBe(400)
  }))

test('consent-without-contact: an address is enough, in any case, if it is a valid one', () =>
  withFake({}, async (fake) => {
    expect((await v4(fake, 'UNSUBSCRIBED', basis, 'New+Tag@Example.com')).status).toBe(200)
    expect(fake.portal.consent.status('new+tag@example.com', '1001').status).toBe('UNSUBSCRIBED')
    expect(fake.portal.count('contacts')).toBe(0)
    expect((await v4(fake, 'UNSUBSCRIBED', basis, 'nobody')).status).toBe(400)
    const status = await raw(fake, 'GET', `/communication-preferences/v3/status/email/${encodeURIComponent('new+tag@example.com')}`)
    expect(status.body).toMatchObject({
      recipient: 'new+tag@example.com',
      subscriptionStatuses: [{ id: '1001', status: 'NOT_SUBSCRIBED' }, { id: '1002' }],
    })
  }))
