import { z } from 'zod'
import { productSchema, variantSchema } from '../model/catalog.ts'
import type { Price, Product, Variant } from '../model/catalog.ts'
import { instantSchema } from '../model/common.ts'
import { moneySchema } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import { distinctSkus } from '../signals/order-fact.ts'
import { instantOf } from './view.ts'
import type { ViewContext } from './view.ts'

const variantViewSchema = variantSchema.extend({
  /** Key of the product and id of the variant. */
  key: z.string(),
  shopKey: z.string().optional(),
})

/**
 * A product as rules see it. `sku`, `price`, `cost` and `imageUrl` are those of the first variant that has one. `price` is the list price that the fewest
 * conditions apply to (country, customer group, channel, validity), `discountedPrice` what that price is discounted to, `priceByCurrency` the same for every currency. `stock` adds up all variants that are
 * tracked. `url` is the first storefront address by `<store>/<locale>`.
 */
export const productViewSchema = productSchema.omit({ entity: true, variants: true }).extend({
  /** Our own unique key; the shop's own one is `shopKey`. */
  key: z.string(),
  shopKey: z.string().optional(),
  sku: z.string().optional(),
  skus: z.array(z.string()),
  price: moneySchema.optional(),
  discountedPrice: moneySchema.optional(),
  priceByCurrency: z.record(z.string(), moneySchema),
  cost: moneySchema.optional(),
  stock: z.number().optional(),
  imageUrl: z.string().optional(),
  url: z.string().optional(),
  variantCount: z.number().int(),
  variants: z.array(variantViewSchema),
  /** Name of the source. */
  source: z.string(),
  /** False for one that the connection no longer takes. */
  inScope: z.boolean(),
  historical: z.boolean(),
  deletedAt: instantSchema.optional(),
})
export type ProductView = z.infer<typeof productViewSchema>

const conditions = ({ country, customerGroup, channel, validFrom, validUntil }: Price): number =>
  [country, customerGroup, channel, validFrom, validUntil].filter((condition) => condition !== undefined).length

const priceByCurrency = (variants: readonly Variant[]): Record<string, Money> => {
  const best = new Map<string, Price>()
  for (const variant of variants) {
    const own = new Map<string, Price>()
    for (const price of variant.prices) {
      const before = own.get(price.value.currency)
      if (before === undefined || conditions(price) < conditions(before)) own.set(price.value.currency, price)
    }
    for (const [currency, price] of own) if (!best.has(currency)) best.set(currency, price)
  }
  return Object.fromEntries([...best].map(([currency, price]) => [currency, price.value]))
}

const firstPrice = (variants: readonly Variant[]): Price | undefined =>
  variants
    .find((variant) => variant.prices.length > 0)
    ?.prices.reduce((best, price) => (conditions(price) < conditions(best) ? price : best))

const firstUrl = (urls: Readonly<Record<string, string>>): string | undefined => {
  const [first] = Object.keys(urls).toSorted()
  return first === undefined ? undefined : urls[first]
}

/** Builds the view of a product. */
export const productView = (product: Product, context: ViewContext): ProductView => {
  const { entity: _entity, key, variants, ...fields } = product
  const skus = distinctSkus(variants)
  const price = firstPrice(variants)
  const tracked = variants.flatMap(({ stock }) => (stock === undefined ? [] : [stock]))
  return {
    ...fields,
    key: context.key,
    shopKey: key,
    sku: skus[0],
    skus,
    price: price?.value,
    discountedPrice: price?.discounted,
    priceByCurrency: priceByCurrency(variants),
    cost: variants.find(({ cost }) => cost !== undefined)?.cost,
    stock: tracked.length === 0 ? undefined : tracked.reduce((sum, pieces) => sum + pieces, 0),
    imageUrl: variants.find(({ images }) => images.length > 0)?.images[0],
    url: firstUrl(product.urls),
    variantCount: variants.length,
    variants: variants.map((variant) => ({ ...variant, key: `${context.key}:${variant.id}`, shopKey: variant.key })),
    source: context.source,
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(context.deletedAt),
  }
}
