import { expect, test } from 'vitest'

import { raw, withFake } from '../raw.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const event = {
  contactIdentity: { identifier: 'email', value: 'ada@example.com' },
  type: 'Checkout started',
  id: 'checkout:1',
  eventTimestamp: '2026-11-20T10:00:00Z',
  timelineDetails: { summary: 'Began a checkout' },
  eventData: { total: 5 },
}

test('event-import: 202 without a body, filed later under the type of the event', () =>
  withFake({ importMs: Infinity }, async (fake) => {
    const contactId = fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    const reply = await raw(fake, 'POST', '/events/v3/import', [event])
    expect([reply.status, reply.body, fake.account.events()]).toEqual([202, '', []])
    fake.account.finishImports()
    expect(fake.account.events()).toMatchObject([{ id: 'checkout:1', contactId, summary: 'Began a checkout', data: { total: 5 } }])
    expect(fake.account.record('Checkout_started', 'checkout:1')).toEqual({
      id: 'checkout:1',
      event: 'Checkout started',
      created_date: '2026-11-20T10:00:00.000Z',
      event_data: { total: 5 },
    })
  }))

test('event-id-same-record: the same id again is the same record; without an id it is another one', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    await raw(fake, 'POST', '/events/v3/import', [event])
    await raw(fake, 'POST', '/events/v3/import', [event])
    expect(fake.account.records('Checkout_started')).toHaveLength(1)
    await raw(fake, 'POST', '/events/v3/import', [{ ...event, id: undefined }])
    await raw(fake, 'POST', '/events/v3/import', [{ ...event, id: undefined }])
    expect(fake.account.records('Checkout_started')).toHaveLength(3)
  }))

test('event-limits: one bad event refuses all, 5000 are the most', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    const bad = [
      { type: '' },
      { type: 'x'.repeat(81) },
      { timelineDetails: { summary: 'x'.repeat(161) } },
      { timelineDetails: {} },
      { id: '' },
      { eventData: [] },
      { contactIdentity: undefined },
    ]
    for (const more of bad)
      expect([more, (await raw(fake, 'POST', '/events/v3/import', [event, { ...event, ...more }])).status]).toEqual([more, 400])
    expect(
      (
        await raw(
          fake,
          'POST',
          '/events/v3/import',
          Array.from({ length: 5001 }, () => event),
        )
      ).status,
    ).toBe(400)
    expect(fake.account.events()).toEqual([])
    const edge = { ...event, type: 'x'.repeat(80), timelineDetails: { summary: 'x'.repeat(160) } }
    expect((await raw(fake, 'POST', '/events/v3/import', [edge])).status).toBe(202)
  }))

test('event-timestamp: of ISO 8601, or the time of processing', () =>
  withFake({ now: () => noon }, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'ada@example.com' } })
    for (const eventTimestamp of ['yesterday', noon, '2026-02-30T00:00:00Z'])
      expect((await raw(fake, 'POST', '/events/v3/import', [{ ...event, eventTimestamp }])).status).toBe(400)
    await raw(fake, 'POST', '/events/v3/import', [{ ...event, eventTimestamp: undefined }])
    expect(fake.account.events().map(({ occurredAt }) => occurredAt)).toEqual([noon])
  }))

test('event-contact-must-exist: an event of somebody unknown is accepted and dropped', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'POST', '/events/v3/import', [event])).status).toBe(202)
    expect(fake.account.events()).toMatchObject([{ id: 'checkout:1', contactId: undefined }])
    expect(fake.account.collections()).toEqual([])
  }))

test('event-type-reserved: the standard types of collections are no types of events', () =>
  withFake({}, async (fake) => {
    for (const type of ['orders', 'cartInsight']) {
      const reply = await raw(fake, 'POST', '/events/v3/import', [{ ...event, type }])
      expect([type, reply.status]).toEqual([type, 400])
    }
    expect(fake.requests[0]?.rule).toBe('event-type-reserved')
  }))

test('event-needs-cxdp: without the package it is 403', () =>
  withFake({ events: false }, async (fake) => {
    expect((await raw(fake, 'POST', '/events/v3/import', [event])).status).toBe(403)
  }))
