import { expect, test } from 'vitest'

import { crmOneFaults } from './faults.ts'
import { consent, contactKey, contactPath, order, raw, rawBulk, shop, withFake, type Line } from './raw.test-helper.ts'

function contacts(count: number): Line[] {
  return Array.from({ length: count }, (_, index) => ({
    op: 'PUT',
    path: contactPath(String(index)),
    body: { sourceVersion: 1, name: { given: `N${index}` } },
    idempotencyKey: `k${index}`,
  }))
}

test('bulk-lines: one line per operation, found by key alone, with what the operation would be answered by itself', () =>
  withFake({}, async (fake) => {
    fake.crm.create({ emails: [{ value: 'ada@example.com' }] })
    await raw(fake, 'PUT', contactPath('m'), { sourceVersion: 1, consents: [consent('granted', '2026-01-01T00:00:00Z')] })
    const { reply, lines } = await rawBulk(fake, [
      ...contacts(2),
      { op: 'PUT', path: contactPath('bad'), body: { sourceVersion: 'x' }, idempotencyKey: 'bad' },
      { op: 'PUT', path: contactPath('held'), body: { sourceVersion: 1, emails: [{ value: 'ada@example.com' }] }, idempotencyKey: 'held' },
      { op: 'PUT', path: '/orders/s/1', body: order(1, null), idempotencyKey: 'order' },
      { op: 'PUT', path: `/lists/newsletter/members/${contactKey('m')}`, idempotencyKey: 'join' },
      { op: 'DELETE', path: contactPath('nobody'), idempotencyKey: 'erase' },
      { op: 'POST', path: '/bulk', body: {}, idempotencyKey: 'nested' },
      { op: 'PUT', path: '/schema', body: {}, idempotencyKey: 'method' },
      { op: 'PUT', path: '/orders/s/2', idempotencyKey: 'bodiless' },
      { op: 'DELETE', path: contactPath('m'), body: {}, idempotencyKey: 'bodily' },
    ])
    expect([reply.status, reply.headers.get('content-type')]).toEqual([207, 'application/x-ndjson'])
    expect(Object.fromEntries([...lines].map(([key, line]) => [key, line['status']]))).toEqual({
      k0: 201,
      k1: 201,
      bad: 422,
      held: 409,
      order: 201,
      join: 204,
      erase: 404,
      nested: 404,
      method: 405,
      bodiless: 400,
      bodily: 400,
    })
    expect(lines.get('k0')).toMatchObject({ result: { id: fake.crm.contact(`${shop}/0`)?.id, version: 1, ignored: [] } })
    expect(lines.get('join')).toEqual({ idempotencyKey: 'join', status: 204 })
    expect(lines.get('bad')).toMatchObject({
      problem: {
        code: 'validation',
        errors: [{ pointer: '/sourceVersion', code: 'type' }],
        correlationId: reply.headers.get('x-correlation-id'),
      },
    })
    expect(fake.requests.at(-1)?.inputs).toBe(11)
  }))

test('bulk-any-order: lines come in another order than they were sent, the same for the same seed', async () => {
  const orderOf = async (seed: number): Promise<string> => {
    let received = ''
    await withFake({ seed }, async (fake) => void (received = (await rawBulk(fake, contacts(20))).received.join(' ')))
    return received
  }
  const sent = contacts(20).map((line) => line.idempotencyKey)
  const first = await orderOf(1)
  expect(first.split(' ').toSorted()).toEqual(sent.toSorted())
  expect(first).not.toBe(sent.join(' '))
  expect([await orderOf(1), (await orderOf(2)) === first]).toEqual([first, false])
})

test('an order may be applied before its contact of the same bulk', async () => {
  const statuses = new Set<unknown>()
  for (let seed = 1; seed <= 10; seed += 1) {
    await withFake({ seed }, async (fake) => {
      const { lines } = await rawBulk(fake, [...contacts(1), { op: 'PUT', path: '/orders/s/1', body: order(1, '0'), idempotencyKey: 'o' }])
      statuses.add(lines.get('o')?.['status'])
    })
  }
  expect([...statuses].toSorted()).toEqual([201, 422])
})

test('bulk-readable: a line that is no operation, no line at all and no token apply nothing', () =>
  withFake({}, async (fake) => {
    const good = JSON.stringify(contacts(1)[0])
    const bad = [
      '{',
      '[]',
      '{"op":"PUT"}',
      '{"op":"GET","path":"/schema","idempotencyKey":"k"}',
      '{"op":"PUT","path":"x","idempotencyKey":"k"}',
      '{"op":"PUT","path":"/orders/s/1","body":{},"idempotencyKey":"a key"}',
      '{"op":"PUT","path":"/orders/s/1","body":{},"idempotencyKey":"schlüssel"}',
    ]
    for (const line of bad) {
      const { reply } = await rawBulk(fake, `${good}\n${line}`)
      expect([reply.status, reply.code, reply.errors]).toEqual([400, 'malformed', ['/1 operation']])
    }
    expect((await rawBulk(fake, `${good}\n{"op":"PUT","path":"/orders/s/1","body":{}}`)).reply.code).toBe('malformed')
    expect((await rawBulk(fake, '\n\n')).reply.errors).toEqual([' empty'])
    const options = { headers: { 'content-type': 'application/x-ndjson', authorization: null } }
    expect((await raw(fake, 'POST', '/bulk', good, options)).status).toBe(401)
    expect(fake.crm.contacts()).toEqual([])
  }))

