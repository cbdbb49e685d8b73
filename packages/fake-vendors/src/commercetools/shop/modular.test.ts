import { afterAll, beforeAll, expect, test } from 'vitest'

import { type FakeCommercetools, seedShop, startFakeCommercetools } from '../index.ts'
import { get, readByKeyset } from '../test-support.ts'

let classic: FakeCommercetools
let modular: FakeCommercetools

beforeAll(async () => {
  classic = await startFakeCommercetools()
  modular = await startFakeCommercetools()
  const size = { customers: 10, orders: 10, products: 30, until: Date.parse('2026-01-01T00:00:00.000Z') }
  seedShop(classic, size)
  seedShop(modular, { ...size, catalogModel: 'Modular' })
})

afterAll(async () => {
  await classic.close()
  await modular.close()
})

interface ClassicProduct {
  id: string
  masterData: { current: { masterVariant: ClassicVariant; variants: ClassicVariant[] } }
}
interface ClassicVariant {
  sku: string
  prices: unknown[]
}

test('CT-MODULAR-1 products have no variants, /variants has the ones of the classic shop', async () => {
  expect((await get(modular, '')).body['productCatalogModel']).toBe('Modular')
  const products = await readByKeyset(modular, '/products', 100)
  for (const product of products) expect(product).toMatchObject({ priceMode: 'Standalone', masterData: { current: { variants: [] } } })
  expect(JSON.stringify(products)).not.toContain('masterVariant')

  const before = (classic.project.all('product') as unknown as ClassicProduct[]).map(({ id, masterData }) => ({
    id,
    all: [masterData.current.masterVariant, ...masterData.current.variants],
  }))
  const rows = await readByKeyset(modular, '/variants', 100)
  expect(new Set(rows.map((row) => (row['current'] as ClassicVariant).sku))).toEqual(
    new Set(before.flatMap(({ all }) => all.map(({ sku }) => sku))),
  )
  const [first] = before
  const ofFirst = await get(modular, '/variants', [
    ['where', 'product(id in :ids)'],
    ['var.ids', first?.id ?? ''],
  ])
  expect(ofFirst.body.results.map((row) => row['variantId'])).toEqual(first?.all.map((_, index) => index + 1))
})

test('CT-MODULAR-1 every embedded price became a standalone one', async () => {
  const embedded = (classic.project.all('product') as unknown as ClassicProduct[]).flatMap(({ masterData: { current } }) =>
    [current.masterVariant, ...current.variants].flatMap(({ prices }) => prices),
  )
  expect(modular.project.count('standalone-price')).toBe(classic.project.count('standalone-price') + embedded.length)
  expect((await readByKeyset(modular, '/standalone-prices', 200)).length).toBe(modular.project.count('standalone-price'))
})

test('projections of the modular catalogue are served without variants', async () => {
  const { status, body } = await get(modular, '/product-projections', [['limit', '500']])
  expect(status).toBe(200)
  expect(body.results.length).toBeGreaterThan(20)
  for (const row of body.results) expect(row['variants']).toEqual([])
})

test('a variant knows its fields only', async () => {
  expect((await get(modular, '/variants', [['where', 'sku = "x"']])).status).toBe(400)
  expect((await get(modular, '/variants', [['where', 'current(sku = "SKU-0-1")']])).body['total']).toBe(1)
})
