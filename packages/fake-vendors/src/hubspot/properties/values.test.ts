import { expect, test } from 'vitest'

import { objects, raw, withFake } from '../raw.ts'
import type { FakeHubSpot } from '../server.ts'

/** Writes one value to a fresh custom property and tells the error code, or the stored value. */
async function write(fake: FakeHubSpot, property: Record<string, unknown>, value: unknown): Promise<unknown> {
  if (!fake.portal.properties('contacts').some(({ name }) => name === 'probe'))
    fake.portal.defineProperty('contacts', { name: 'probe', ...property })
  const id = fake.portal.contactOf('ada@example.com')?.id ?? fake.portal.create('contacts', { email: 'ada@example.com' })
  const reply = await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { probe: value } })
  return reply.status === 200 ? fake.portal.value('contacts', id, 'probe') : (reply.errors[0]?.['code'] ?? reply.status)
}

test('validation-json-in-message: the problems stand as JSON inside the message, and again in errors', () =>
  withFake({}, async (fake) => {
    const reply = await raw(fake, 'POST', objects('contacts'), { properties: { email: 'x', nope: '1' } })
    expect(reply.body).toMatchObject({ status: 'error', category: 'VALIDATION_ERROR', correlationId: expect.any(String) })
    const [, json = ''] = /^Property values were not valid: (.*)$/.exec(reply.message) ?? []
    expect(JSON.parse(json)).toEqual([
      { isValid: false, message: 'Email address x is invalid', error: 'INVALID_EMAIL', name: 'email' },
      { isValid: false, message: 'Property "nope" does not exist', error: 'PROPERTY_DOESNT_EXIST', name: 'nope' },
    ])
    expect(reply.errors.map((error) => [error['code'], error['context']])).toEqual([
      ['INVALID_EMAIL', { propertyName: ['email'] }],
      ['PROPERTY_DOESNT_EXIST', { propertyName: ['nope'] }],
    ])
  }))

test('validation-errors-may-be-absent: errors[] can be missing, always or now and then', async () => {
  const seen = async (errorDetails: 'never' | 'sometimes'): Promise<Set<boolean>> => {
    const present = new Set<boolean>()
    await withFake({ errorDetails }, async (fake) => {
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const reply = await raw(fake, 'POST', objects('contacts'), { properties: { nope: '1' } })
        expect(reply.message).toContain('PROPERTY_DOESNT_EXIST')
        present.add(reply.errors.length > 0)
      }
    })
    return present
  }
  expect(await seen('never')).toEqual(new Set([false]))
  expect(await seen('sometimes')).toEqual(new Set([true, false]))
})

test('property-unknown: one unknown property refuses the whole input, even one named like a language trap', () =>
  withFake({}, async (fake) => {
    for (const name of ['nope', '__proto__', 'constructor', 'Email']) {
      const reply = await raw(fake, 'POST', objects('contacts'), `{"properties":{"email":"a@example.com","${name}":"x"}}`)
      expect([reply.status, reply.errors[0]?.['code']]).toEqual([400, 'PROPERTY_DOESNT_EXIST'])
    }
    expect(fake.portal.count('contacts')).toBe(0)
  }))

test('value-is-string: numbers, booleans, null and lists are refused, also in a batch with trace ids', () =>
  withFake({}, async (fake) => {
    for (const value of [1, true, null, ['a'], { a: 1 }]) {
      const inputs = [{ properties: { email: 'a@example.com', city: value }, objectWriteTraceId: '1' }]
      expect([value, (await raw(fake, 'POST', objects('contacts', '/batch/create'), { inputs })).status]).toEqual([value, 400])
    }
    expect(fake.portal.count('contacts')).toBe(0)
  }))

test('value-clear-with-empty: an empty string clears, null does not', () =>
  withFake({}, async (fake) => {
    const id = fake.portal.create('contacts', { email: 'ada@example.com', city: 'Ulm', phone: '1' })
    const reply = await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { city: '' } })
    expect(reply.body).toMatchObject({ properties: { city: '' } })
    expect((await raw(fake, 'PATCH', objects('contacts', `/${id}`), { properties: { phone: null } })).status).toBe(400)
    expect(fake.portal.get('contacts', id)?.properties).toEqual({ email: 'ada@example.com', phone: '1' })
    expect((await raw(fake, 'GET', objects('contacts', `/${id}?properties=city,phone`))).body).toMatchObject({
      properties: { city: null, phone: '1' },
    })
  }))

test('value-number: plain decimals only', () =>
  withFake({}, async (fake) => {
    const number = { type: 'number', fieldType: 'number' }
    for (const good of ['0', '-3', '19.90', '0.00000000000000000001', '123456789012345678901234567890'])
      expect(await write(fake, number, good)).toBe(good)
    for (const bad of ['1,5', '1.000,00', '1e5', 'NaN', 'Infinity', '.5', '5.', '+1', ' 1', '0x10', '€5'])
      expect([bad, await write(fake, number, bad)]).toEqual([bad, 'INVALID_LONG'])
  }))

