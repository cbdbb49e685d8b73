import { expect, test } from 'vitest'

import { objects, raw, withFake } from './raw.ts'
import type { FakeHubSpot } from './server.ts'

const noon = Date.UTC(2026, 10, 21, 12)

async function statuses(fake: FakeHubSpot, count: number, path = objects('contacts'), body?: object): Promise<Record<number, number>> {
  const seen: Record<number, number> = {}
  for (let request = 0; request < count; request += 1) {
    const { status } = await raw(fake, body === undefined ? 'GET' : 'POST', path, body)
    seen[status] = (seen[status] ?? 0) + 1
  }
  return seen
}

test('rate-burst-rolling: no ten seconds ever hold more than the limit, across any border', async () => {
  let now = noon
  await withFake({ limits: { burst: 10 }, now: () => now }, async (fake) => {
    now = noon + 9000
    expect(await statuses(fake, 10)).toEqual({ 200: 10 })
    now = noon + 10_001
    expect(await statuses(fake, 3)).toEqual({ 429: 3 })
    now = noon + 18_999
    expect(await statuses(fake, 1)).toEqual({ 429: 1 })
    now = noon + 19_000
    expect(await statuses(fake, 11)).toEqual({ 200: 10, 429: 1 })
  })
})

test('rate-burst-rolling: tiers have their own limits', async () => {
  const max = async (tier: 'free' | 'professional'): Promise<string | null> => {
    let header: string | null = null
    await withFake({ tier, limits: {} }, async (fake) => {
      header = (await raw(fake, 'GET', objects('contacts'))).headers.get('x-hubspot-ratelimit-max')
    })
    return header
  }
  expect([await max('free'), await max('professional')]).toEqual(['100', '190'])
})

test('rate-headers: every answer tells what is left', async () => {
  await withFake({ limits: { burst: 5, daily: 100 }, now: () => noon }, async (fake) => {
    await raw(fake, 'GET', objects('contacts'))
    const { headers } = await raw(fake, 'GET', objects('contacts', '/1'))
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-hubspot')))).toEqual({
      'x-hubspot-ratelimit-max': '5',
      'x-hubspot-ratelimit-remaining': '3',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-daily': '100',
      'x-hubspot-ratelimit-daily-remaining': '98',
    })
  })
})

test('rate-429-body: the policy is named in the body', async () => {
  await withFake({ limits: { burst: 0 }, portalId: 5 }, async (fake) => {
    expect((await raw(fake, 'GET', objects('contacts'))).body).toMatchObject({
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      groupName: 'publicapi:private-apps:calls:api-key:5',
      correlationId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    })
  })
})

test('rate-no-retry-after: a 429 does not say when to come back', async () => {
  await withFake({ limits: { burst: 0 } }, async (fake) => {
    const { headers } = await raw(fake, 'GET', objects('contacts'))
    expect([headers.get('retry-after'), headers.get('x-hubspot-ratelimit-remaining')]).toEqual([null, '0'])
  })
})

test('rate-daily: the counter is shared with other apps and resets at midnight of the account, also when clocks change', async () => {
  // Clocks in Berlin went forward on 29 March 2026: midnight is 23:00Z before and 22:00Z after.
  let now = Date.UTC(2026, 2, 28, 22, 59, 59)
  await withFake({ limits: { daily: 5 }, timeZone: 'Europe/Berlin', now: () => now }, async (fake) => {
    fake.rates.consume({ daily: 3 })
    expect(await statuses(fake, 3)).toEqual({ 200: 2, 429: 1 })
    expect((await raw(fake, 'GET', objects('contacts'))).body).toMatchObject({ policyName: 'DAILY' })
    now = Date.UTC(2026, 2, 28, 23, 0, 0)
    expect(await statuses(fake, 6)).toEqual({ 200: 5, 429: 1 })
    now = Date.UTC(2026, 2, 29, 21, 59, 59)
    expect(await statuses(fake, 1)).toEqual({ 429: 1 })
    expect(fake.rates.resetsAt).toBe(Date.UTC(2026, 2, 29, 22))
    now = Date.UTC(2026, 2, 29, 22, 0, 0)
    expect(await statuses(fake, 1)).toEqual({ 200: 1 })
  })
})

test('rate-search: five a second for the whole account, without rate headers', async () => {
  let now = noon
  await withFake({ limits: { burst: 100 }, now: () => now }, async (fake) => {
    const path = objects('contacts', '/search')
    expect(await statuses(fake, 7, path, {})).toEqual({ 200: 5, 429: 2 })
    const refused = await raw(fake, 'POST', path, {})
    expect(refused.body).toMatchObject({ message: 'You have reached your secondly limit.', policyName: 'SECONDLY' })
    now += 1000
    const served = await raw(fake, 'POST', path, {})
    expect([served.status, [...served.headers.keys()].filter((name) => name.includes('ratelimit'))]).toEqual([200, []])
  })
})

test('rate-associations-burst: associations have a budget of their own', async () => {
  let now = noon
  await withFake({ limits: { burst: 1, associationBurst: 3 }, now: () => now }, async (fake) => {
    const path = '/crm/associations/2026-03/contacts/deals/labels'
    expect(await statuses(fake, 4, path)).toEqual({ 200: 3, 429: 1 })
    expect(await statuses(fake, 1)).toEqual({ 200: 1 })
    now += 10_000
    expect((await raw(fake, 'GET', path)).headers.get('x-hubspot-ratelimit-remaining')).toBe('2')
  })
})

test('rate-associations-daily: associations have a daily budget of their own', async () => {
  await withFake({ limits: { daily: 1, associationDaily: 2 }, now: () => noon }, async (fake) => {
    expect(await statuses(fake, 3, '/crm/associations/2026-03/contacts/deals/labels')).toEqual({ 200: 2, 429: 1 })
    expect(await statuses(fake, 2)).toEqual({ 200: 1, 429: 1 })
  })
})

test('rate-events: event sends are counted by the second and not by the burst', async () => {
  let now = noon
  await withFake({ limits: { burst: 0, events: 2 }, now: () => now }, async (fake) => {
    const path = '/events/2026-03/send'
    expect(await statuses(fake, 3, path, { eventName: 'pe1_x' })).toEqual({ 400: 2, 429: 1 })
    now += 1000
    expect(await statuses(fake, 1, path, { eventName: 'pe1_x' })).toEqual({ 400: 1 })
  })
})
