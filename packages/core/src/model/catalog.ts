import { z } from 'zod'
import { customFieldsSchema, instantSchema, localizedSchema, namedSchema } from './common.ts'
import { moneySchema } from './money.ts'

/** A price of a variant with the scope it holds in. `discounted` beats `value` while it is valid. */
export const priceSchema = z.object({
  value: moneySchema,
  discounted: moneySchema.optional(),
  country: z.string().optional(),
  customerGroup: z.string().optional(),
  channel: z.string().optional(),
  validFrom: instantSchema.optional(),
  validUntil: instantSchema.optional(),
})
export type Price = z.infer<typeof priceSchema>

export const variantSchema = z.object({
  id: z.string(),
  sku: z.string().optional(),
  key: z.string().optional(),
  prices: z.array(priceSchema).default([]),
  images: z.array(z.string()).default([]),
  /** Pieces on hand over all supply channels; absent where stock is not tracked. */
  stock: z.number().optional(),
  /** The same by key of the supply channel; absent where stock is not kept by channel. */
  stockByChannel: z.record(z.string(), z.number()).optional(),
  cost: moneySchema.optional(),
  attributes: customFieldsSchema.default({}),
})
export type Variant = z.infer<typeof variantSchema>

/** A product with its variants. `id` is the product's key where it has one, so that a re-imported catalogue stays the same objects. */
export const productSchema = z.object({
  entity: z.literal('product'),
  id: z.string().min(1),
  /** The platform's own id, for look-ups at the source. */
  platformId: z.string(),
  key: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  published: z.boolean(),
  type: namedSchema.optional(),
  name: localizedSchema,
  slug: localizedSchema.default({}),
  description: localizedSchema.default({}),
  /** Storefront addresses by `<store>/<locale>`, from the template in the source's settings. */
  urls: localizedSchema.default({}),
  categoryIds: z.array(z.string()).default([]),
  categoryPath: z.array(localizedSchema).default([]),
  variants: z.array(variantSchema).default([]),
  attributes: customFieldsSchema.default({}),
})
export type Product = z.infer<typeof productSchema>

/** A category. `id` is its key where it has one. `path` runs from the root down to and including this category. */
export const categorySchema = z.object({
  entity: z.literal('category'),
  id: z.string().min(1),
  platformId: z.string(),
  key: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  name: localizedSchema,
  slug: localizedSchema.default({}),
  parentId: z.string().optional(),
  path: z.array(localizedSchema).default([]),
  custom: customFieldsSchema.default({}),
})
export type Category = z.infer<typeof categorySchema>
