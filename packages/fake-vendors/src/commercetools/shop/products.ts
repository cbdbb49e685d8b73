import type { FakeCommercetools } from '../start.ts'
import { type Calendar, DAY, stamps } from './calendar.ts'
import type { Dice } from './dice.ts'
import { fromEuroCents, money } from './money.ts'
import { type Attribute, drawAttributes } from './product-types.ts'
import { REGIONS } from './regions.ts'
import { localized } from './settings.ts'

/** What an order line needs to know of a product. */
export interface CatalogProduct {
  id: string
  key: string
  name: Record<string, string>
  slug: Record<string, string>
  reducedTax: boolean
  variants: CatalogVariant[]
}

/** A variant with what it costs in euro cents, before currency. */
export interface CatalogVariant {
  id: number
  sku: string
  key: string
  attributes: Attribute[]
  images: unknown[]
  euroCents: number
}

const NOUNS = ['Parka', 'Sneaker', 'Bag', 'Shirt', 'Mütze', 'Écharpe', '浴衣', 'Boot', 'Lamp', 'Blanket', 'Tent', 'Bottle']
const WORDS = ['Alpine', 'Fjord', 'Été', 'Nacht', 'Café', 'Classic', '100 %', 'Røros', '“Quoted”', 'Ultra-light']

/** Adds products with variants, prices, images and stock, and returns what orders need of them. One in ten has standalone prices. */
export function addProducts(
  shop: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  count: number,
  categoryIds: readonly string[],
): CatalogProduct[] {
  const catalog: CatalogProduct[] = []
  for (let index = 0; index < count; index += 1) catalog.push(addProduct(shop, dice, calendar, index, categoryIds, catalog.at(-1)?.id))
  return catalog
}

function addProduct(
  { project }: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  index: number,
  categoryIds: readonly string[],
  accessoryId: string | undefined,
): CatalogProduct {
  const label = `${dice.pick(WORDS)} ${dice.pick(NOUNS)} ${index}`
  const reducedTax = dice.chance(0.2)
  const standalone = index % 10 === 9
  const product: CatalogProduct = {
    id: dice.uuid(),
    key: `product-${index}`,
    name: localized(label),
    slug: localized(`product-${index}`),
    reducedTax,
    variants: [],
  }
  const euroCents = dice.between(499, 39_999)
  const variants = Array.from({ length: dice.between(1, 4) }, (_, position): CatalogVariant => {
    const sku = `SKU-${index}-${position + 1}`
    const images = Array.from({ length: dice.between(0, 3) }, (__, image) => ({
      url: `https://img.example.com/${sku}-${image}.jpg`,
      dimensions: { w: 800, h: 600 },
      label: label,
    }))
    return {
      id: position + 1,
      sku,
      key: sku.toLowerCase(),
      attributes: drawAttributes(dice, position, accessoryId),
      images,
      euroCents: euroCents + position * 100,
    }
  })
  product.variants = variants
  const createdAt = calendar.draw()
  const lastModifiedAt = dice.chance(0.5) ? calendar.draw(createdAt) : createdAt
  const [masterVariant, ...others] = variants.map((variant) => {
    const quantity = stock(project, dice, variant.sku, stamps(createdAt, lastModifiedAt))
    const prices = embeddedPrices(dice, variant, calendar.until)
    if (standalone)
      for (const price of prices)
        project.add('standalone-price', { ...stamps(createdAt, lastModifiedAt), ...price, sku: variant.sku, active: true })
    const { euroCents: _, ...fields } = variant
    return {
      ...fields,
      prices: standalone ? [] : prices,
      assets: [],
      availability: { isOnStock: quantity > 0, availableQuantity: quantity },
    }
  })
  const data = {
    name: product.name,
    description: localized(`<p>${label} &amp; more</p>`),
    slug: product.slug,
    categories: dice.some(categoryIds, dice.between(1, 3)).map((id) => ({ typeId: 'category', id })),
    categoryOrderHints: {},
    masterVariant,
    variants: others,
    searchKeywords: {},
    attributes: [],
  }
  const published = index % 20 !== 19
  const changed = dice.chance(0.1)
  project.add('product', {
    ...stamps(createdAt, lastModifiedAt),
    id: product.id,
    key: product.key,
    productType: { typeId: 'product-type', id: 'product-type-clothing' },
    taxCategory: { typeId: 'tax-category', id: reducedTax ? 'tax-reduced' : 'tax-standard' },
    priceMode: standalone ? 'Standalone' : 'Embedded',
    lastVariantId: variants.length,
    masterData: {
      published,
      hasStagedChanges: changed,
      current: data,
      staged: changed ? { ...data, name: localized(`${label} (draft)`) } : data,
    },
  })
  return product
}

/** A price for every currency, some with a group, a channel, tiers, a discount or an end that has passed. */
function embeddedPrices(dice: Dice, variant: CatalogVariant, until: number): { id: string; [field: string]: unknown }[] {
  const currencies = [...new Set(REGIONS.map((region) => region.currency))]
  const prices: { id: string; [field: string]: unknown }[] = currencies.map((currency) => {
    const value = money(currency, fromEuroCents(variant.euroCents, currency))
    const discounted = {
      value: money(currency, Math.ceil(value.centAmount * 0.8)),
      discount: { typeId: 'product-discount', id: 'product-discount' },
    }
    return { id: dice.uuid(), value, ...(dice.chance(0.15) ? { discounted } : {}) }
  })
  const euro = (share: number): ReturnType<typeof money> => money('EUR', Math.ceil(variant.euroCents * share))
  if (dice.chance(0.3))
    prices.push({ id: dice.uuid(), value: euro(0.7), customerGroup: { typeId: 'customer-group', id: 'group-wholesale' } })
  if (dice.chance(0.2))
    prices.push({ id: dice.uuid(), value: euro(0.95), channel: { typeId: 'channel', id: 'channel-sales-fr' }, country: 'FR' })
  if (dice.chance(0.2)) prices.push({ id: dice.uuid(), value: euro(1), country: 'DE', tiers: [{ minimumQuantity: 10, value: euro(0.9) }] })
  if (dice.chance(0.1))
    prices.push({ id: dice.uuid(), value: euro(0.5), country: 'FR', validUntil: new Date(until - 400 * DAY).toISOString() })
  return prices
}

function stock(project: FakeCommercetools['project'], dice: Dice, sku: string, base: ReturnType<typeof stamps>): number {
  const quantity = dice.chance(0.15) ? 0 : dice.between(1, 500)
  project.add('inventory-entry', { ...base, id: dice.uuid(), sku, quantityOnStock: quantity, availableQuantity: quantity })
  if (dice.chance(0.3)) {
    const supplyChannel = { typeId: 'channel', id: `channel-supply-${dice.pick(REGIONS).storeKey}` }
    project.add('inventory-entry', { ...base, id: dice.uuid(), sku, supplyChannel, quantityOnStock: 7, availableQuantity: 5 })
  }
  return quantity
}
