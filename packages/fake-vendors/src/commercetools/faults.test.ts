import { afterEach, beforeEach, expect, test } from 'vitest'

import { commercetoolsFaults as faults, type FakeCommercetools, startFakeCommercetools } from './index.ts'
import { fetchToken, get, readByKeyset } from './test-support.ts'

let shop: FakeCommercetools
let token: string
let time = Date.parse('2026-03-01T00:00:00.000Z')

beforeEach(async () => {
  shop = await startFakeCommercetools({ now: () => time })
  for (let index = 0; index < 60; index += 1) {
    const at = new Date(time - 3_600_000 + Math.floor(index / 3)).toISOString()
    shop.project.add('customer', {
      id: `c${String(index).padStart(3, '0')}`,
      email: `c${index}@example.com`,
      createdAt: at,
      lastModifiedAt: at,
    })
  }
  token = await fetchToken(shop)
})

afterEach(() => shop.close())

const list = (): ReturnType<typeof get> =>
  get(
    shop,
    '/customers',
    [
      ['sort', 'id asc'],
      ['limit', '10'],
    ],
    token,
  )

test('429 comes with Retry-After, once, and the next request works', async () => {
  shop.faults.next(faults.tooManyRequests(7), { path: '/customers' })
  const { status, headers, body } = await list()
  expect([status, headers.get('retry-after'), body['statusCode']]).toEqual([429, '7', 429])
  expect((await list()).status).toBe(200)
})

test.each([
  [500, faults.internalError()],
  [503, faults.unavailable()],
])('%i has the documented body', async (status, fault) => {
  shop.faults.next(fault)
  const reply = await list()
  expect([reply.status, reply.body]).toEqual([status, { statusCode: status, message: expect.any(String), errors: [expect.any(Object)] }])
})

test('502 is a page of HTML', async () => {
  shop.faults.next(faults.badGateway())
  const response = await fetch(`${shop.apiUrl}/${shop.projectKey}/customers`, { headers: { authorization: `Bearer ${token}` } })
  expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html'])
  expect(await response.text()).toMatch(/^<html>/u)
})

test('an error may have an empty list of errors', async () => {
  shop.faults.next(faults.emptyErrors(503))
  const { status, body } = await list()
  expect([status, body['errors']]).toEqual([503, []])
})

test('a truncated body breaks off in the middle of the answer', async () => {
  shop.faults.next(faults.truncated(100))
  const response = await fetch(`${shop.apiUrl}/${shop.projectKey}/customers`, { headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow()
})

test('a reset gives no answer at all', async () => {
  shop.faults.next({ kind: 'reset', when: 'before' })
  await expect(list()).rejects.toThrow()
  expect(shop.requests.at(-1)).toMatchObject({ status: 0, fault: 'reset' })
})

test('a request that hangs ends with the client, and closing does not wait for it', async () => {
  shop.faults.next({ kind: 'hang', applied: false })
  const controller = new AbortController()
  const stop = shop.onRequest(() => controller.abort())
  const hanging = fetch(`${shop.apiUrl}/${shop.projectKey}/customers`, {
    headers: { authorization: `Bearer ${token}` },
    signal: controller.signal,
  })
  await expect(hanging).rejects.toThrow()
  stop()
  await shop.close()
})

test('rows come in another order, none missing', async () => {
  const rows = (await list()).body.results.map((row) => row.id)
  shop.faults.next(faults.reordered())
  const shuffled = (await list()).body.results.map((row) => row.id)
  expect(shuffled).not.toEqual(rows)
  expect(shuffled.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(rows)
})

test('rows may be missing though the answer is a 200', async () => {
  shop.faults.next(faults.emptied())
  expect((await list()).body).toMatchObject({ count: 0, results: [] })
})

test('faults strike by condition, count and seeded chance', async () => {
  const strikes = async (): Promise<number[]> => {
    const other = await startFakeCommercetools({ seed: 5 })
    const otherToken = await fetchToken(other)
    other.faults.schedule({ path: '/customers', probability: 0.5, fault: faults.unavailable() })
    const seen: number[] = []
    for (let index = 0; index < 20; index += 1) seen.push((await get(other, '/customers', [], otherToken)).status)
    await other.close()
    return seen
  }
  const first = await strikes()
  expect(new Set(first)).toEqual(new Set([200, 503]))
  expect(await strikes()).toEqual(first)

  const rule = shop.faults.schedule({
    where: (request) => request.query.get('limit') === '10',
    skip: 1,
    times: 2,
    fault: faults.unavailable(),
  })
  const seen: number[] = []
  for (let index = 0; index < 5; index += 1) seen.push((await list()).status)
  expect([seen, rule.hits]).toEqual([[200, 503, 503, 200, 200], 2])
  expect((await get(shop, '/customers', [], token)).status).toBe(200)
})

test('a row that is changed between two pages leaves the window and is seen at its new place', async () => {
  shop.betweenPages((type, page) => {
    if (type !== 'customer' || page !== 2) return
    time += 1000
    shop.project.update('customer', 'c030', { firstName: 'Changed' })
    shop.project.update('customer', 'c000', { firstName: 'Changed too' })
  })
  const rows = await readByKeyset(shop, '/customers', 10)
  const seen = (id: string): unknown[] => rows.filter((row) => row.id === id).map((row) => row['firstName'])
  expect(seen('c030')).toEqual(['Changed'])
  expect(seen('c000')).toEqual([undefined, 'Changed too'])
  expect(shop.project.get('customer', 'c030')).toMatchObject({ version: 2, lastModifiedAt: new Date(time).toISOString() })
})

test('an offset read of the same shop loses a row: why it is not used', async () => {
  let page = 0
  shop.betweenPages(() => {
    page += 1
    if (page === 1) shop.project.update('customer', 'c000', { firstName: 'Changed' })
  })
  const ids = new Set<string>()
  for (let offset = 0; offset < 60; offset += 20) {
    const { body } = await get(
      shop,
      '/customers',
      [
        ['sort', 'lastModifiedAt asc'],
        ['sort', 'id asc'],
        ['limit', '20'],
        ['offset', String(offset)],
      ],
      token,
    )
    for (const row of body.results) ids.add(row.id)
  }
  expect(ids.size).toBeLessThan(60)
})

test('requests are recorded without credentials, and counted', async () => {
  await list()
  expect(shop.count({ path: '/oauth/token' })).toBe(1)
  expect(shop.count({ method: 'GET', path: /\/customers$/u })).toBe(1)
  expect(shop.requests.at(-1)).toMatchObject({ method: 'GET', status: 200, path: '/fake-shop/customers' })
  expect(JSON.stringify(shop.requests)).not.toContain(token)
  shop.resetRequests()
  expect(shop.count()).toBe(0)
})

test('direct edits are copies, and may leave version and time alone', () => {
  const before = shop.project.get('customer', 'c001')
  const edited = shop.project.update('customer', 'c001', { firstName: 'Ada' }, { touch: false })
  edited['firstName'] = 'not in the shop'
  expect(shop.project.get('customer', 'c001')).toEqual({ ...before, firstName: 'Ada' })
  expect(() => shop.project.update('customer', 'nobody', {})).toThrow('There is no customer with id nobody')
  expect([shop.project.delete('customer', 'c001'), shop.project.delete('customer', 'c001')]).toEqual([true, false])
})

test('several shops run side by side', async () => {
  const other = await startFakeCommercetools({ projectKey: 'other' })
  expect(other.apiUrl).not.toBe(shop.apiUrl)
  expect(other.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u)
  expect((await get(other, '/customers')).body['total']).toBe(0)
  await other.close()
  await other.close()
})
