import { expect, test } from 'vitest'

import { crmOneFaults } from './faults.ts'
import { contactPath, order, raw, rawBulk, withFake, type Line } from './raw.test-helper.ts'

const ada = { sourceVersion: 1, name: { given: 'Ada' } }

test('transient failures answer in the form of the contract and apply nothing', () =>
  withFake({}, async (fake) => {
    const date = new Date('2026-01-01T00:00:00Z')
    const expected = [
      [crmOneFaults.rateLimited(3), 429, 'rate_limited', '3'],
      [crmOneFaults.rateLimited(date), 429, 'rate_limited', 'Thu, 01 Jan 2026 00:00:00 GMT'],
      [crmOneFaults.unavailable(), 503, 'unavailable', null],
      [crmOneFaults.unavailable(7), 503, 'unavailable', '7'],
      [crmOneFaults.serverError(), 500, 'internal', null],
      [crmOneFaults.gatewayTimeout(), 504, 'timeout', null],
      [crmOneFaults.badGateway(), 502, '', null],
    ] as const
    for (const [fault, status, code, retryAfter] of expected) {
      fake.faults.next(fault)
      const reply = await raw(fake, 'PUT', contactPath('1'), ada, { headers: { 'x-correlation-id': 'c' } })
      expect([reply.status, reply.code, reply.headers.get('retry-after')]).toEqual([status, code, retryAfter])
      if (code !== '') expect(reply.body['correlationId']).toBe('c')
    }
    expect(fake.crm.contacts()).toEqual([])
    expect(fake.requests.map(({ fault }) => fault)).toEqual(expected.map(() => 'reply'))
  }))

test('a reset before the commit applies nothing; after the commit the same key gives the first reply', () =>
  withFake({}, async (fake) => {
    fake.faults.next(crmOneFaults.resetBeforeCommit())
    await expect(raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })).rejects.toThrow('fetch failed')
    expect(fake.crm.contacts()).toEqual([])
    fake.faults.next(crmOneFaults.resetAfterCommit())
    await expect(raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })).rejects.toThrow('fetch failed')
    expect(fake.crm.contacts()).toHaveLength(1)
    const again = await raw(fake, 'PUT', contactPath('1'), ada, { key: 'k' })
    expect([again.status, again.body['version'], again.headers.get('idempotency-replayed')]).toEqual([201, 1, 'true'])
    expect((await raw(fake, 'PUT', contactPath('1'), ada)).body['version']).toBe(2)
  }))

test('a bulk that was reset after the commit is answered line by line as the first time', () =>
  withFake({}, async (fake) => {
    const lines: Line[] = ['1', '2'].map((id) => ({ op: 'PUT', path: `/orders/s/${id}`, body: order(1, null), idempotencyKey: id }))
    fake.faults.next(crmOneFaults.resetAfterCommit())
    await expect(rawBulk(fake, lines)).rejects.toThrow('fetch failed')
    const again = await rawBulk(fake, lines)
    expect([...again.lines.values()].map(({ status }) => status)).toEqual([201, 201])
    expect(fake.crm.orders().map(({ version }) => version)).toEqual([1, 1])
  }))

test('a slow answer is late, its effect is not', () =>
  withFake({}, async (fake) => {
    fake.faults.next(crmOneFaults.slow(30))
    const slow = raw(fake, 'PUT', contactPath('1'), ada)
    while (fake.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await raw(fake, 'GET', contactPath('1'))).status).toBe(200)
    expect((await slow).status).toBe(201)
  }))

test('lines of a bulk can be turned round or end in the middle; other answers pass unchanged', () =>
  withFake({}, async (fake) => {
    const lines: Line[] = ['1', '2', '3'].map((id) => ({ op: 'PUT', path: `/orders/s/${id}`, body: order(1, null), idempotencyKey: id }))
    for (const fault of [crmOneFaults.reorderedLines(), crmOneFaults.truncatedLines(), crmOneFaults.missingLines()]) {
      fake.faults.next(fault)
      expect((await raw(fake, 'GET', '/schema')).status).toBe(200)
    }
    fake.faults.next(crmOneFaults.reorderedLines())
    expect((await rawBulk(fake, lines)).received.toSorted()).toEqual(['1', '2', '3'])
    fake.faults.next(crmOneFaults.truncatedLines())
    const cut = await rawBulk(fake, lines)
    expect([cut.lines.size, cut.reply.text.endsWith('}')]).toEqual([2, false])
  }))

test('down strikes everything until it is lifted', () =>
  withFake({}, async (fake) => {
    fake.setDown(crmOneFaults.unavailable(60))
    expect([(await raw(fake, 'GET', '/schema')).status, (await raw(fake, 'PUT', contactPath('1'), ada)).status]).toEqual([503, 503])
    fake.setDown(undefined)
    expect((await raw(fake, 'GET', '/schema')).status).toBe(200)
  }))
