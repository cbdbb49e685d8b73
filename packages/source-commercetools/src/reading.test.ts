import type { Change } from '@millrace/core'
import { commercetoolsFaults, type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toChange } from './change.ts'
import { createPageSize } from './page-size.ts'
import { changesOf, idOf, pagesOf, quickContext, sourceOf } from './test-support.ts'

const now = Date.parse('2026-03-01T12:00:00.000Z')
const eur = { type: 'centPrecision', currencyCode: 'EUR', centAmount: 1000, fractionDigits: 2 }

let shop: FakeCommercetools
beforeEach(async () => {
  shop = await startFakeCommercetools({ now: () => now })
})
afterEach(() => shop.close())

const addCustomer = (id: string, extra: Record<string, unknown> = {}) =>
  shop.project.add('customer', { id, email: `${id}@example.com`, isEmailVerified: true, addresses: [], stores: [], ...extra })

describe('one bad row', () => {
  it('costs that row: it arrives as invalid with the problem, the field and what the platform gave', async () => {
    for (let index = 0; index < 100; index++) addCustomer(`c${String(index).padStart(3, '0')}`)
    shop.project.update('customer', 'c041', { isEmailVerified: 'yes' }, { touch: false })
    const changes = await changesOf(sourceOf(shop), 'customer', { mode: 'full', to: now })
    const bad = changes.filter(({ type }) => type !== 'upsert')
    expect(changes).toHaveLength(100)
    expect(bad).toMatchObject([
      {
        type: 'invalid',
        id: 'c041',
        field: 'emailVerified',
        version: { customer: 1 },
        modifiedAt: now,
        raw: { email: 'c041@example.com' },
      },
    ])
  })

  it('that cannot be mapped at all does not stop the page', async () => {
    const order = { lineItems: [], customLineItems: [], shipping: [], totalPrice: eur, orderState: 'Open', origin: 'Customer' }
    shop.project.add('order', { id: 'o1', ...order })
    shop.project.add('order', { id: 'o2', ...order, totalPrice: { ...eur, centAmount: 1.5 } })
    shop.project.add('order', { id: 'o3', ...order, totalPrice: { ...eur, currencyCode: 'euro' } })
    const changes = await changesOf(sourceOf(shop), 'order', { mode: 'full', to: now })
    expect(changes.map((change) => [idOf(change), change.type])).toEqual([
      ['o1', 'upsert'],
      ['o2', 'invalid'],
      ['o3', 'invalid'],
    ])
  })

  it('never throws, whatever its mapper throws', () => {
    const thrown: Change[] = [new Error('broken'), 'text', undefined].map((reason) =>
      toChange({
        entity: 'customer',
        id: 'x',
        version: { customer: 1 },
        modifiedAt: Number.NaN,
        raw: {},
        map: () => {
          // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown
          throw reason
        },
      }),
    )
    expect(thrown.map((change) => change.type === 'invalid' && [change.problem, change.modifiedAt])).toEqual([
      ['could not be understood: broken', 0],
      ['could not be understood: unknown reason', 0],
      ['could not be understood: unknown reason', 0],
    ])
  })
})

