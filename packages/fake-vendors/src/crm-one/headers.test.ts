import { expect, test } from 'vitest'

import { activity, consent, contactKey, contactPath, deal, order, raw, shop, withFake } from './raw.test-helper.ts'
import { allScopes } from './scopes.ts'

const ada = { sourceVersion: 1, name: { given: 'Ada' } }

test('auth-bearer: no token and a wrong token are 401, before anything else is looked at', () =>
  withFake({ token: 'secret' }, async (fake) => {
    for (const authorization of [null, 'Bearer nope', 'secret', 'Basic secret', 'bearer secret']) {
      const reply = await raw(fake, 'GET', '/no/such/path', undefined, { headers: { authorization, 'x-correlation-id': null } })
      expect([reply.status, reply.code, reply.headers.get('www-authenticate')]).toEqual([401, 'credentials', 'Bearer'])
    }
    fake.credentials.rotate('other')
    expect((await raw(fake, 'GET', '/schema', undefined, { headers: { authorization: 'Bearer secret' } })).status).toBe(401)
    expect((await raw(fake, 'GET', '/schema')).status).toBe(200)
  }))

test('auth-scope: every operation needs its scope and names it, before the body is read', () =>
  withFake({}, async (fake) => {
    const operations = [
      ['GET', '/contacts', 'contacts:read'],
      ['GET', '/contacts/con_1', 'contacts:read'],
      ['GET', contactPath('1'), 'contacts:read'],
      ['PUT', contactPath('1'), 'contacts:write'],
      ['DELETE', contactPath('1'), 'contacts:erase'],
      ['DELETE', `${contactPath('1')}/erasure`, 'contacts:erase'],
      ['POST', '/contacts/con_1/external-ids', 'contacts:write'],
      ['POST', '/contacts/con_1/merge', 'contacts:write'],
      ['PUT', '/activities/1', 'activities:write'],
      ['PUT', '/orders/s/1', 'orders:write'],
      ['PUT', '/deals/s/1', 'deals:write'],
      ['PUT', '/lists/newsletter/members/con_1', 'lists:write'],
      ['DELETE', '/lists/newsletter/members/con_1', 'lists:write'],
      ['GET', '/schema', 'schema:read'],
    ] as const
    for (const [method, path, scope] of operations) {
      fake.credentials.grant(allScopes)
      fake.credentials.revoke(scope)
      const reply = await raw(fake, method, path, method === 'PUT' || method === 'POST' ? '{' : undefined)
      expect([path, reply.status, reply.code, reply.errors]).toEqual([path, 403, 'scope', [`header/Authorization ${scope}`]])
    }
  }))

test('correlation-required: a request without a readable correlation id is malformed', () =>
  withFake({}, async (fake) => {
    for (const id of [null, '', 'two words', 'x'.repeat(129)]) {
      const reply = await raw(fake, 'PUT', contactPath('1'), ada, { headers: { 'x-correlation-id': id } })
      expect([reply.status, reply.code, reply.errors]).toEqual([400, 'malformed', ['header/X-Correlation-Id required']])
    }
    expect(fake.crm.contacts()).toEqual([])
  }))

test('correlation-echoed: answers and problems carry the id of the request', () =>
  withFake({}, async (fake) => {
    const headers = { 'x-correlation-id': 'run-7/customer-1' }
    expect((await raw(fake, 'GET', '/schema', undefined, { headers })).headers.get('x-correlation-id')).toBe('run-7/customer-1')
    const refused = await raw(fake, 'GET', contactPath('1'), undefined, { headers })
    expect([refused.headers.get('x-correlation-id'), refused.body['correlationId']]).toEqual(['run-7/customer-1', 'run-7/customer-1'])
    const anonymous = await raw(fake, 'GET', '/schema', undefined, { headers: { 'x-correlation-id': null } })
    expect(anonymous.body['correlationId']).toBe(anonymous.headers.get('x-correlation-id'))
  }))

test('idempotency-required: every write needs a key, no read does', () =>
  withFake({}, async (fake) => {
    const headers = { 'idempotency-key': null }
    for (const [method, path, body] of [
      ['PUT', contactPath('1'), ada],
      ['DELETE', contactPath('1'), undefined],
      ['PUT', '/orders/s/1', order(1, null)],
      ['PUT', '/lists/newsletter/members/con_1', undefined],
    ] as const) {
      const reply = await raw(fake, method, path, body, { headers })
      expect([reply.status, reply.code, reply.errors]).toEqual([400, 'malformed', ['header/Idempotency-Key required']])
    }
    expect((await raw(fake, 'GET', '/schema', undefined, { headers })).status).toBe(200)
  }))