test('bulk-keys-of-lines: a key of the whole request is not looked at', () =>
  withFake({}, async (fake) => {
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'one for all' }
    for (const line of contacts(2)) expect((await raw(fake, 'POST', '/bulk', JSON.stringify(line), { headers })).status).toBe(207)
    expect(fake.crm.contacts()).toHaveLength(2)
  }))

test('bulk-cap: more than 500 operations or 5,000,000 bytes are 413 and apply nothing', () =>
  withFake({}, async (fake) => {
    const many = await rawBulk(fake, contacts(501))
    expect([many.reply.status, many.reply.code, many.reply.errors]).toEqual([413, 'too_large', [' operations']])
    const padding = ' '.repeat(5_000_000 - JSON.stringify(contacts(1)[0]).length)
    expect((await rawBulk(fake, `${JSON.stringify(contacts(1)[0])}${padding} `)).reply.errors).toEqual([' bytes'])
    expect(fake.crm.contacts()).toEqual([])
    expect((await rawBulk(fake, `${JSON.stringify(contacts(1)[0])}${padding}`)).lines.size).toBe(1)
    expect((await rawBulk(fake, contacts(500))).lines.size).toBe(500)
    expect(fake.crm.contacts()).toHaveLength(500)
  }))

test('bulk-keys-differ: two lines with one key cannot be told apart', () =>
  withFake({}, async (fake) => {
    const { reply } = await rawBulk(
      fake,
      contacts(3).map((line, index) => ({ ...line, idempotencyKey: index === 2 ? 'k0' : line.idempotencyKey })),
    )
    expect([reply.status, reply.errors, fake.crm.contacts()]).toEqual([400, ['/2/idempotencyKey duplicate'], []])
  }))

test('bulk-target-once: of several operations with one target the first is applied, the later ones are 422', () =>
  withFake({}, async (fake) => {
    const line = (given: string, path: string): Line => ({
      op: 'PUT',
      path,
      body: { sourceVersion: 1, name: { given } },
      idempotencyKey: given,
    })
    const { lines } = await rawBulk(fake, [
      line('first', contactPath('1')),
      line('other', contactPath('2')),
      line('second', '/contacts/by-external-id/commercetools:shop/1'),
      { op: 'DELETE', path: contactPath('1'), idempotencyKey: 'third' },
    ])
    expect([...lines].map(([key, { status }]) => `${key} ${String(status)}`).toSorted()).toEqual([
      'first 201',
      'other 201',
      'second 422',
      'third 422',
    ])
    expect(lines.get('second')).toMatchObject({ problem: { code: 'validation', errors: [{ pointer: '/path', code: 'duplicate_target' }] } })
    expect(fake.crm.contact(`${shop}/1`)?.name).toEqual({ given: 'first' })
  }))

test('bulk-missing-line: an operation without a line was applied, and is answered as the first time under its key', () =>
  withFake({}, async (fake) => {
    fake.faults.next(crmOneFaults.missingLines(2))
    const partly = await rawBulk(fake, contacts(5))
    expect([partly.lines.size, fake.crm.contacts().length]).toEqual([3, 5])
    const missing = contacts(5).filter((line) => !partly.lines.has(line.idempotencyKey))
    const again = await rawBulk(fake, missing)
    expect([...again.lines.values()].map(({ status }) => status)).toEqual([201, 201])
    expect(fake.crm.contacts().map(({ meta }) => meta.version)).toEqual([1, 1, 1, 1, 1])
  }))

test('bulk-scope-per-line: a missing scope stands in the lines it concerns', () =>
  withFake({}, async (fake) => {
    fake.credentials.revoke('orders:write')
    const { lines } = await rawBulk(fake, [...contacts(1), { op: 'PUT', path: '/orders/s/1', body: order(1, null), idempotencyKey: 'o' }])
    expect([lines.get('k0')?.['status'], lines.get('o')?.['status']]).toEqual([201, 403])
  }))

test('keys are shared by bulk and single requests', () =>
  withFake({}, async (fake) => {
    const [line] = contacts(1)
    await raw(fake, 'PUT', line?.path ?? '', line?.body, { key: 'k0' })
    await raw(fake, 'PUT', contactPath('0'), { sourceVersion: 2 })
    expect((await rawBulk(fake, contacts(1))).lines.get('k0')).toMatchObject({ status: 201, result: { version: 1 } })
    const other = { op: 'PUT', path: contactPath('0'), body: { sourceVersion: 3 }, idempotencyKey: 'k0' }
    expect((await rawBulk(fake, [other])).lines.get('k0')).toMatchObject({ status: 422, problem: { code: 'idempotency_mismatch' } })
  }))
