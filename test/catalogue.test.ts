import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  seedShop(world.shop, { customers: 20, orders: 40, products: 12, businessUnits: 0, carts: 0, seed: 5 })
})
afterAll(() => world.close())

it('a catalogue that is imported again under new ids keeps every product and what orders refer to', async () => {
  const millrace = world.open()
  await millrace.apply()
  await millrace.backfill()
  const { portal } = world.portal
  const products = () =>
    portal
      .all('products')
      .map(({ id, properties }) => [id, properties['shop_product_key']])
      .toSorted()
  const references = () =>
    portal
      .all('line_items')
      .map(({ properties }) => [properties['shop_line_key'], properties['hs_product_id']])
      .toSorted()
  const before = { products: products(), references: references() }
  expect(before.products).toHaveLength(12)
  expect(before.references.filter(([, product]) => product !== undefined).length).toBeGreaterThan(20)

  world.advance(60_000)
  for (const product of world.shop.project.all('product')) {
    world.shop.project.delete('product', product.id)
    const { createdAt: _created, lastModifiedAt: _modified, version: _version, ...same } = product
    world.shop.project.add('product', { ...same, id: `again-${product.id}` })
  }
  world.advance(60_000)
  const report = await millrace.backfill()
  await millrace.sync({ removals: true })
  expect(report.problems).toEqual([])
  expect({ products: products(), references: references() }).toEqual(before)
}, 120_000)
