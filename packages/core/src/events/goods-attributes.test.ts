import { describe, expect, it } from 'vitest'
import { join, path } from '../contract/expression.ts'
import { productSchema, type Product } from '../model/catalog.ts'
import type { EventInput } from '../model/event.ts'
import { customer, eventWorld, minute, order } from './event-fixture.ts'

const shirt = (more: Partial<Product> = {}): Product =>
  productSchema.parse({
    entity: 'product',
    id: 'shirt',
    platformId: 'shirt',
    createdAt: minute(0),
    modifiedAt: minute(0),
    published: true,
    name: { en: 'A shirt' },
    attributes: { brand: { key: 'acme', label: 'Acme' }, colour: 'any', care: { de: 'Kalt waschen', en: 'Wash cold' } },
    variants: [
      { id: '1', sku: 'SHIRT-S', attributes: { colour: 'red', tags: ['new'] } },
      { id: '2', sku: 'SHIRT-M', attributes: { colour: 'blue', tags: ['new', 'sale'], material: `${'wool '.repeat(3)}😀 and more` } },
    ],
    ...more,
  })

const fields = {
  colour: { type: 'string', value: path('attributes.colour') },
  brand: { type: 'string', value: path('attributes.brand.label') },
  care: { type: 'string', value: path('attributes.care') },
  tags: { type: 'string', value: join('attributes.tags', ', ') },
  material: { type: 'string', maxLength: 16, value: path('attributes.material') },
  all: { type: 'string', value: join('lines.attributes.colour', ', ') },
} as const

const viewed = (lines: NonNullable<EventInput['data']>['lines'] = []): EventInput => ({
  id: 'view-1',
  type: 'product.viewed',
  occurredAt: minute(20),
  subject: { customerId: 'ada' },
  data: { lines },
})

const toldOf = async (lines: NonNullable<EventInput['data']>['lines'], product = shirt()) => {
  const world = eventWorld({ contract: { events: { 'product.viewed': { fields }, 'order.placed': { fields } } } })
  world.shop.put(customer('ada'))
  world.shop.put(product)
  world.at(10)
  await world.millrace.sync()
  world.at(30)
  await world.millrace.track('shop', [viewed(lines)])
  world.shop.put(order('o1', 'ada', 25))
  await world.millrace.sync()
  const said = (type: string): object => {
    const found = world.crm.objectsOf('event').find(({ key }) => key.includes(type))
    return Object.fromEntries(Object.keys(fields).flatMap((name) => (found?.fields[name] == null ? [] : [[name, found.fields[name]]])))
  }
  return { view: said('view-1'), placed: said('order.placed') }
}

describe('attributes of the goods of an event', () => {
  it('are those of the variant, then of the product, as the catalogue has them; long ones are cut', async () => {
    const { view, placed } = await toldOf([{ sku: 'SHIRT-M', productKey: 'shirt' }])
    expect(view).toEqual({
      colour: 'blue',
      brand: 'Acme',
      care: 'Wash cold',
      tags: 'new, sale',
      material: 'wool wool wool ',
      all: 'blue',
    })
    expect(placed).toEqual(view)
  })

  it('without a SKU are those of the product; of several goods each has its own', async () => {
    const { view } = await toldOf([{ productKey: 'shirt' }, { sku: 'SHIRT-S', productKey: 'shirt' }])
    expect(view).toEqual({ colour: 'any', brand: 'Acme', care: 'Wash cold', all: 'any, red' })
  })

  it('that the catalogue does not know are left out', async () => {
    expect((await toldOf([{ sku: 'OTHER', productKey: 'other' }])).view).toEqual({})
    expect((await toldOf([{ sku: 'SHIRT-M' }])).view).toEqual({})
    expect((await toldOf([{ sku: 'SHIRT-M', productKey: 'shirt' }], shirt({ attributes: {}, variants: [] }))).view).toEqual({})
  })
})
