import { expect, test } from 'vitest'

import { unlimited } from './options.ts'
import { byEmail, raw, withFake, writeContact } from './raw.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const read = byEmail('ada@example.com')
const contact = { identifiers: { email: 'ada@example.com' } }

test('rate-tiers: each tier has its own budget', () =>
  withFake({ limits: { low: 1, medium: 2, high: 1 }, now: () => noon }, async (fake) => {
    const low = [await raw(fake, 'GET', '/contacts/v3'), await raw(fake, 'GET', '/contacts/v3')]
    const medium = [
      await writeContact(fake, 'PATCH', read, {}),
      await writeContact(fake, 'PATCH', read, {}),
      await writeContact(fake, 'PATCH', read, {}),
    ]
    const high = [await raw(fake, 'GET', read), await raw(fake, 'GET', read)]
    expect([low, medium, high].map((replies) => replies.map(({ status }) => status))).toEqual([
      [200, 429],
      [201, 200, 429],
      [200, 429],
    ])
  }))

test('rate-headers: every answer of a bounded tier tells limit, rest, reset and scope', () =>
  withFake({ limits: { high: 5 }, now: () => noon + 250 }, async (fake) => {
    await raw(fake, 'GET', '/v2/server-time')
    const { headers } = await raw(fake, 'GET', read)
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-ratelimit')))).toEqual({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': String(noon / 1000 + 61),
      'x-ratelimit-scope': 'highCallRate',
    })
  }))

test('rate-429: a refused call says when to come again, but never by Retry-After, and applies nothing', () =>
  withFake({ limits: { medium: 0 }, now: () => noon }, async (fake) => {
    const reply = await writeContact(fake, 'POST', '/contacts/v3', contact)
    expect([reply.status, reply.headers.get('x-ratelimit-remaining'), reply.headers.get('retry-after')]).toEqual([429, '0', null])
    expect(fake.requests[0]).toMatchObject({ rule: 'rate-429', status: 429 })
    expect(fake.account.contacts()).toEqual([])
  }))

test('rate-window: the minute begins with the first call, and the reset of the header is when everything is free again', () => {
  let now = noon
  return withFake({ limits: { ...unlimited, high: 2 }, now: () => now }, async (fake) => {
    const call = async (): Promise<number> => (await raw(fake, 'GET', '/v2/server-time')).status
    expect([await call(), await call(), await call()]).toEqual([200, 200, 429])
    const reset = Number((await raw(fake, 'GET', '/v2/server-time')).headers.get('x-ratelimit-reset')) * 1000
    now = reset - 1
    expect(await call()).toBe(429)
    now = reset
    expect([await call(), await call(), await call()]).toEqual([200, 200, 429])
    now = reset + 60_000
    fake.rates.consume('high', 2)
    expect(await call()).toBe(429)
  })
})

test('rate-flat-400: the old scheme refuses with 400 by the hour, in any tier and without headers', () => {
  let now = noon
  return withFake({ rateScheme: 'flat', flatPerHour: 3, now: () => now }, async (fake) => {
    fake.rates.consume('low', 1)
    const replies = [await raw(fake, 'GET', '/v2/server-time'), await writeContact(fake, 'POST', '/contacts/v3', contact)]
    const refused = await raw(fake, 'PUT', read, contact)
    expect(replies.map(({ status }) => status)).toEqual([200, 201])
    expect([refused.status, refused.error, refused.headers.get('x-ratelimit-reset')]).toEqual([
      400,
      expect.stringContaining('ERROR_APIUSAGE_EXCEEDED'),
      null,
    ])
    now = noon + 3_600_000
    expect((await raw(fake, 'GET', read)).status).toBe(200)
  })
})

test('rate-polls-unlimited: asking for the state of an import costs nothing', () =>
  withFake({ limits: { low: 1, medium: 0, high: 0 }, importMs: Infinity, now: () => noon }, async (fake) => {
    const accepted = await raw(fake, 'PUT', '/contacts/v3/import', { contacts: [{ matchIdentifier: 'email', ...contact }] })
    const path = `/contacts/v3/import/${String(accepted.json['importId'])}`
    for (let poll = 0; poll < 5; poll += 1) {
      const reply = await raw(fake, 'GET', path)
      expect([reply.status, reply.headers.get('x-ratelimit-limit')]).toEqual([200, null])
    }
  }))