test('idempotency-replay: the same write under the same key is answered as the first time and not applied again', () =>
  withFake({}, async (fake) => {
    const first = await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })
    await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 2, name: { given: 'Augusta' } })
    const again = await raw(fake, 'PUT', contactPath('1'), '{ "name": {"given":"Ada"}, "sourceVersion": 1 }', { key: 'k' })
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([201, first.body, '"1"'])
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true'])
    expect(fake.crm.contact(`${shop}/1`)).toMatchObject({ name: { given: 'Augusta' }, meta: { version: 2 } })
  }))

test('idempotency-mismatch: a key used for another body, path or method is refused and changes nothing', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })
    for (const [method, path, body] of [
      ['PUT', contactPath('1'), { ...ada, sourceVersion: 2 }],
      ['PUT', contactPath('2'), ada],
      ['DELETE', contactPath('1'), undefined],
    ] as const) {
      const reply = await raw(fake, method, path, body, { key: 'k' })
      expect([reply.status, reply.code]).toEqual([422, 'idempotency_mismatch'])
    }
    expect(fake.crm.contacts().map(({ meta }) => meta.version)).toEqual([1])
  }))

test('idempotency-24-hours: a key is known for a day and forgotten after it', () => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  return withFake({ now: () => now }, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })
    now += 24 * 3_600_000
    expect((await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })).status).toBe(201)
    now += 1
    expect((await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })).status).toBe(200)
  })
})

test('idempotency-refusals-kept: a refusal stands under its key as any other reply does, and another key is judged anew', () =>
  withFake({}, async (fake) => {
    const write = order(1, '1')
    expect((await raw(fake, 'PUT', '/orders/s/1', write, { key: 'k' })).code).toBe('contact_unknown')
    expect((await raw(fake, 'PUT', '/orders/s/1', order(2, '1'), { key: 'k' })).code).toBe('idempotency_mismatch')
    await raw(fake, 'PUT', contactPath('1'), ada)
    expect((await raw(fake, 'PUT', '/orders/s/1', write, { key: 'k' })).code).toBe('contact_unknown')
    expect((await raw(fake, 'PUT', '/orders/s/1', write, { key: 'k2' })).status).toBe(201)
  }))

test('if-match: a write may name the version it expects', () =>
  withFake({}, async (fake) => {
    const put = (body: object, tag: string, path = contactPath('1')) => raw(fake, 'PUT', path, body, { headers: { 'if-match': tag } })
    expect((await put(ada, '*')).code).toBe('version')
    const { body } = await raw(fake, 'PUT', contactPath('1'), ada)
    expect((await put({ sourceVersion: 2 }, '"1"')).status).toBe(200)
    const late = await put({ sourceVersion: 3 }, '"1"')
    expect([late.status, late.code]).toEqual([412, 'version'])
    expect((await put({ sourceVersion: 3 }, '"1", "2"')).headers.get('etag')).toBe('"3"')
    const headers = { 'if-match': '"1"' }
    expect((await raw(fake, 'DELETE', contactPath('1'), undefined, { headers })).status).toBe(412)
    expect((await raw(fake, 'POST', `/contacts/${String(body['id'])}/merge`, { otherId: 'x' }, { headers })).status).toBe(412)
    expect((await raw(fake, 'POST', `/contacts/${String(body['id'])}/external-ids`, { source: shop, id: '2' }, { headers })).status).toBe(
      412,
    )
    expect((await put(order(1, '1'), '"1"', '/orders/s/1')).status).toBe(412)
    expect((await put(deal(1, '1'), '"1"', '/deals/s/1')).status).toBe(412)
    expect(fake.crm.orders()).toEqual([])
  }))

test('rate-limited: more requests than the window allows are 429 with the seconds to wait', () => {
  let now = 1_767_225_600_000
  return withFake({ limit: { requests: 2, perMs: 10_000 }, now: () => now, clockSkewMs: 3_600_000 }, async (fake) => {
    expect((await raw(fake, 'GET', '/schema')).status).toBe(200)
    now += 4000
    expect((await raw(fake, 'GET', '/schema')).status).toBe(200)
    const refused = await raw(fake, 'PUT', contactPath('1'), ada)
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '6'])
    fake.crm.skewClock(7_200_000)
    expect((await raw(fake, 'GET', '/schema')).status).toBe(429)
    now += 6000
    expect((await raw(fake, 'PUT', contactPath('1'), ada)).status).toBe(201)
  })
})

