import type { Change, Product } from '@millrace/core'
import { type FakeCommercetools, startFakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changesOf, idOf, idsOf, quickContext, sourceOf } from './test-support.ts'

const start = Date.parse('2026-03-01T12:00:00.000Z')
const eur = (centAmount: number) => ({ type: 'centPrecision', currencyCode: 'EUR', centAmount, fractionDigits: 2 })

let now = start
let shop: FakeCommercetools
beforeEach(async () => {
  now = start
  shop = await startFakeCommercetools({ now: () => now })
})
afterEach(() => shop.close())

interface Draft {
  key?: string
  skus?: readonly string[]
  categories?: readonly string[]
  priceMode?: string
  published?: boolean
}

const addProduct = (id: string, { key, skus = [`sku-${id}`], categories = [], priceMode = 'Embedded', published = true }: Draft = {}) => {
  const variants = skus.map((sku, index) => ({
    id: index + 1,
    sku,
    prices: [{ id: 'p', value: eur(1000) }],
    images: [{ url: 'https://img.example/a.jpg' }, { url: 'javascript:alert(1)' }],
    attributes: [],
  }))
  const [masterVariant, ...others] = variants
  const data = {
    name: { en: id },
    slug: { en: `${id}-slug`, 'de-DE': `${id}-de` },
    categories: categories.map((category) => ({ typeId: 'category', id: category })),
    masterVariant,
    variants: others,
    attributes: [],
  }
  shop.project.add('product', {
    id,
    ...(key === undefined ? {} : { key }),
    productType: { typeId: 'product-type', id: 'removed' },
    priceMode,
    masterData: { published, hasStagedChanges: true, current: data, staged: { ...data, name: { en: 'draft' } } },
  })
}

const addOrder = (id: string, productIds: readonly string[]) => {
  const line = (productId: string) => ({
    id: productId,
    productId,
    name: {},
    variant: { id: 1 },
    price: { id: 'x', value: eur(100) },
    quantity: 1,
    totalPrice: eur(100),
    discountedPricePerQuantity: [],
  })
  shop.project.add('order', {
    id,
    lineItems: productIds.map(line),
    customLineItems: [],
    shipping: [],
    totalPrice: eur(100),
    orderState: 'Open',
    origin: 'Customer',
  })
}

const productOf = (change: Change | undefined): Product => {
  if (change?.type !== 'upsert' || change.record.entity !== 'product') throw new Error('not a product')
  return change.record
}

const full = () => ({ mode: 'full', to: now }) as const

/** The changes of the time after now, during which `edit` happens. */
const deltaOf = async (source: ReturnType<typeof sourceOf>, edit: () => void): Promise<Change[]> => {
  const from = now + 1
  now += 600_000
  edit()
  return changesOf(source, 'product', { mode: 'delta', from, to: now })
}