describe('pages', () => {
  it('become half as large after a heavy reply and grow back, never above where they began', () => {
    const size = createPageSize(100)
    size.learn(5_000_000)
    size.learn(5_000_000)
    expect(size.rows).toBe(25)
    size.learn(2_000_000)
    expect(size.rows).toBe(25)
    for (let times = 0; times < 5; times++) size.learn(10_000)
    expect(size.rows).toBe(100)
  })

  it('never fall below one row', () => {
    const size = createPageSize(2)
    expect([size.shrink(), size.shrink(), size.rows]).toEqual([true, false, 1])
  })

  it('that are too heavy come in smaller ones, and nothing is lost', async () => {
    const heavy = 'x'.repeat(60_000)
    for (let index = 0; index < 200; index++) addCustomer(`c${String(index).padStart(3, '0')}`, { lastName: heavy })
    const pages = await pagesOf(sourceOf(shop, { pageSizes: { customer: 100 } }), 'customer', { mode: 'full', to: now })
    expect(pages.map(({ changes }) => changes.length)).toEqual([100, 50, 50])
  })

  it('that do not arrive in time are asked for again at half the size', async () => {
    for (let index = 0; index < 10; index++) addCustomer(`c${index}`)
    shop.faults.schedule({
      path: /\/customers$/,
      times: 99,
      where: ({ query }) => Number(query.get('limit')) > 3,
      fault: { kind: 'hang', applied: false },
    })
    const changes = await changesOf(sourceOf(shop, { pageSizes: { customer: 8 }, timeoutMs: 80 }), 'customer', { mode: 'full', to: now })
    expect(changes).toHaveLength(10)
  })

  it('out of order stop the reading instead of losing rows', async () => {
    for (let index = 0; index < 5; index++) addCustomer(`c${index}`)
    shop.faults.next(commercetoolsFaults.reordered(), { path: /\/customers$/ })
    await expect(changesOf(sourceOf(shop), 'customer', { mode: 'full', to: now })).rejects.toMatchObject({
      code: 'source_order_broken',
      scope: 'destination',
      retryable: false,
    })
  })

  it('without rows are no empty pages: nothing is taken for gone', async () => {
    addCustomer('c1')
    for (const body of [{}, { results: null }, [], 'null']) {
      shop.faults.next({ kind: 'reply', reply: { status: 200, body } }, { path: /\/customers$/ })
      await expect(changesOf(sourceOf(shop), 'customer', { mode: 'full', to: now })).rejects.toMatchObject({
        code: 'source_unexpected_reply',
        retryable: true,
      })
    }
  })

  it('survive resets, 503 and 429 in the middle', async () => {
    for (let index = 0; index < 60; index++) addCustomer(`c${String(index).padStart(2, '0')}`)
    shop.faults.schedule({ path: '/customers', probability: 0.2, fault: { kind: 'reset', when: 'before' } })
    shop.faults.schedule({ path: '/customers', probability: 0.1, fault: { kind: 'reply', reply: { status: 503, body: {} } } })
    const changes = await changesOf(sourceOf(shop, { pageSizes: { customer: 7 } }), 'customer', { mode: 'full', to: now })
    expect(new Set(changes.map(idOf)).size).toBe(60)
  })

  it('end when the caller stops', async () => {
    for (let index = 0; index < 20; index++) addCustomer(`c${String(index).padStart(2, '0')}`)
    const controller = new AbortController()
    const context = quickContext(controller.signal)
    const read = async () => {
      for await (const page of sourceOf(shop, { pageSizes: { customer: 5 } }).read('customer', { mode: 'full', to: now }, context)) {
        expect(page.changes).toHaveLength(5)
        controller.abort(new Error('stopped'))
      }
    }
    await expect(read()).rejects.toThrow('stopped')
  })
})

describe('carts', () => {
  it('are read where they are wanted, with the address that brings them back', async () => {
    const cart = { lineItems: [], customLineItems: [], shipping: [], totalPrice: eur, origin: 'Customer', customerEmail: 'ann@example.com' }
    shop.project.add('cart', { id: 'k1', ...cart, cartState: 'Active' })
    shop.project.add('cart', { id: 'k2', ...cart, cartState: 'Dissolved' })
    const changes = await changesOf(sourceOf(shop, { carts: true, cartUrl: 'https://shop/cart/{id}' }), 'cart', { mode: 'full', to: now })
    expect(changes).toMatchObject([
      { record: { id: 'k1', state: 'active', email: 'ann@example.com', recoveryUrl: 'https://shop/cart/k1', gross: { amount: '10.00' } } },
      { type: 'invalid', id: 'k2' },
    ])
  })

  it('are not there otherwise', async () => {
    await expect(changesOf(sourceOf(shop), 'cart', { mode: 'full', to: now })).rejects.toMatchObject({ code: 'source_entity_unknown' })
  })
})
