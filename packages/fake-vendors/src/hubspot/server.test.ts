import { expect, test } from 'vitest'

import { objects, raw, withFake } from './raw.ts'

test('path-dated-and-legacy: the same object is served under the dated and the legacy path', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    expect((await raw(fake, 'GET', `/crm/objects/2026-03/contacts/${id}`)).status).toBe(200)
    expect((await raw(fake, 'GET', `/crm/v3/objects/contacts/${id}`)).status).toBe(200)
    expect((await raw(fake, 'GET', `/crm/v3/objects/0-1/${id}`)).status).toBe(200)
    expect((await raw(fake, 'GET', '/account-info/v3/details')).status).toBe(200)
    expect((await raw(fake, 'GET', '/crm/v4/associations/contacts/deals/labels')).status).toBe(200)
  }))

test('path-unknown: other versions, unknown paths and wrong methods are refused', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', '/crm/objects/2026-09/contacts')).status).toBe(404)
    expect((await raw(fake, 'GET', '/crm/v1/objects/contacts')).status).toBe(404)
    expect((await raw(fake, 'GET', '/crm/v4/objects/contacts')).status).toBe(404)
    expect((await raw(fake, 'GET', '/communication-preferences/2026-03/subscribe')).status).toBe(404)
    expect((await raw(fake, 'GET', '/')).status).toBe(404)
    expect((await raw(fake, 'GET', '/crm/v3/objects/%E0%A4%A/1')).status).toBe(404)
    expect((await raw(fake, 'PUT', objects('contacts'))).status).toBe(405)
  }))

test('content-type-always: answers of every status name a content type', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com' })
    for (const [method, path, body, status] of [
      ['GET', objects('contacts', `/${id}`), undefined, 200],
      ['POST', objects('contacts'), { properties: { email: 'bob@example.com' } }, 201],
      ['DELETE', objects('contacts', `/${id}`), undefined, 204],
      ['GET', objects('contacts', '/1'), undefined, 404],
      ['POST', objects('contacts'), { properties: { nope: 'x' } }, 400],
    ] as const) {
      const reply = await raw(fake, method, path, body)
      expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/json;charset=utf-8'])
    }
  }))

test('body-shape: JSON that is broken or of the wrong shape is a 400 and writes nothing', () =>
  withFake({}, async (fake) => {
    const bodies = [
      '{',
      '[]',
      '"text"',
      '{}',
      '{"inputs":{}}',
      '{"inputs":[1]}',
      '{"inputs":[{"properties":[]}]}',
      '{"inputs":[{"properties":{"email":{}}}]}',
    ]
    for (const body of bodies)
      expect([body, (await raw(fake, 'POST', objects('contacts', '/batch/create'), body)).status]).toEqual([body, 400])
    expect(fake.portal.count('contacts')).toBe(0)
  }))

test('object-type-unknown: a type that does not exist is named', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'GET', objects('gadgets'))
    expect([reply.status, reply.message]).toEqual([400, 'Unable to infer object type from: gadgets'])
  }))

test('object-not-found: reading, changing and deleting what never was is a 404', () =>
  withFake({}, async (fake) => {
    expect((await raw(fake, 'GET', objects('contacts', '/123'))).body).toMatchObject({
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
      message: 'resource not found',
    })
    expect((await raw(fake, 'PATCH', objects('contacts', '/123'), { properties: {} })).status).toBe(404)
    expect((await raw(fake, 'DELETE', objects('contacts', '/123'))).status).toBe(404)
  }))

test('auth-invalid-token: no token and a wrong token are 401, before anything else is looked at', () =>
  withFake({ accessToken: 'pat-eu1-secret' }, async (fake) => {
    for (const authorization of ['', 'Bearer nope', 'pat-eu1-secret', 'Basic pat-eu1-secret']) {
      const reply = await raw(fake, 'GET', '/no/such/path', undefined, { authorization })
      expect([reply.status, reply.body]).toEqual([401, expect.objectContaining({ category: 'INVALID_AUTHENTICATION' })])
    }
    fake.credentials.rotate('pat-eu1-next')
    expect((await raw(fake, 'GET', objects('contacts'), undefined, { authorization: 'Bearer pat-eu1-secret' })).status).toBe(401)
    expect((await raw(fake, 'GET', objects('contacts'))).status).toBe(200)
  }))

test('auth-expired-token: an expired token has its own category', () =>
  withFake({}, async (fake) => {
    fake.credentials.expire()
    expect((await raw(fake, 'GET', objects('contacts'))).body).toMatchObject({ category: 'EXPIRED_AUTHENTICATION' })
    fake.credentials.expire(false)
    expect((await raw(fake, 'GET', objects('contacts'))).status).toBe(200)
  }))