describe('a product', () => {
  it('is known by its key, else by its id, and shows what is published', async () => {
    addProduct('p1', { key: 'shirt' })
    addProduct('p2')
    const [first, second] = await changesOf(sourceOf(shop), 'product', full())
    expect(productOf(first)).toMatchObject({
      id: 'shirt',
      platformId: 'p1',
      key: 'shirt',
      name: { en: 'p1' },
      published: true,
      type: { id: 'removed' },
    })
    expect(productOf(second).id).toBe('p2')
    expect(productOf(first).variants[0]?.images).toEqual(['https://img.example/a.jpg'])
  })

  it('that is unpublished arrives as such', async () => {
    addProduct('p1')
    const changes = await deltaOf(sourceOf(shop), () =>
      shop.project.update('product', 'p1', (row) => void ((row['masterData'] as { published: boolean }).published = false)),
    )
    expect(productOf(changes[0]).published).toBe(false)
  })

  it('is found by key and by id, but not by the id when it has a key', async () => {
    addProduct('p1', { key: 'shirt/blue 1' })
    addProduct('p2')
    const source = sourceOf(shop)
    expect(await source.get('product', 'shirt/blue 1', quickContext())).toMatchObject({ record: { platformId: 'p1' } })
    expect(await source.get('product', 'p2', quickContext())).toMatchObject({ record: { platformId: 'p2' } })
    expect(await source.get('product', 'p1', quickContext())).toBeUndefined()
    expect(await idsOf(source, 'product')).toEqual(['shirt/blue 1', 'p2'])
  })

  it('has the stock of all supply channels, and none where it is not tracked', async () => {
    addProduct('p1', { skus: ['a', 'b'] })
    for (const [id, availableQuantity] of [
      ['i1', 3],
      ['i2', 4],
    ] as const)
      shop.project.add('inventory-entry', { id, sku: 'a', quantityOnStock: 9, availableQuantity })
    const [change] = await changesOf(sourceOf(shop), 'product', full())
    expect(productOf(change).variants.map(({ stock }) => stock)).toEqual([7, undefined])
  })

  it('has its active standalone prices where it is priced so', async () => {
    addProduct('p1', { priceMode: 'Standalone', skus: ['a'] })
    shop.project.add('standalone-price', {
      id: 's1',
      sku: 'a',
      value: eur(777),
      country: 'AT',
      active: true,
      channel: { typeId: 'channel', id: 'ch' },
      customerGroup: { typeId: 'customer-group', id: 'gone' },
    })
    shop.project.add('standalone-price', { id: 's2', sku: 'a', value: eur(1), active: false })
    shop.project.add('channel', { id: 'ch', key: 'web', roles: [] })
    const [change] = await changesOf(sourceOf(shop), 'product', full())
    expect(productOf(change).variants[0]?.prices).toEqual([
      { value: { currency: 'EUR', amount: '7.77' }, country: 'AT', channel: 'web', customerGroup: 'gone' },
    ])
  })

  it('arrives again when only a price or the stock changed, always with a newer version', async () => {
    addProduct('p1', { priceMode: 'Standalone', skus: ['a', 'b'] })
    shop.project.add('standalone-price', { id: 's1', sku: 'b', value: eur(777), active: true })
    shop.project.add('inventory-entry', { id: 'i1', sku: 'b', quantityOnStock: 9, availableQuantity: 9 })
    const source = sourceOf(shop)
    const [first] = await changesOf(source, 'product', full())
    const priced = await deltaOf(source, () => shop.project.update('standalone-price', 's1', { value: eur(555) }))
    const stocked = await deltaOf(source, () => shop.project.update('inventory-entry', 'i1', { availableQuantity: 2 }))
    expect(productOf(priced[0]).variants[1]?.prices).toEqual([{ value: { currency: 'EUR', amount: '5.55' } }])
    expect(productOf(stocked[0]).variants[1]?.stock).toBe(2)
    const stamps = [first, priced[0], stocked[0]].map((change) => change?.version['readAt'] ?? 0)
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
    expect(new Set(stamps).size).toBe(3)
  })

  it('names its categories by key, with the path of the first; a category that does not exist is left out', async () => {
    shop.project.add('category', { id: 'c1', key: 'root', name: { en: 'Root' }, slug: {}, ancestors: [] })
    shop.project.add('category', { id: 'c2', name: { en: 'Leaf' }, slug: {}, ancestors: [], parent: { typeId: 'category', id: 'c1' } })
    addProduct('p1', { categories: ['c2', 'c1', 'gone'] })
    const [change] = await changesOf(sourceOf(shop), 'product', full())
    expect(productOf(change)).toMatchObject({ categoryIds: ['c2', 'root'], categoryPath: [{ en: 'Root' }, { en: 'Leaf' }] })
  })

  it('has an address per locale, or per store and language', async () => {
    addProduct('p1', { key: 'shirt' })
    shop.project.add('store', {
      id: 's1',
      key: 'eu',
      languages: ['de-DE', 'en-GB', 'fr'],
      countries: [],
      distributionChannels: [],
      supplyChannels: [],
      productSelections: [],
    })
    const urls = async (productUrl: string) => productOf((await changesOf(sourceOf(shop, { productUrl }), 'product', full()))[0]).urls
    expect(await urls('https://shop/{locale}/{slug}')).toEqual({ en: 'https://shop/en/p1-slug', 'de-DE': 'https://shop/de-DE/p1-de' })
    expect(await urls('https://{store}.shop/{locale}/{slug}?{key}={sku}')).toEqual({
      'eu/de-DE': 'https://eu.shop/de-DE/p1-de?shirt=sku-p1',
      'eu/en-GB': 'https://eu.shop/en-GB/p1-slug?shirt=sku-p1',
      'eu/fr': 'https://eu.shop/fr/p1-slug?shirt=sku-p1',
    })
  })
})