test('value-bool: true or false, in lower case', () =>
  withFake({}, async (fake) => {
    const bool = { type: 'bool', fieldType: 'booleancheckbox' }
    for (const good of ['true', 'false']) expect(await write(fake, bool, good)).toBe(good)
    for (const bad of ['TRUE', 'yes', '1', '0']) expect([bad, await write(fake, bool, bad)]).toEqual([bad, 'INVALID_OPTION'])
  }))

test('value-date: a calendar day, or its midnight in milliseconds', () =>
  withFake({}, async (fake) => {
    const date = { type: 'date', fieldType: 'date' }
    expect(await write(fake, date, '2024-02-29')).toBe('2024-02-29')
    expect(await write(fake, date, String(Date.UTC(2024, 1, 29)))).toBe('2024-02-29')
    expect(await write(fake, date, '-86400000')).toBe('1969-12-31')
    for (const bad of ['2023-02-29', '2024-02-31', '29.02.2024', '2024-2-9', '2024-02-29T00:00:00Z', 'tomorrow', '99999999999999999999']) {
      expect([bad, await write(fake, date, bad)]).toEqual([bad, 'INVALID_DATE'])
    }
  }))

test('value-date-midnight: any other time of the day is refused', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', { name: 'day', type: 'date', fieldType: 'date' })
    const reply = await raw(fake, 'POST', objects('contacts'), { properties: { email: 'a@example.com', day: '1430382000000' } })
    expect([reply.status, reply.message]).toEqual([400, expect.stringContaining('not midnight!')])
  }))

test('value-datetime: milliseconds or ISO in UTC, answered as ISO', () =>
  withFake({}, async (fake) => {
    const datetime = { type: 'datetime', fieldType: 'date' }
    expect(await write(fake, datetime, '1430382000000')).toBe('2015-04-30T08:20:00Z')
    expect(await write(fake, datetime, '2024-02-29T12:00:00.5Z')).toBe('2024-02-29T12:00:00.500Z')
    for (const bad of ['2024-02-29T12:00:00+01:00', '2024-02-29 12:00', '2024-02-29', 'now', '12:30', '99999999999999999']) {
      expect([bad, await write(fake, datetime, bad)]).toEqual([bad, 'INVALID_LONG'])
    }
  }))

const colours = {
  type: 'enumeration',
  fieldType: 'select',
  options: ['Red', 'Green', 'Blue'].map((label, displayOrder) => ({ label, value: label.toLowerCase(), displayOrder, hidden: false })),
}

test('value-option: the internal value exactly', () =>
  withFake({}, async (fake) => {
    expect(await write(fake, colours, 'red')).toBe('red')
    for (const bad of ['Red', 'red;green', ' red', 'black', ';'])
      expect([bad, await write(fake, colours, bad)]).toEqual([bad, 'INVALID_OPTION'])
  }))

test('value-checkbox-replaces: several values replace the old ones, a leading semicolon appends', () =>
  withFake({}, async (fake) => {
    const checkbox = { ...colours, fieldType: 'checkbox' }
    expect(await write(fake, checkbox, 'red;green')).toBe('red;green')
    expect(await write(fake, checkbox, 'blue')).toBe('blue')
    expect(await write(fake, checkbox, ';red')).toBe('blue;red')
    expect(await write(fake, checkbox, ';red;black')).toBe('INVALID_OPTION')
  }))

test('value-length: 65,536 characters pass, one more does not', () =>
  withFake({}, async (fake) => {
    const text = { fieldType: 'textarea' }
    expect(await write(fake, text, 'x'.repeat(65_536))).toHaveLength(65_536)
    expect(await write(fake, text, 'x'.repeat(65_537))).toBe('VALUE_TOO_LONG')
  }))

test('value-email: strict down to the top level domain', () =>
  withFake({ topLevelDomains: ['test'] }, async (fake) => {
    const code = async (email: string): Promise<unknown> =>
      (await raw(fake, 'POST', objects('contacts'), { properties: { email } })).errors[0]?.['code']
    const good = [
      'ada@example.com',
      "o'neil+tag@sub.example.co.uk",
      'a@b.museum',
      'x@xn--bcher-kva.xn--p1ai',
      'me@shop.test',
      'UPPER@EXAMPLE.ORG',
    ]
    for (const email of good) expect([email, await code(email)]).toEqual([email, undefined])
    const bad = [
      'ada@example.con',
      'ada@example.cmo',
      'ada@localhost',
      'ada@@example.com',
      'ada example@x.com',
      '.ada@example.com',
      'a..b@example.com',
      '"a b"@example.com',
      'ada@-x.com',
      'ada@example.invalid',
      `${'x'.repeat(65)}@example.com`,
      'ada',
      '@example.com',
      'ada@exämple.com',
    ]
    for (const email of bad) expect([email, await code(email)]).toEqual([email, 'INVALID_EMAIL'])
  }))

test('value-read-only: what HubSpot keeps itself cannot be set', () =>
  withFake({}, async (fake) => {
    for (const name of ['hs_object_id', 'createdate', 'lastmodifieddate', 'hs_email_optout', 'hs_marketable_status']) {
      const reply = await raw(fake, 'POST', objects('contacts'), { properties: { email: 'a@example.com', [name]: 'true' } })
      expect([name, reply.errors[0]?.['code']]).toEqual([name, 'READ_ONLY_VALUE'])
    }
  }))