test('token-info: a token is told its scopes without needing one, and nothing of another token', () =>
  withFake({ scopes: ['crm.objects.contacts.read'], portalId: 42 }, async (fake) => {
    const path = '/oauth/v2/private-apps/get/access-token-info'
    const own = await raw(fake, 'POST', path, { tokenKey: fake.accessToken })
    expect([own.status, own.body]).toMatchObject([200, { hubId: 42, scopes: ['crm.objects.contacts.read'] }])
    expect((await raw(fake, 'POST', path, { tokenKey: 'pat-other' })).status).toBe(400)
    expect((await raw(fake, 'POST', path)).status).toBe(400)
    expect((await raw(fake, 'GET', path)).status).toBe(405)
  }))

test('auth-missing-scopes: the scopes that would do are named', () =>
  withFake({ scopes: ['crm.objects.contacts.read'] }, async (fake) => {
    expect((await raw(fake, 'GET', objects('contacts'))).status).toBe(200)
    const write = await raw(fake, 'POST', objects('contacts', '/batch/upsert'), { inputs: [] })
    expect([write.status, write.body]).toEqual([403, expect.objectContaining({ category: 'MISSING_SCOPES' })])
    expect(write.errors[0]?.['message']).toContain('crm.objects.contacts.write')
    const property = await raw(fake, 'POST', '/crm/properties/2026-03/contacts', {})
    expect(property.errors[0]?.['message']).toContain('crm.schemas.contacts.write')
    expect((await raw(fake, 'GET', objects('deals'))).status).toBe(403)
    expect((await raw(fake, 'GET', '/account-info/2026-03/details')).status).toBe(403)
    fake.credentials.grant(['e-commerce'])
    expect((await raw(fake, 'GET', objects('line_items'))).status).toBe(200)
    fake.credentials.revoke('e-commerce')
    expect((await raw(fake, 'GET', objects('line_items'))).status).toBe(403)
  }))

test('requests are recorded with status, inputs and the rule that refused them', () =>
  withFake({ recordBodies: true }, async (fake) => {
    await raw(fake, 'POST', objects('contacts', '/batch/create?x=1'), {
      inputs: [{ properties: { email: 'a@example.com' } }, { properties: { nope: '1' } }],
    })
    await raw(fake, 'GET', objects('contacts'))
    expect(fake.requests).toMatchObject([
      {
        method: 'POST',
        path: '/crm/objects/2026-03/contacts/batch/create',
        query: 'x=1',
        status: 400,
        inputs: 2,
        rule: 'property-unknown',
      },
      { method: 'GET', status: 200 },
    ])
    expect(fake.requests[0]?.body).toContain('a@example.com')
    expect(fake.count({ method: 'POST', path: /batch/ })).toBe(1)
    expect(fake.count((request) => request.status < 300)).toBe(1)
    fake.resetRequests()
    expect(fake.count()).toBe(0)
  }))

test('account-details: the account tells its zone and currencies', () =>
  withFake(
    { portalId: 77, timeZone: 'America/New_York', companyCurrency: 'USD', currencies: ['JPY'], now: () => Date.UTC(2026, 6, 1) },
    async (fake) => {
      expect((await raw(fake, 'GET', '/account-info/2026-03/details')).body).toMatchObject({
        portalId: 77,
        timeZone: 'America/New_York',
        companyCurrency: 'USD',
        additionalCurrencies: ['JPY'],
        accountType: 'STANDARD',
        utcOffset: '-04:00',
        dataHostingLocation: 'eu1',
      })
    },
  ))

test('account-usage-cached: the reported use runs behind by up to five minutes', async () => {
  let now = Date.UTC(2026, 10, 21, 12)
  await withFake({ limits: { daily: 1000 }, now: () => now }, async (fake) => {
    const usage = async (): Promise<unknown> => (await raw(fake, 'GET', '/account-info/2026-03/api-usage/daily/private-apps')).results[0]
    expect(await usage()).toMatchObject({ usageLimit: 1000, currentUsage: 1, fetchStatus: 'SUCCESS', resetsAt: '2026-11-21T23:00:00.000Z' })
    now += 60_000
    expect(await usage()).toMatchObject({ currentUsage: 1 })
    now += 5 * 60_000
    expect(await usage()).toMatchObject({ currentUsage: 3 })
  })
})

test('currencies-preflight: supported codes, the company currency and the enabled ones', () =>
  withFake({ companyCurrency: 'EUR', currencies: ['JPY', 'KWD'] }, async (fake) => {
    expect((await raw(fake, 'GET', '/settings/currencies/2026-03/company-currency')).body).toEqual({ currencyCode: 'EUR' })
    expect((await raw(fake, 'GET', '/settings/currencies/2026-03/codes')).results).toContainEqual({
      currencyCode: 'KWD',
      currencyName: 'Kuwaiti Dinar',
    })
    const rates = await raw(fake, 'GET', '/settings/v3/currencies/exchange-rates')
    expect(rates.results.map((rate) => rate['fromCurrencyCode'])).toEqual(['JPY', 'KWD'])
  }))