describe('products on orders only', () => {
  it('are all that is read, in full and for deletion checks', async () => {
    for (let index = 0; index < 30; index++) addProduct(`p${String(index).padStart(2, '0')}`)
    addOrder('o1', ['p03', 'p07'])
    addOrder('o2', ['p07', 'p29', 'deleted'])
    const source = sourceOf(shop, { products: 'referenced', pageSizes: { product: 10 } })
    expect((await changesOf(source, 'product', full())).map(idOf)).toEqual(['p03', 'p07', 'p29'])
    expect(await idsOf(source, 'product')).toEqual(['p03', 'p07', 'p29'])
  })

  it('arrive when an order first names them, and when they change', async () => {
    for (const id of ['p1', 'p2', 'p3']) addProduct(id)
    addOrder('o1', ['p1'])
    const source = sourceOf(shop, { products: 'referenced' })
    const changes = await deltaOf(source, () => {
      addOrder('o2', ['p2'])
      shop.project.update('product', 'p1', { key: 'p1' })
      shop.project.update('product', 'p3', { key: 'p3' })
    })
    expect(changes.map(idOf)).toEqual(['p1', 'p2'])
  })
})

describe('an answer about other orders than asked for', () => {
  it('ends the reading instead of asking for ever', async () => {
    addProduct('p1')
    const lie = { status: 200, body: { results: [{ id: 'o9', version: 1, lastModifiedAt: '2026-03-01T12:00:00.000Z', lineItems: [] }] } }
    shop.faults.schedule({ path: /\/orders$/, times: 99, fault: { kind: 'reply', reply: lie } })
    await expect(changesOf(sourceOf(shop, { products: 'referenced' }), 'product', full())).rejects.toMatchObject({
      code: 'source_unexpected_reply',
    })
  })
})

describe('products of a predicate', () => {
  it('are all that is read, and one that no longer matches is gone', async () => {
    addProduct('p1', { published: true })
    addProduct('p2', { published: false })
    const source = sourceOf(shop, { products: { where: 'masterData(published = true)' } })
    expect((await changesOf(source, 'product', full())).map(idOf)).toEqual(['p1'])
    expect(await source.get('product', 'p2', quickContext())).toBeUndefined()
    expect(await idsOf(source, 'product')).toEqual(['p1'])
  })

  it('that is malformed is refused with the name of the setting', async () => {
    addProduct('p1')
    const source = sourceOf(shop, { products: { where: 'masterData(((' } })
    await expect(changesOf(source, 'product', full())).rejects.toMatchObject({
      code: 'source_request_refused',
      message: expect.stringContaining('products.where') as string,
    })
  })
})

describe('categories', () => {
  const add = (id: string, parent?: string, key?: string) =>
    shop.project.add('category', {
      id,
      ...(key === undefined ? {} : { key }),
      name: { en: id },
      slug: {},
      ancestors: [],
      ...(parent === undefined ? {} : { parent: { typeId: 'category', id: parent } }),
    })

  it('bring everything below them when they are renamed', async () => {
    add('root', undefined, 'root-key')
    add('middle', 'root')
    add('leaf', 'middle')
    add('other')
    const source = sourceOf(shop)
    await changesOf(source, 'category', full())
    const from = now + 1
    now += 600_000
    shop.project.update('category', 'root', { name: { en: 'Renamed' } })
    const changes = await changesOf(source, 'category', { mode: 'delta', from, to: now })
    expect(changes.map(idOf)).toEqual(['root-key', 'leaf', 'middle'])
    expect(changes[1]).toMatchObject({ record: { parentId: 'middle', path: [{ en: 'Renamed' }, { en: 'middle' }, { en: 'leaf' }] } })
    expect(changes[2]).toMatchObject({ record: { parentId: 'root-key' } })
  })

  it('whose parent does not exist are roots, and a cycle ends', async () => {
    add('orphan', 'gone')
    add('a', 'b')
    add('b', 'a')
    const changes = await changesOf(sourceOf(shop), 'category', full())
    expect(
      changes.map((change) => change.type === 'upsert' && change.record.entity === 'category' && change.record.path.map(({ en }) => en)),
    ).toEqual([['b', 'a'], ['a', 'b'], ['orphan']])
    expect(changes[2]).toMatchObject({ record: { parentId: undefined } })
  })
})

