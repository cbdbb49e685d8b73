import { type Change, isMillraceError, type ReadWindow } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf, idOf, pagesOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const iso = (time: number): string => new Date(time).toISOString()
const uuid = (index: number): string =>
  `${((index * 2654435761) % 4294967296).toString(16).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`

let now = start
let shop: FakeCommercetools
beforeAll(async () => {
  shop = await startFakeCommercetools({ now: () => now })
  // Five rows share each millisecond, so that borders of pages fall between equal stamps.
  for (let index = 0; index < 2000; index++) {
    const stamp = iso(start - 86_400_000 + Math.floor(index / 5))
    shop.project.add('customer', {
      id: uuid(index),
      email: `c${index}@example.com`,
      isEmailVerified: true,
      addresses: [],
      stores: [],
      createdAt: stamp,
      lastModifiedAt: stamp,
    })
  }
})
afterAll(() => shop.close())

const versions = (changes: readonly Change[]): [string, number | undefined][] =>
  changes.map((change) => [idOf(change), change.version['customer']])

describe.each(['full', 'delta'] as const)('customers, %s', (mode) => {
  const window: ReadWindow = { mode, from: 0, to: start }

  it.each([1, 7, 100, 499, 500])('finds all 2,000 once with pages of %i', async (size) => {
    const limited = size === 1 ? { ...window, from: start - 86_400_000, to: start - 86_400_000 + 40 } : window
    const changes = await changesOf(sourceOf(shop, { pageSizes: { customer: size }, companies: false }), 'customer', limited)
    expect(new Set(changes.map(idOf)).size).toBe(size === 1 ? 205 : 2000)
    expect(changes).toHaveLength(size === 1 ? 205 : 2000)
  })

  it('goes on behind every cursor with exactly the rest', async () => {
    const source = sourceOf(shop, { pageSizes: { customer: 173 }, companies: false })
    const pages = await pagesOf(source, 'customer', window)
    for (const [index, { cursor }] of pages.entries()) {
      const rest = await changesOf(source, 'customer', { ...window, cursor })
      expect(rest.map(idOf)).toEqual(pages.slice(index + 1).flatMap((page) => page.changes.map(idOf)))
    }
  })

  it('uses keyset pages only: no offset and no total', async () => {
    shop.resetRequests()
    await changesOf(sourceOf(shop, { companies: false }), 'customer', window)
    const lists = shop.requests.filter(({ path }) => path.endsWith('/customers'))
    expect(lists.length).toBeGreaterThanOrEqual(4)
    for (const { query } of lists) {
      expect(query.get('withTotal')).toBe('false')
      expect(query.has('offset')).toBe(false)
      expect(query.getAll('where').join()).not.toMatch(/\d{4}-\d{2}-\d{2}/)
    }
  })
})

describe('more than 10,000 changes, where an offset ends', () => {
  it('are all read, each once, though all of them bear the same stamp', async () => {
    const large = await startFakeCommercetools({ now: () => start })
    const stamp = iso(start - 1000)
    const added = Array.from({ length: 10_500 }, (_, index) => uuid(index))
    for (const id of added) {
      const email = `${id}@example.com`
      large.project.add('customer', {
        id,
        email,
        isEmailVerified: true,
        addresses: [],
        stores: [],
        createdAt: stamp,
        lastModifiedAt: stamp,
      })
    }
    const changes = await changesOf(sourceOf(large, { companies: false }), 'customer', { mode: 'delta', from: 0, to: start })
    await large.close()
    expect(changes.map(idOf).toSorted()).toEqual(added.toSorted())
  })
})

describe('a window', () => {
  it('includes both ends and nothing outside', async () => {
    const first = start - 86_400_000
    const ids = async (from: number, to: number) =>
      (await changesOf(sourceOf(shop, { companies: false }), 'customer', { mode: 'delta', from, to })).length
    expect(await ids(first + 10, first + 10)).toBe(5)
    expect(await ids(first + 10, first + 11)).toBe(10)
    expect(await ids(first + 10_000, first + 20_000)).toBe(0)
  })

  it('leaves a row that is modified while paging to the next window, and loses none', async () => {
    const source = sourceOf(shop, { pageSizes: { customer: 400 }, companies: false })
    const moved = uuid(1900)
    const stop = shop.betweenPages((type, page) => {
      if (type === 'customer' && page === 2) {
        now += 60_000
        shop.project.update('customer', moved, { firstName: 'Edited' })
      }
    })
    const to = now
    const first = await changesOf(source, 'customer', { mode: 'delta', from: 0, to })
    stop()
    const next = await changesOf(source, 'customer', { mode: 'delta', from: to - 120_000, to: now })
    expect(first).toHaveLength(1999)
    expect(versions(next)).toEqual([[moved, 2]])
  })

  it('brings the last of two edits within one second', async () => {
    const id = uuid(3)
    now += 1000
    const from = now
    shop.project.update('customer', id, { firstName: 'First' })
    now += 400
    shop.project.update('customer', id, { firstName: 'Second' })
    const [change, ...others] = await changesOf(sourceOf(shop, { companies: false }), 'customer', { mode: 'delta', from, to: now })
    expect(others).toEqual([])
    expect(change).toMatchObject({ record: { firstName: 'Second' }, version: { customer: 3 } })
  })

  it('is measured by the platform, whatever the local clock says', async () => {
    const source = sourceOf(shop)
    const context = quickContext()
    const skewed = { ...context, clock: { ...context.clock, now: () => now + 3_600_000 } }
    const serverNow = await source.now(skewed)
    expect(Math.abs(serverNow - now)).toBeLessThanOrEqual(1000)
    expect(serverNow).toBeLessThanOrEqual(now)
  })

  it('refuses a cursor that it did not make', async () => {
    const source = sourceOf(shop)
    for (const cursor of ['', 'x', '1', 'null', '{}', '{"stream":1}', '{"stream":"customers","id":5}']) {
      const error: unknown = await changesOf(source, 'customer', { mode: 'full', to: now, cursor }).catch((reason: unknown) => reason)
      expect(isMillraceError(error) && error.code).toBe('source_cursor_invalid')
    }
  })
})

describe('a revoked scope', () => {
  it('is an error of the whole source that names the data, when the platform says 403', async () => {
    const other = await startFakeCommercetools({ now: () => now })
    other.project.add('customer', { id: uuid(1), email: 'someone@example.com', addresses: [] })
    other.revokeScope('view_customers')
    const error: unknown = await changesOf(sourceOf(other), 'customer', { mode: 'full', to: now }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'source_scope_missing', scope: 'destination', retryable: false })
    expect((error as Error).message).toContain('customers')
    await other.close()
  })

  it('is just nothing, when the platform answers with an empty list', async () => {
    const other = await startFakeCommercetools({ now: () => now })
    other.project.add('customer', { id: uuid(1), email: 'someone@example.com', addresses: [] })
    other.revokeScope('view_customers', 'empty')
    expect(await changesOf(sourceOf(other), 'customer', { mode: 'full', to: now })).toEqual([])
    await other.close()
  })
})
