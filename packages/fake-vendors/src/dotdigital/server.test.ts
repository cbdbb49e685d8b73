import { expect, test } from 'vitest'

import { byEmail, raw, withFake, writeContact } from './raw.ts'

test('auth-basic: every call needs user and password, and a rotated password ends the old one', () =>
  withFake({}, async (fake) => {
    const refused = [
      await raw(fake, 'GET', '/v2/account-info', undefined, { authorization: '' }),
      await raw({ ...fake, password: 'wrong' }, 'GET', '/v2/account-info'),
      await raw(fake, 'GET', '/v2/account-info', undefined, { authorization: `Bearer ${fake.password}` }),
    ]
    expect(refused.map(({ status, body }) => [status, body])).toEqual([
      [401, ''],
      [401, ''],
      [401, ''],
    ])
    const old = fake.password
    fake.credentials.rotate('next')
    expect((await raw({ ...fake, password: old }, 'GET', '/v2/account-info')).status).toBe(401)
    expect((await raw(fake, 'GET', '/v2/account-info')).status).toBe(200)
    expect(fake.requests.map(({ rule }) => rule)).toEqual(['auth-basic', 'auth-basic', 'auth-basic', 'auth-basic', undefined])
  }))

test('region-wrong-403: another region knows the user but denies access, and applies nothing', () =>
  withFake({}, async (fake) => {
    const elsewhere = { url: fake.otherRegionUrl, username: fake.username, password: fake.password }
    const reply = await raw(elsewhere, 'PATCH', byEmail('ada@example.com'), {})
    expect([reply.status, reply.error]).toEqual([403, 'Access is denied'])
    expect((await raw(elsewhere, 'GET', '/v2/account-info')).status).toBe(403)
    expect((await raw({ ...elsewhere, password: 'wrong' }, 'GET', '/v2/account-info')).status).toBe(401)
    expect(fake.account.contacts()).toEqual([])
    expect(fake.otherRegionRequests.map(({ rule }) => rule)).toEqual(['region-wrong-403', 'region-wrong-403', 'auth-basic'])
  }))

test('region-discovery: region 1 tells accounts of other regions where they live', () =>
  withFake({ region: 'r2' }, async (fake) => {
    const info = await raw({ url: fake.otherRegionUrl, username: fake.username, password: fake.password }, 'GET', '/v2/account-info')
    const endpoint = { name: 'ApiEndpoint', type: 'String', value: fake.url }
    expect([info.status, info.json['properties']]).toEqual([200, expect.arrayContaining([endpoint])])
    expect((await raw(fake, 'GET', '/v2/account-info')).json['properties']).toContainEqual(endpoint)
  }))

test('server-time: the clock of the server as a JSON text', () =>
  withFake({ now: () => Date.UTC(2026, 10, 21, 12) }, async (fake) => {
    const reply = await raw(fake, 'GET', '/v2/server-time')
    expect([reply.status, reply.body]).toEqual([200, '2026-11-21T12:00:00.000Z'])
  }))

test('path-unknown: other versions, unknown paths, broken encoding and wrong methods are refused', () =>
  withFake({}, async (fake) => {
    for (const path of ['/', '/contacts/v2', '/contacts/v3/', '/contacts/v3/email/%E0%A4%A', '/insightData/v3', '/v2/contacts'])
      expect([path, (await raw(fake, 'GET', path)).status]).toEqual([path, 404])
    expect((await raw(fake, 'DELETE', '/contacts/v3')).status).toBe(405)
    expect((await raw(fake, 'POST', '/insightData/v3/import', {})).status).toBe(405)
  }))

test('body-shape: broken JSON and JSON of another shape are a 400 in the form of the version', () =>
  withFake({}, async (fake) => {
    const tried = [
      ['PATCH', byEmail('ada@example.com'), '{'],
      ['PATCH', byEmail('ada@example.com'), '[]'],
      ['PATCH', byEmail('ada@example.com'), undefined],
      ['PATCH', byEmail('ada@example.com'), '{"dataFields":[]}'],
      ['PATCH', byEmail('ada@example.com'), '{"preferences":{}}'],
      ['PUT', '/contacts/v3/import', '{"contacts":[]}'],
      ['PUT', '/contacts/v3/import', '[]'],
      ['PUT', '/insightData/v3/import', '{"records":[]}'],
      ['POST', '/events/v3/import', '{}'],
      ['POST', '/events/v3/import', '[]'],
      ['POST', '/events/v3/import', '[1]'],
    ] as const
    for (const [method, path, body] of tried) {
      const reply = await raw(fake, method, path, body)
      expect([path, reply.status, reply.error]).toEqual([path, 400, expect.stringMatching(/^(contacts|insightData|events):badJson$/)])
    }
    const v2 = await raw(fake, 'POST', '/v2/address-books', '[')
    expect([v2.status, v2.error]).toEqual([400, 'Error: ERROR_INVALID_REQUEST'])
    expect(fake.account.contacts()).toEqual([])
  }))

test('body-50-mb: a body beyond the bound is refused in bytes, not characters', () =>
  withFake({ maxBodyBytes: 85 }, async (fake) => {
    fake.account.addDataField('note', 'String')
    const body = (text: string): object => ({ dataFields: { FIRSTNAME: text } })
    expect((await writeContact(fake, 'PATCH', byEmail('a@example.com'), body('x'.repeat(24)))).status).toBe(201)
    expect((await writeContact(fake, 'PATCH', byEmail('a@example.com'), body('ü'.repeat(24)))).status).toBe(400)
    expect((await raw(fake, 'POST', '/v2/address-books', { name: 'x'.repeat(85) })).error).toBe('Error: ERROR_REQUEST_TOO_LARGE')
  }))
