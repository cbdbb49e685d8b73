import { expect, test } from 'vitest'

import { graphql, raw, withFake } from './raw.ts'

const noon = Date.UTC(2026, 10, 21, 12)

test('auth-403: a wrong or missing token is 403, and the old one after a rotation', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', 'contacts', undefined, { 'api-token': 'wrong' })).status).toBe(403)
    const old = fake.apiToken
    fake.credentials.rotate('new')
    const refused = await raw(fake, 'GET', 'contacts', undefined, { 'api-token': old })
    expect([refused.status, refused.body]).toEqual([403, { message: expect.any(String) }])
    expect((await raw(fake, 'GET', 'contacts')).status).toBe(200)
  }))

test('rate-per-second: no second ever holds more than five requests, REST and GraphQL together', async () => {
  let now = noon
  await withFake({ limits: { perSecond: 5 }, now: () => now }, async (fake) => {
    for (let request = 0; request < 3; request += 1) expect((await raw(fake, 'GET', 'tags')).status).toBe(200)
    now += 600
    for (let request = 0; request < 2; request += 1) expect((await graphql(fake, '{ searchOrder { id } }')).status).not.toBe(429)
    const refused = await raw(fake, 'GET', 'tags')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    now += 400
    const statuses: number[] = []
    for (let request = 0; request < 4; request += 1) statuses.push((await raw(fake, 'GET', 'tags')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    fake.rates.consume(5)
    now += 600
    expect((await raw(fake, 'GET', 'tags')).status).toBe(429)
    expect(fake.requests.at(-1)?.rule).toBe('rate-per-second')
  })
})

test('rate-headers: every answer tells the limit and what is left of it', () =>
  withFake({ limits: { perSecond: 3 }, now: () => noon }, async (fake) => {
    const seen: unknown[] = []
    for (let request = 0; request < 4; request += 1) {
      const { headers } = await raw(fake, 'GET', 'tags')
      seen.push([headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')])
    }
    expect(seen).toEqual([
      ['3', '2'],
      ['3', '1'],
      ['3', '0'],
      ['3', '0'],
    ])
  }))

test('rate-hammering-503: who does not obey 429 gets 503 with HTML', () =>
  withFake({ limits: { perSecond: 1, refusals: 2 }, now: () => noon }, async (fake) => {
    const statuses: number[] = []
    for (let request = 0; request < 4; request += 1) statuses.push((await raw(fake, 'GET', 'tags')).status)
    expect(statuses).toEqual([200, 429, 429, 503])
    expect(String((await raw(fake, 'GET', 'tags')).body)).toContain('<html>')
  }))

test('path-unknown: what is not served is 404, a wrong method 405', () =>
  withFake({}, async (fake) => {
    expect([(await raw(fake, 'GET', 'campaigns')).status, (await raw(fake, 'PATCH', 'contacts/1')).status]).toEqual([404, 405])
    expect((await raw(fake, 'GET', 'tags/%E0%A4%A')).status).toBe(404)
    expect((await fetch(`${fake.url}/api/2/contacts`, { headers: { 'api-token': fake.apiToken } })).status).toBe(404)
  }))

test('body-shape: a body that is no JSON or lacks its envelope is a 400 with an empty object', () =>
  withFake({}, async (fake) => {
    for (const body of ['{', { email: 'ada@example.com' }, []]) {
      const reply = await raw(fake, 'POST', 'contact/sync', body)
      expect([reply.status, reply.body]).toEqual([400, {}])
    }
  }))

test('page-20-rows: 20 rows unless asked for more, never more than 100, with the total as text', () =>
  withFake({}, async (fake) => {
    for (let index = 0; index < 130; index += 1) fake.account.contact({ email: `p${index}@example.com` })
    const sizes: number[] = []
    for (const query of ['', '?limit=100', '?limit=500', '?limit=100&offset=100']) {
      const reply = await raw(fake, 'GET', `contacts${query}`)
      sizes.push(reply.many('contacts').length)
      expect(reply.one('meta')).toEqual({ total: '130' })
    }
    expect(sizes).toEqual([20, 100, 100, 30])
  }))
