import type { ShoppingList } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommercetoolsSettings } from './settings.ts'
import { changesOf, idOf, idsOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let now = start
let shop: FakeCommercetools
beforeEach(async () => {
  now = start
  shop = await startFakeCommercetools({
    now: () => now,
    scopes: ['view_shopping_lists', 'view_products', 'view_stores', 'view_project_settings', 'view_customers'],
  })
  shop.project.configure({ languages: ['en', 'de-DE'] })
  const variant = (id: number, sku: string) => ({ id, sku, prices: [{ id: 'p', value: eur(1000) }], images: [], attributes: [] })
  const data = { name: { en: 'Shirt' }, slug: { en: 'shirt' }, categories: [], masterVariant: variant(1, 'S'), variants: [variant(2, 'M')] }
  shop.project.add('product', {
    id: 'shirt',
    productType: { typeId: 'product-type', id: 'removed' },
    priceMode: 'Embedded',
    masterData: { published: true, hasStagedChanges: false, current: data, staged: data },
  })
})
afterEach(() => shop.close())

const line = (id: string, more: object = {}) => ({
  id,
  productId: 'shirt',
  name: { en: 'Shirt' },
  productType: { typeId: 'product-type', id: 'removed' },
  quantity: 1,
  addedAt: '2026-02-01T00:00:00.000Z',
  published: true,
  ...more,
})

const addList = (id: string, more: object = {}) =>
  shop.project.add('shopping-list', {
    id,
    name: { en: 'Wishlist' },
    customer: { typeId: 'customer', id: 'c1' },
    lineItems: [line('l1'), line('l2', { variantId: 2, quantity: 3 })],
    textLineItems: [],
    ...more,
  })

const named: Partial<CommercetoolsSettings> = { shoppingLists: ['Wishlist', 'Merkzettel'] }
const lists = async (settings: Partial<CommercetoolsSettings> = named, from?: number): Promise<ShoppingList[]> => {
  const window = from === undefined ? { mode: 'full' as const, to: now } : { mode: 'delta' as const, from, to: now }
  return (await changesOf(sourceOf(shop, settings), 'shopping-list', window)).map((change) => {
    if (change.type !== 'upsert') throw new Error(JSON.stringify(change))
    return change.record as ShoppingList
  })
}

describe('shopping lists', () => {
  it('are not read, and not asked for, unless the settings name some', async () => {
    addList('a')
    const source = sourceOf(shop)
    expect(source.entities).not.toContain('shopping-list')
    await changesOf(source, 'product', { mode: 'full', to: now })
    expect(shop.count({ path: 'shopping-lists' })).toBe(0)
    await expect(changesOf(source, 'shopping-list', { mode: 'full', to: now })).rejects.toMatchObject({ code: 'source_entity_unknown' })
  })

  it('have the SKU of each line, whether it names a variant or means the master', async () => {
    addList('a', { key: 'wish-1', lineItems: [line('l1'), line('l2', { variantId: 2, quantity: 3 }), line('l3', { productId: 'gone' })] })
    const addedAt = '2026-02-01T00:00:00.000Z'
    expect(await lists()).toEqual([
      {
        entity: 'shopping-list',
        id: 'a',
        key: 'wish-1',
        createdAt: '2026-03-01T12:00:00.000Z',
        modifiedAt: '2026-03-01T12:00:00.000Z',
        name: { en: 'Wishlist' },
        customerId: 'c1',
        priceChannels: [],
        supplyChannels: [],
        items: [
          { id: 'l1', sku: 'S', quantity: 1, addedAt },
          { id: 'l2', sku: 'M', quantity: 3, addedAt },
          { id: 'l3', quantity: 1, addedAt },
        ],
      },
    ])
  })

  it('are those of accounts that bear a name in some language of the project, or match a predicate', async () => {
    addList('english')
    addList('german', { name: { en: 'Other', 'de-DE': 'Merkzettel' } })
    addList('other', { name: { en: 'Party', 'de-DE': 'Fest' } })
    addList('anonymous', { customer: undefined, anonymousId: 'a1' })
    expect((await lists()).map(({ id }) => id)).toEqual(['english', 'german'])
    expect((await lists({ shoppingLists: { where: 'name(en="Party") or name(en="Other")' } })).map(({ id }) => id)).toEqual([
      'german',
      'other',
    ])
    const source = sourceOf(shop, named)
    expect((await idsOf(source, 'shopping-list')).toSorted()).toEqual(['english', 'german'])
    expect(await source.get('shopping-list', 'other', quickContext())).toBeUndefined()
    expect(await source.get('shopping-list', 'german', quickContext())).toMatchObject({ type: 'upsert', version: { 'shopping-list': 1 } })
    expect(shop.requests.filter(({ path, query }) => path.endsWith('shopping-lists') && query.getAll('where').length === 0)).toEqual([])
  })

  it('are read by what changed, in pages', async () => {
    for (let index = 0; index < 7; index++) addList(`list-${index}`, { lastModifiedAt: '2026-03-01T12:00:00.000Z' })
    expect(await lists({ ...named, pageSizes: { 'shopping-list': 2 } })).toHaveLength(7)
    now += 60_000
    shop.project.update('shopping-list', 'list-3', { lineItems: [] })
    const changed = await lists({ ...named, pageSizes: { 'shopping-list': 2 } }, start + 1)
    expect(changed.map(({ id, items }) => [id, items])).toEqual([['list-3', []]])
  })

  it('know the channels that their store takes prices and stock from', async () => {
    shop.project.add('channel', { id: 'ch1', key: 'eu-prices', roles: [] })
    shop.project.add('channel', { id: 'ch2', key: 'eu-stock', roles: [] })
    const channels = {
      distributionChannels: [{ typeId: 'channel', id: 'ch1' }],
      supplyChannels: [
        { typeId: 'channel', id: 'ch2' },
        { typeId: 'channel', id: 'gone' },
      ],
    }
    shop.project.add('store', { id: 's1', key: 'eu', languages: ['en'], countries: [], productSelections: [], ...channels })
    addList('a', { store: { typeId: 'store', key: 'eu' } })
    addList('b')
    const known = { store: 'eu', priceChannels: ['eu-prices'], supplyChannels: ['eu-stock', 'gone'] }
    expect(await lists()).toMatchObject([known, { priceChannels: [], supplyChannels: [] }])
    expect(await lists({ ...named, stores: ['eu'] })).toMatchObject([known])
    expect(shop.count({ path: '/in-store/key=eu/shopping-lists' })).toBe(1)
  })

  it('that cannot be understood cost themselves', async () => {
    addList('a')
    addList('b', { lineItems: [line('l1', { addedAt: 'yesterday' })] })
    const changes = await changesOf(sourceOf(shop, named), 'shopping-list', { mode: 'full', to: now })
    expect(changes.map((change) => [idOf(change), change.type])).toEqual([
      ['a', 'upsert'],
      ['b', 'invalid'],
    ])
  })

  it('are fetched when they are announced; one that is not wanted is no news', async () => {
    addList('a')
    addList('other', { name: { en: 'Party' } })
    const source = sourceOf(shop, named)
    const notices = ['a', 'other'].map((id) => {
      const payload = {
        notificationType: 'ResourceUpdated',
        projectKey: shop.projectKey,
        resource: { typeId: 'shopping-list', id },
        version: 1,
      }
      const decoded = source.decode?.(payload)
      if (decoded?.type !== 'notice') throw new Error('expected a notice')
      return decoded.notice
    })
    const fetched = (await source.fetch?.(notices, quickContext())) ?? []
    expect(fetched.map((each) => [each.key, 'changes' in each ? each.changes.map(idOf) : each.error])).toEqual([
      ['shopping-list:a', ['a']],
      ['shopping-list:other', []],
    ])
  })
})

describe('stock and prices of products', () => {
  it('are told by supply channel, and with the time at which they changed', async () => {
    shop.project.add('channel', { id: 'ch1', key: 'north', roles: [] })
    now += 60_000
    const north = { typeId: 'channel', id: 'ch1' }
    shop.project.add('inventory-entry', { id: 'i1', sku: 'S', quantityOnStock: 4, availableQuantity: 4, supplyChannel: north })
    shop.project.add('inventory-entry', { id: 'i2', sku: 'S', quantityOnStock: 2, availableQuantity: 2 })
    const [change] = await changesOf(sourceOf(shop), 'product', { mode: 'delta', from: start + 1, to: now })
    expect(change).toMatchObject({
      modifiedAt: now,
      record: { modifiedAt: '2026-03-01T12:00:00.000Z', variants: [{ sku: 'S', stock: 6, stockByChannel: { north: 4 } }, { sku: 'M' }] },
    })
  })
})