test('problem-shape: a refusal is a problem document with type, title, status, code, errors and correlation id', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'PUT', contactPath('1'), { sourceVersion: 1, nope: 1 }, { headers: { 'x-correlation-id': 'c' } })
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.body).toEqual({
      type: 'urn:crm-one:problem:validation',
      title: 'The content is not valid',
      status: 422,
      code: 'validation',
      errors: [{ pointer: '/nope', code: 'unknown_field' }],
      correlationId: 'c',
    })
  }))

test('body-readable: broken JSON, no JSON and a body where none belongs are malformed', () =>
  withFake({}, async (fake) => {
    for (const body of ['{', '', 'null']) expect((await raw(fake, 'PUT', contactPath('1'), body)).code).toBe('malformed')
    for (const body of ['[]', '"text"', '1']) expect((await raw(fake, 'PUT', contactPath('1'), body)).code).toBe('validation')
    fake.crm.create({ name: { given: 'Ada' } })
    expect((await raw(fake, 'DELETE', contactPath('1'), '{}')).code).toBe('malformed')
    expect(fake.crm.contacts()).toHaveLength(1)
  }))

test('content-type: a body of another media type is malformed', () =>
  withFake({}, async (fake) => {
    const type = (value: string): { headers: Record<string, string> } => ({ headers: { 'content-type': value } })
    expect((await raw(fake, 'PUT', contactPath('1'), ada, type('text/plain'))).errors).toEqual(['header/Content-Type application/json'])
    expect((await raw(fake, 'PUT', '/activities/e', activity('e', '1', 'order.placed'), type('application/json'))).code).toBe('malformed')
    expect((await raw(fake, 'POST', '/bulk', '{}', type('application/json'))).code).toBe('malformed')
    expect(fake.crm.contacts()).toEqual([])
  }))

test('resource-not-found: unknown paths are 404, other methods 405 with those there are', () =>
  withFake({}, async (fake) => {
    for (const path of ['/', '/contact', '/contacts/', '/contacts/by-external-id/s', '/contacts/%E0%A4%A/merge', '/v1/contacts']) {
      expect([path, (await raw(fake, 'GET', path)).code]).toEqual([path, 'not_found'])
    }
    const put = await raw(fake, 'PUT', '/contacts/con_1', ada)
    expect([put.status, put.code, put.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET'])
    expect((await raw(fake, 'GET', '/bulk')).status).toBe(405)
    expect((await raw(fake, 'PUT', contactPath('1', 'a source'), ada)).status).toBe(404)
  }))

test('validation-names-places: every mistake of a body is named at once', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'PUT', '/orders/s/1', order(1, null, { currency: 'eur', gross: 19.99, status: undefined, x: 1 }))
    expect([reply.status, reply.errors.toSorted()]).toEqual([
      422,
      ['/currency format', '/gross type', '/status required', '/x unknown_field'],
    ])
  }))

test('schema-told: attributes, lists, pipelines, limits and capabilities are told, also what was changed since', () =>
  withFake({}, async (fake) => {
    const attribute = { name: 'tier', type: 'enum', options: ['a', 'b'], owner: 'crm' } as const
    fake.crm.configure({ attributes: { contact: [attribute], order: [], deal: [] } })
    const { body } = await raw(fake, 'GET', '/schema')
    expect(body).toMatchObject({
      contract: 'v1',
      attributes: { contact: [{ ...attribute, required: false }], order: [], deal: [] },
      lists: [{ id: 'newsletter', channel: 'email', purpose: 'marketing' }, { id: 'sms-offers' }],
      pipelines: [{ id: 'commerce' }],
      limits: { bulkOperations: 500, bulkBytes: 5_000_000, pageSize: 500 },
      capabilities: { upsert: true, consent: true, erase: true },
    })
  }))

test('requests are recorded with the rule that refused them, and without bodies unless asked for', () =>
  withFake({}, async (fake) => {
    await raw(fake, 'PUT', contactPath('1'), { ...ada, consents: [consent('granted', '2026-01-01T00:00:00Z')] })
    await raw(fake, 'PUT', `/lists/sms-offers/members/${contactKey('1')}`)
    expect(fake.requests.map(({ status, rule, body }) => [status, rule, body])).toEqual([
      [201, undefined, undefined],
      [422, 'list-needs-consent', undefined],
    ])
    expect(fake.count({ method: 'PUT', path: '/lists/' })).toBe(1)
  }))