describe('the modular catalogue', () => {
  const addVariant = (id: string, productId: string, variantId: number, sku: string) =>
    shop.project.add('variant', {
      id,
      key: `key-${id}`,
      variantId,
      product: { typeId: 'product', id: productId },
      published: true,
      current: { sku, images: [], attributes: [{ name: 'size', value: 'L' }] },
    })

  const addModular = (id: string) => {
    const data = { name: { en: id }, slug: {}, categories: [], variants: [], attributes: [{ name: 'brand', value: 'acme' }] }
    shop.project.add('product', {
      id,
      productType: { typeId: 'product-type', id: 'removed' },
      masterData: { published: true, hasStagedChanges: false, current: data, staged: data },
    })
  }

  beforeEach(() => shop.project.configure({ productCatalogModel: 'Modular' }))

  it('has variants of their own, with standalone prices and stock', async () => {
    addModular('p1')
    addModular('p2')
    addVariant('v1', 'p1', 1, 'a')
    addVariant('v2', 'p1', 2, 'b')
    shop.project.add('standalone-price', { id: 's1', sku: 'b', value: eur(777), active: true })
    shop.project.add('inventory-entry', { id: 'i1', sku: 'b', quantityOnStock: 9, availableQuantity: 9 })
    const [first, second] = await changesOf(sourceOf(shop), 'product', full())
    expect(productOf(first)).toMatchObject({
      attributes: { brand: 'acme' },
      variants: [
        { id: '1', sku: 'a', key: 'key-v1', prices: [], attributes: { size: 'L' } },
        { id: '2', sku: 'b', prices: [{ value: { currency: 'EUR', amount: '7.77' } }], stock: 9 },
      ],
    })
    expect(productOf(second).variants).toEqual([])
  })

  it('brings a product whose variant, price or stock changed', async () => {
    for (const id of ['p1', 'p2', 'p3']) addModular(id)
    addVariant('v1', 'p1', 1, 'a')
    addVariant('v2', 'p2', 1, 'b')
    addVariant('v3', 'p3', 1, 'c')
    shop.project.add('standalone-price', { id: 's1', sku: 'b', value: eur(777), active: true })
    shop.project.add('inventory-entry', { id: 'i1', sku: 'c', quantityOnStock: 9, availableQuantity: 9 })
    const changes = await deltaOf(sourceOf(shop), () => {
      shop.project.update('variant', 'v1', { published: false })
      shop.project.update('standalone-price', 's1', { value: eur(1) })
      shop.project.update('inventory-entry', 'i1', { availableQuantity: 1 })
    })
    expect(changes.map(idOf)).toEqual(['p1', 'p2', 'p3'])
  })

  it('whose variants cannot be read is an error of check that says so, and reading fails rather than losing variants', async () => {
    addModular('p1')
    shop.faults.schedule({
      path: /\/variants$/,
      times: 99,
      fault: { kind: 'reply', reply: { status: 404, body: { statusCode: 404, message: 'Not Found' } } },
    })
    const source = sourceOf(shop)
    expect(await source.check(quickContext())).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'source_variants_unavailable' }),
    )
    await expect(changesOf(source, 'product', full())).rejects.toMatchObject({
      code: 'source_not_found',
      scope: 'destination',
      message: expect.stringContaining('variants') as string,
    })
  })
})
