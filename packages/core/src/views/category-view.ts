import { z } from 'zod'
import { categorySchema } from '../model/catalog.ts'
import type { Category } from '../model/catalog.ts'
import { instantSchema } from '../model/common.ts'
import { instantOf } from './view.ts'
import type { ViewContext } from './view.ts'

/** A category as rules see it. `level` is 1 for a root. */
export const categoryViewSchema = categorySchema.omit({ entity: true }).extend({
  /** Our own unique key; the shop's own one is `shopKey`. */
  key: z.string(),
  shopKey: z.string().optional(),
  level: z.number().int(),
  /** Name of the source. */
  source: z.string(),
  /** False for one that the connection no longer takes. */
  inScope: z.boolean(),
  historical: z.boolean(),
  deletedAt: instantSchema.optional(),
})
export type CategoryView = z.infer<typeof categoryViewSchema>

/** Builds the view of a category. */
export const categoryView = (category: Category, context: ViewContext): CategoryView => {
  const { entity: _entity, key, ...fields } = category
  return {
    ...fields,
    key: context.key,
    shopKey: key,
    level: Math.max(1, category.path.length),
    source: context.source,
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(context.deletedAt),
  }
}
