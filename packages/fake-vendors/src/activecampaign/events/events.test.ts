import { expect, test } from 'vitest'

import type { FakeActiveCampaignOptions } from '../options.ts'
import { raw, sendEvent, withFake } from '../raw.ts'
import type { FakeActiveCampaign } from '../server.ts'

const visit = JSON.stringify({ email: 'ada@example.com' })
const refused = { success: 0, message: expect.any(String) }

/** A fake that tracks `order_placed`. */
const withTracking = (options: FakeActiveCampaignOptions, body: (fake: FakeActiveCampaign) => Promise<void>): Promise<void> =>
  withFake(options, async (fake) => {
    await raw(fake, 'PUT', 'eventTracking', { eventTracking: { enabled: true } })
    await raw(fake, 'POST', 'eventTrackingEvents', { eventTrackingEvent: { name: 'order_placed' } })
    fake.resetRequests()
    await body(fake)
  })

test('event-form-encoded: forms are taken in, JSON is not, and no token is needed', () =>
  withTracking({}, async (fake) => {
    const sent = await sendEvent(fake, { event: 'order_placed', eventdata: 'A-1', visit })
    expect([sent.status, sent.body]).toEqual([200, { success: 1, message: expect.any(String) }])
    expect(fake.account.events()).toEqual([{ event: 'order_placed', eventdata: 'A-1', email: 'ada@example.com', at: expect.any(Number) }])
    const body = JSON.stringify({ actid: fake.tracking.accountId, key: fake.tracking.eventKey, event: 'order_placed', visit })
    const json = await fetch(fake.tracking.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect([json.status, await json.json(), fake.account.events().length]).toEqual([200, refused, 1])
  }))

test('event-success-0: a failure is a 200 and is recorded with its rule', () =>
  withTracking({}, async (fake) => {
    const sent = await sendEvent(fake, { event: 'order_placed', visit, key: 'wrong' })
    expect([sent.status, sent.body, fake.requests[0]?.rule]).toEqual([200, refused, 'event-key'])
  }))

test('event-key: the API token is no event key', () =>
  withTracking({}, async (fake) => {
    for (const form of [{ key: fake.apiToken }, { actid: '1' }]) {
      expect((await sendEvent(fake, { event: 'order_placed', visit, ...form })).body).toEqual(refused)
    }
    expect(fake.account.events()).toEqual([])
  }))

test('event-tracking-enabled: nothing is taken in while tracking is off', () =>
  withTracking({}, async (fake) => {
    expect((await raw(fake, 'PUT', 'eventTracking', { eventTracking: { enabled: false } })).one('eventTracking')).toEqual({
      enabled: false,
    })
    expect((await sendEvent(fake, { event: 'order_placed', visit })).body).toEqual(refused)
    expect((await raw(fake, 'GET', 'eventTracking')).one('eventTracking')).toEqual({ enabled: false })
  }))

test('event-name-length: 32 characters at most', () =>
  withTracking({ unknownEvents: 'accept' }, async (fake) => {
    expect((await sendEvent(fake, { event: 'x'.repeat(33), visit })).body).toEqual(refused)
    expect((await sendEvent(fake, { event: '', visit })).body).toEqual(refused)
    expect((await sendEvent(fake, { event: 'x'.repeat(32), visit })).body).toMatchObject({ success: 1 })
  }))

test('event-name-known: a name the account does not know is refused unless told otherwise', async () => {
  await withTracking({}, async (fake) => {
    expect((await sendEvent(fake, { event: 'refund', visit })).body).toEqual(refused)
    expect(fake.requests[0]?.rule).toBe('event-name-known')
    expect((await raw(fake, 'DELETE', 'eventTrackingEvents/order_placed')).status).toBe(200)
    expect((await sendEvent(fake, { event: 'order_placed', visit })).body).toEqual(refused)
  })
  await withTracking({ unknownEvents: 'accept' }, async (fake) => {
    expect((await sendEvent(fake, { event: 'refund', visit })).body).toMatchObject({ success: 1 })
  })
})

test('event-name-duplicate: a name exists once', () =>
  withTracking({}, async (fake) => {
    expect((await raw(fake, 'POST', 'eventTrackingEvents', { eventTrackingEvent: { name: 'order_placed' } })).status).toBe(422)
    expect((await raw(fake, 'GET', 'eventTrackingEvents')).many('eventTrackingEvents')).toEqual([{ name: 'order_placed' }])
    expect((await raw(fake, 'DELETE', 'eventTrackingEvents/other')).status).toBe(404)
  }))

test('event-visit-email: an event of nobody is refused', () =>
  withTracking({}, async (fake) => {
    expect((await sendEvent(fake, { event: 'order_placed' })).body).toEqual(refused)
    expect((await sendEvent(fake, { event: 'order_placed', visit: 'ada@example.com' })).body).toEqual(refused)
  }))

test('event-no-timestamp: an event counts as now and twice when it is sent twice', async () => {
  const now = Date.UTC(2026, 10, 21, 12)
  await withTracking({ now: () => now }, async (fake) => {
    for (let sent = 0; sent < 2; sent += 1) await sendEvent(fake, { event: 'order_placed', visit, timestamp: '2020-01-01', id: '1' })
    expect(fake.account.events().map(({ at }) => at)).toEqual([now, now])
  })
})

test('event tracking does not draw from the rate of the API', () =>
  withTracking({ limits: { perSecond: 3 } }, async (fake) => {
    for (let sent = 0; sent < 5; sent += 1)
      expect((await sendEvent(fake, { event: 'order_placed', visit })).body).toMatchObject({ success: 1 })
  }))
