import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type FakeCommercetools, startFakeCommercetools } from './index.ts'
import { readByKeyset } from './test-support.ts'

const START = Date.parse('2026-01-01T00:00:00.000Z')

let time = START
let shop: FakeCommercetools

beforeAll(async () => {
  shop = await startFakeCommercetools({ now: () => time })
})

afterAll(() => shop.close())

test('whatever is edited between pages, a keyset read sees every row at its last version', async () => {
  const reads = fc.record({
    stamps: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 60 }),
    limit: fc.integer({ min: 1, max: 13 }),
    edits: fc.array(fc.record({ page: fc.integer({ min: 2, max: 8 }), row: fc.nat(59) }), { maxLength: 15 }),
  })
  await fc.assert(
    fc.asyncProperty(reads, async ({ stamps, limit, edits }) => {
      for (const { id } of shop.project.all('customer')) shop.project.delete('customer', id)
      for (const [index, stamp] of stamps.entries()) {
        const lastModifiedAt = new Date(START - 1000 + stamp).toISOString()
        shop.project.add('customer', { id: `c${index}`, email: `c${index}@example.com`, createdAt: lastModifiedAt, lastModifiedAt })
      }
      const stop = shop.betweenPages((_, page) => {
        for (const { row } of edits.filter((edit) => edit.page === page && edit.row < stamps.length)) {
          // Each edit has a millisecond of its own, behind any cursor: rows that share the reader's are what an overlap is for.
          time += 1
          shop.project.update('customer', `c${row}`, { firstName: `page ${page}` })
        }
      })
      const seen = new Map<string, unknown>()
      for (const row of await readByKeyset(shop, '/customers', limit)) seen.set(row.id, row['version'])
      stop()
      expect(seen).toEqual(new Map(shop.project.all('customer').map((row) => [row.id, row.version])))
    }),
    { numRuns: 60 },
  )
})
