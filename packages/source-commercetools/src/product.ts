import type {
  InventoryEntry,
  Price as PlatformPrice,
  Product as PlatformProduct,
  ProductVariant,
  StandalonePrice,
  Variant as PlatformVariant,
} from '@commercetools/platform-sdk'
import type { Localized, Price, Product, Variant } from '@millrace/core'
import { toMoney } from './money.ts'
import type { Names } from './names.ts'
import type { Settings } from './settings.ts'
import { fillUrl } from './url.ts'
import { attributes, instant, localized, moneyField, requiredInstant, text, webAddress } from './values.ts'

/** What a product's record needs besides the product: found by SKU, and in the modular catalogue the variants themselves. */
export interface ProductParts {
  prices: ReadonlyMap<string, readonly StandalonePrice[]>
  inventory: ReadonlyMap<string, readonly InventoryEntry[]>
  /** Of this product; undefined in the classic catalogue. */
  variants?: readonly PlatformVariant[]
}

/** A store as far as product addresses need it. */
export interface StoreFacts {
  key: string
  languages: readonly string[]
}

/** What products share. */
export interface ProductContext {
  names: Names
  stores: readonly StoreFacts[]
  settings: Pick<Settings, 'productUrl' | 'locale' | 'costField'>
}

/** A variant in either catalogue model. */
type VariantFacts = Pick<ProductVariant, 'id' | 'sku' | 'key' | 'prices' | 'images' | 'attributes'>

/** The variants as the shop shows them. */
export const variantsOf = (row: PlatformProduct, modular: readonly PlatformVariant[] | undefined): VariantFacts[] => {
  if (modular !== undefined) {
    return modular.map(({ variantId, key, current }) => ({
      id: variantId,
      ...(key === undefined ? {} : { key }),
      ...(current?.sku === undefined ? {} : { sku: current.sku }),
      ...(current?.images === undefined ? {} : { images: current.images }),
      ...(current?.attributes === undefined ? {} : { attributes: current.attributes }),
    }))
  }
  const current = row.masterData?.current
  return [current?.masterVariant, ...(current?.variants ?? [])].filter((variant) => variant !== undefined && variant !== null)
}

/** The SKUs of variants. */
export const skusOf = (variants: readonly Pick<ProductVariant, 'sku'>[]): string[] => variants.flatMap((variant) => text(variant.sku) ?? [])

const toPrice = (row: PlatformPrice | StandalonePrice, names: Names): Price => {
  const { channel, customerGroup } = row
  return {
    value: toMoney(row.value),
    discounted: row.discounted ? toMoney(row.discounted.value) : undefined,
    country: text(row.country),
    customerGroup: customerGroup ? (names.group(customerGroup.id)?.key ?? customerGroup.id) : undefined,
    channel: channel ? (names.channel(channel.id) ?? channel.id) : undefined,
    validFrom: instant(row.validFrom),
    validUntil: instant(row.validUntil),
  }
}

const stockOf = (entries: readonly InventoryEntry[] | undefined): number | undefined =>
  entries === undefined || entries.length === 0 ? undefined : entries.reduce((sum, entry) => sum + entry.availableQuantity, 0)

/** Stock of those entries that name a supply channel, by its key; undefined where none does. */
const stockByChannel = (entries: readonly InventoryEntry[] | undefined, names: Names): Record<string, number> | undefined => {
  const stock: Record<string, number> = {}
  for (const { supplyChannel, availableQuantity } of entries ?? []) {
    if (!supplyChannel) continue
    const key = names.channel(supplyChannel.id) ?? supplyChannel.id
    stock[key] = (stock[key] ?? 0) + availableQuantity
  }
  const channels = Object.entries(stock).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return channels.length === 0 ? undefined : Object.fromEntries(channels)
}

const toVariant = (row: VariantFacts, standalone: boolean, parts: ProductParts, context: ProductContext): Variant => {
  const { names, settings } = context
  const own = attributes(row.attributes)
  const sku = text(row.sku)
  const active = (sku === undefined ? undefined : parts.prices.get(sku))?.filter((price) => price.active) ?? []
  const prices = standalone ? active.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : (row.prices ?? [])
  return {
    id: String(row.id),
    sku,
    key: text(row.key),
    prices: prices.map((price) => toPrice(price, names)),
    images: (row.images ?? []).flatMap((image) => webAddress(image.url) ?? []),
    stock: sku === undefined ? undefined : stockOf(parts.inventory.get(sku)),
    stockByChannel: sku === undefined ? undefined : stockByChannel(parts.inventory.get(sku), names),
    cost: moneyField(own, settings.costField),
    attributes: own,
  }
}

/** Storefront addresses by `<store>/<locale>`, or by locale alone where the template has no `{store}`. */
const urlsOf = (
  product: Pick<Product, 'id' | 'key' | 'slug'>,
  sku: string | undefined,
  stores: readonly StoreFacts[],
  settings: Pick<Settings, 'productUrl' | 'locale'>,
): Localized => {
  const perStore = settings.productUrl?.includes('{store}') ?? false
  const places = perStore
    ? stores.flatMap(({ key, languages }) => languages.map((locale) => ({ name: `${key}/${locale}`, store: key, locale })))
    : Object.keys(product.slug).map((locale) => ({ name: locale, store: undefined, locale }))
  const entries = places.flatMap(({ name, store, locale }): [string, string][] => {
    const slug = product.slug[locale] ?? product.slug[locale.split('-')[0] ?? locale] ?? product.slug[settings.locale]
    const url = fillUrl(settings.productUrl, { slug, sku, key: product.key, store, locale, id: product.id })
    return url === undefined ? [] : [[name, url]]
  })
  return Object.fromEntries(entries)
}

/**
 * A product as the shop shows it (published data), with its prices and stock. `id` is the key where there is one. Prices are the embedded ones, or the
 * active standalone ones where the product or the catalogue model says so. Stock sums the available quantity over all supply channels; where entries name one, it is there by channel too.
 */
export const toProduct = (row: PlatformProduct, parts: ProductParts, context: ProductContext): Product => {
  const { names, stores, settings } = context
  const { current, published } = row.masterData
  const variants = variantsOf(row, parts.variants)
  const standalone = parts.variants !== undefined || row.priceMode === 'Standalone'
  const key = text(row.key)
  const id = key ?? row.id
  const slug = localized(current.slug)
  const categories = (current.categories ?? []).map((reference) => reference.id)
  const [main] = categories
  return {
    entity: 'product',
    id,
    platformId: row.id,
    key,
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    published,
    type: row.productType ? (names.productType(row.productType.id) ?? { id: row.productType.id }) : undefined,
    name: localized(current.name),
    slug,
    description: localized(current.description),
    urls: urlsOf({ id, key, slug }, skusOf(variants)[0], stores, settings),
    categoryIds: categories.flatMap((category) => names.category(category)?.recordId ?? []),
    categoryPath: main === undefined ? [] : (names.category(main)?.path ?? []),
    variants: variants.map((variant) => toVariant(variant, standalone, parts, context)),
    attributes: attributes(current.attributes),
  }
}
