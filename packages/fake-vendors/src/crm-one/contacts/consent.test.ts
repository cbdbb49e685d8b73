import { expect, test } from 'vitest'

import { consent, contactKey, contactPath, raw, shop, withFake, type RawReply } from '../raw.test-helper.ts'
import type { FakeCrmOne } from '../server.ts'

let sourceVersion = 0

function say(fake: FakeCrmOne, ...consents: readonly object[]): Promise<RawReply> {
  return raw(fake, 'PUT', contactPath('1'), { sourceVersion: (sourceVersion += 1), consents })
}

function statusOf(fake: FakeCrmOne): string | undefined {
  return fake.crm.contact(`${shop}/1`)?.consents[0]?.status
}

const day = (number: number): string => `2026-01-0${number}T00:00:00Z`

test('consent-only-newer: a consent needs a later time than the stored one, whatever it says', () =>
  withFake({}, async (fake) => {
    await say(fake, consent('granted', day(2)))
    for (const [status, at] of [
      ['denied', day(1)],
      ['withdrawn', day(2)],
      ['granted', day(2)],
      ['granted', '2026-01-02T01:00:00+01:00'],
    ] as const) {
      const reply = await say(fake, consent(status, at))
      expect([reply.status, reply.code, reply.errors]).toEqual([409, 'stale_consent', ['/consents/0/at not_newer']])
    }
    expect((await say(fake, consent('denied', '2026-01-02T00:00:00.001Z'))).status).toBe(200)
    expect(
      (await say(fake, { ...consent('denied', day(1)), channel: 'sms' }, { ...consent('granted', day(1)), purpose: 'service' })).status,
    ).toBe(200)
    expect(fake.crm.contact(`${shop}/1`)?.consents.map(({ channel, purpose, status }) => [channel, purpose, status])).toEqual([
      ['email', 'marketing', 'denied'],
      ['sms', 'marketing', 'denied'],
      ['email', 'service', 'granted'],
    ])
  }))

test('consent-withdrawn-is-sticky: after a withdrawal only a newer opt-in with evidence counts, also by way of another status', () =>
  withFake({}, async (fake) => {
    await say(fake, consent('withdrawn', day(1)))
    const refused = await say(fake, consent('granted', day(2)))
    expect([refused.status, refused.code, refused.errors]).toEqual([422, 'consent_evidence_required', ['/consents/0/evidence required']])
    expect((await say(fake, consent('denied', day(3)))).status).toBe(200)
    expect((await say(fake, consent('granted', day(4)))).code).toBe('consent_evidence_required')
    expect((await say(fake, consent('granted', day(2), { evidence: 'form 7' }))).code).toBe('stale_consent')
    expect((await say(fake, consent('granted', day(4), { evidence: 'form 7' }))).status).toBe(200)
    expect((await say(fake, consent('denied', day(5)))).status).toBe(200)
    expect((await say(fake, consent('granted', day(6)))).status).toBe(200)
  }))

test('consent-unknown-never-overwrites: unknown is kept out and named, and counts as nothing', () =>
  withFake({}, async (fake) => {
    expect((await say(fake, consent('unknown', day(1)))).body['ignored']).toEqual([])
    expect((await raw(fake, 'PUT', `/lists/newsletter/members/${contactKey('1')}`)).code).toBe('consent_required')
    await say(fake, consent('granted', day(2)))
    for (const at of [day(1), day(3)]) {
      const reply = await say(fake, consent('unknown', at))
      expect([reply.status, reply.body['ignored']]).toEqual([200, ['/consents/0']])
    }
    expect(statusOf(fake)).toBe('granted')
  }))

test('consent-refuses-whole-write: one refused consent keeps the others and the fields out', () =>
  withFake({}, async (fake) => {
    await say(fake, consent('granted', day(2)))
    const body = {
      sourceVersion: (sourceVersion += 1),
      name: { given: 'Ada' },
      externalIds: [{ source: 'magento:eu', id: '7' }],
      consents: [{ ...consent('granted', day(3)), channel: 'sms' }, consent('granted', day(2))],
    }
    expect((await raw(fake, 'PUT', contactPath('1'), body)).errors).toEqual(['/consents/1/at not_newer'])
    expect(fake.crm.contact(`${shop}/1`)).toMatchObject({
      name: {},
      externalIds: [{ id: '1' }],
      consents: [{ channel: 'email' }],
      meta: { version: 1 },
    })
  }))

test('consent-not-from-the-future: a time more than 300 seconds ahead of the clock of the CRM is not valid', () =>
  withFake({ now: () => Date.parse(day(5)) }, async (fake) => {
    const reply = await say(fake, consent('granted', '2026-01-05T00:05:01Z'))
    expect([reply.status, reply.code, reply.errors]).toEqual([422, 'validation', ['/consents/0/at in_the_future']])
    expect((await say(fake, consent('granted', '2026-01-05T00:05:00Z'))).status).toBe(201)
  }))

test('clock skew: a slow CRM refuses what was just said, a fast one makes its own opt-outs look newer', () =>
  withFake({ now: () => Date.parse(day(5)), clockSkewMs: -3_600_000 }, async (fake) => {
    const now = consent('granted', day(5))
    const refused = await say(fake, now)
    expect([refused.errors, refused.headers.get('date')]).toEqual([['/consents/0/at in_the_future'], 'Sun, 04 Jan 2026 23:00:00 GMT'])
    fake.crm.skewClock(0)
    expect((await say(fake, now)).status).toBe(201)
    fake.crm.skewClock(3_600_000)
    fake.crm.withdraw(`${shop}/1`, 'email', 'marketing')
    expect(fake.crm.contact(`${shop}/1`)?.consents[0]).toMatchObject({ status: 'withdrawn', at: '2026-01-05T01:00:00.000Z', source: 'crm' })
    expect((await say(fake, consent('granted', '2026-01-05T00:30:00Z', { evidence: 'form 7' }))).code).toBe('stale_consent')
    fake.crm.grant(`${shop}/1`, 'email', 'marketing')
    expect(statusOf(fake)).toBe('granted')
  }))

test('consent-ends-membership: who takes consent back is no member any longer, by API and inside the CRM', () =>
  withFake({}, async (fake) => {
    const join = (): Promise<RawReply> => raw(fake, 'PUT', `/lists/newsletter/members/${contactKey('1')}`)
    await say(fake, consent('granted', day(1)))
    await join()
    await say(fake, { ...consent('denied', day(2)), channel: 'sms' })
    expect(fake.crm.members('newsletter')).toHaveLength(1)
    await say(fake, consent('denied', day(2)))
    expect(fake.crm.members('newsletter')).toEqual([])
    await say(fake, consent('granted', day(3)))
    await join()
    fake.crm.withdraw(`${shop}/1`, 'email', 'marketing')
    expect(fake.crm.members('newsletter')).toEqual([])
    expect((await join()).code).toBe('consent_required')
  }))
