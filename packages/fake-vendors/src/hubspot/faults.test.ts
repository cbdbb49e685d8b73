import { expect, test } from 'vitest'

import { hubSpotFaults } from './faults.ts'
import { objects, raw, upserts, withFake } from './raw.ts'

const path = objects('contacts', '/batch/upsert')
const rows = upserts('mr_id', { a: { email: 'a@example.com' }, b: { email: 'b@example.com' }, c: { email: 'c@example.com' } })
const key = { name: 'mr_id', hasUniqueValue: true }

test('transient failures answer in HubSpot’s form and apply nothing', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    const expected = [
      [hubSpotFaults.rateLimited(), 429, 'application/json', null],
      [hubSpotFaults.rateLimited('DAILY', 3), 429, 'application/json', '3'],
      [hubSpotFaults.serverError(), 500, 'application/json', null],
      [hubSpotFaults.badGateway(), 502, 'text/html', null],
      [hubSpotFaults.unavailable(), 503, 'application/json', null],
      [hubSpotFaults.locked(), 423, 'application/json', null],
      [hubSpotFaults.migrating(7), 477, 'application/json', '7'],
      [hubSpotFaults.originDown(), 521, 'text/html', null],
    ] as const
    for (const [fault, status, type, retryAfter] of expected) {
      fake.faults.next(fault)
      const reply = await raw(fake, 'POST', path, rows)
      expect([reply.status, reply.headers.get('content-type')?.split(';')[0], reply.headers.get('retry-after')]).toEqual([
        status,
        type,
        retryAfter,
      ])
    }
    expect(fake.portal.count('contacts')).toBe(0)
    expect((await raw(fake, 'POST', path, rows)).status).toBe(200)
  }))

test('successes that are none: empty, partly silent and lying answers', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    fake.faults.next(hubSpotFaults.silentNoOp())
    expect((await raw(fake, 'POST', path, rows)).body).toEqual({ status: 'COMPLETE', results: [] })
    fake.faults.next(hubSpotFaults.lyingSuccess())
    const lie = await raw(fake, 'POST', path, rows)
    expect([lie.status, lie.results.map((result) => result['objectWriteTraceId'])]).toEqual([200, ['trace-a', 'trace-b', 'trace-c']])
    expect(fake.portal.count('contacts')).toBe(0)
    fake.faults.next(hubSpotFaults.missingRows(2))
    const partly = await raw(fake, 'POST', path, rows)
    expect([partly.status, partly.results.length, partly.errors.length, fake.portal.count('contacts')]).toEqual([200, 1, 0, 3])
    fake.faults.next(hubSpotFaults.emptyResults())
    expect((await raw(fake, 'POST', path, rows)).results).toEqual([])
  }))

test('a broken connection applies the request or not, as chosen', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    fake.faults.next(hubSpotFaults.resetBeforeCommit())
    await expect(raw(fake, 'POST', path, rows)).rejects.toThrow()
    expect(fake.portal.count('contacts')).toBe(0)
    fake.faults.next(hubSpotFaults.resetAfterCommit())
    await expect(raw(fake, 'POST', path, rows)).rejects.toThrow()
    expect(fake.portal.count('contacts')).toBe(3)
    expect(fake.requests.map(({ status, fault }) => [status, fault])).toEqual([
      [0, 'reset'],
      [0, 'reset'],
    ])
  }))

test('a request can be applied after a newer one: it then overwrites it, as at the vendor', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    await raw(fake, 'POST', path, rows)
    const set = (city: string): Promise<unknown> => raw(fake, 'POST', path, upserts('mr_id', { a: { city } }))
    fake.faults.next(hubSpotFaults.appliedLate({ afterRequests: 2 }, 'reset'))
    await expect(set('old')).rejects.toThrow()
    await set('new')
    expect([fake.faults.late, fake.portal.contactOf('a@example.com')?.properties['city']]).toEqual([1, 'new'])
    await raw(fake, 'GET', objects('contacts'))
    expect([fake.faults.late, fake.portal.contactOf('a@example.com')?.properties['city']]).toEqual([0, 'old'])
  }))

test('a request held back without a limit is applied on demand', () =>
  withFake({}, async (fake) => {
    fake.portal.defineProperty('contacts', key)
    fake.faults.next(hubSpotFaults.appliedLate({}, 'reset'))
    await expect(raw(fake, 'POST', path, rows)).rejects.toThrow()
    expect([fake.portal.count('contacts'), fake.faults.applyLate(), fake.portal.count('contacts')]).toEqual([0, 1, 3])
  }))
