import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { type FakeCommercetools, type HostileRecord, seedHostileRecords, seedShop, startFakeCommercetools } from '../../index.ts'
import { fetchToken, get, readByKeyset } from '../../test-support.ts'
import { TIED_ROWS } from './ties.ts'

const PATHS: Record<string, string> = {
  customer: '/customers',
  order: '/orders',
  payment: '/payments',
  product: '/products',
  category: '/categories',
}

let shop: FakeCommercetools
let records: HostileRecord[]

beforeAll(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop, { customers: 20, orders: 20, products: 10 })
  records = seedHostileRecords(shop)
})

afterAll(() => shop.close())

test('there are more than forty kinds, each with an id of its own and at least one row', () => {
  expect(records.length).toBeGreaterThanOrEqual(40)
  expect(new Set(records.map((record) => record.id)).size).toBe(records.length)
  const rows = records.flatMap((record) => record.rows.map((row) => `${row.type} ${row.id}`))
  expect(new Set(rows).size).toBe(rows.length)
  for (const record of records) expect(record.rows.length, record.id).toBeGreaterThan(0)
})

test('every row can be read over HTTP, alone, as it was stored', async () => {
  const token = await fetchToken(shop)
  for (const { id, rows } of records) {
    const [row] = rows
    if (row === undefined || row.type === 'category') continue
    const answer = await get(shop, `${PATHS[row.type]}/${encodeURIComponent(row.id)}`, [], token)
    expect([id, answer.status]).toEqual([id, 200])
    expect(answer.body, id).toEqual(shop.project.get(row.type, row.id))
  }
})

test('every row can be read in a list, with hostile neighbours', async () => {
  for (const [type, path] of Object.entries(PATHS)) {
    const read = new Set((await readByKeyset(shop, path, 100)).map((row) => row.id))
    const seeded = records.flatMap((record) => record.rows).filter((row) => row.type === type)
    expect(seeded.filter((row) => !read.has(row.id))).toEqual([])
  }
})

test.each([7, 500])('six hundred rows of one millisecond are all read in pages of %i', async (limit) => {
  const rows = (await readByKeyset(shop, '/customers', limit)).filter((row) => row.id.startsWith('hostile-ties-'))
  expect(rows.length).toBe(TIED_ROWS)
  expect(new Set(rows.map((row) => row.lastModifiedAt)).size).toBe(1)
})

test('keys of prototypes are own keys on the way through and pollute nothing', async () => {
  const { body } = await get(shop, '/customers/hostile-proto-keys')
  expect(JSON.stringify(body['custom'])).toContain('"__proto__":{"polluted":true}')
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
})

test('published projections of hostile products are served', async () => {
  const { status, body } = await get(shop, '/product-projections', [['limit', '500']])
  expect(status).toBe(200)
  expect(body.results.filter((row) => row.id.startsWith('hostile-')).length).toBe(
    shop.project.all('product').filter((row) => row.id.startsWith('hostile-')).length,
  )
})

test('expanding payments of hostile orders is served, dangling ones included', async () => {
  const { status } = await get(shop, '/orders', [
    ['limit', '500'],
    ['expand', 'paymentInfo.payments[*]'],
    ['expand', 'custom.type'],
  ])
  expect(status).toBe(200)
})

test('predicates find a quoted e-mail and a key with quotes', async () => {
  const email = String(shop.project.get('customer', 'hostile-quoted-local-part')?.['email'])
  const escaped = email.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const { body } = await get(shop, '/customers', [['where', `email = "${escaped}"`]])
  expect(body.results.map((row) => row.id)).toEqual(['hostile-quoted-local-part'])
})

test('the table for readers lists every kind as it is here', () => {
  const table = readFileSync(new URL('../../../../../../test/hostile.md', import.meta.url), 'utf8')
  for (const { id, what, expected, fate } of records) expect(table).toContain(`| \`${id}\` | ${what} | ${expected} | ${fate} |`)
  expect(table.split('\n').filter((line) => line.startsWith('| `')).length).toBe(records.length)
})
