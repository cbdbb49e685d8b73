import { entities } from '@millrace/core'
import { type FakeCommercetools, seedShop, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesOf, idOf, sourceOf } from './test-support.ts'

let shop: FakeCommercetools
beforeAll(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop)
})
afterAll(() => shop.close())

const types = {
  category: 'category',
  product: 'product',
  company: 'business-unit',
  customer: 'customer',
  order: 'order',
  cart: 'cart',
} as const

describe('a realistic shop of 2,000 customers and 5,000 orders', () => {
  it.each(entities.filter((entity) => entity !== 'shopping-list'))('reads every %s exactly once, all valid', async (entity) => {
    const source = sourceOf(shop, { carts: true })
    const changes = await changesOf(source, entity, { mode: 'full', to: shop.now() })
    expect(changes.filter(({ type }) => type !== 'upsert')).toEqual([])
    expect(new Set(changes.map(idOf)).size).toBe(shop.project.count(types[entity]))
    expect(changes).toHaveLength(shop.project.count(types[entity]))
  })
})
