import { z } from 'zod'
import { cartSchema } from '../model/cart.ts'
import type { Cart } from '../model/cart.ts'
import { instantSchema } from '../model/common.ts'
import { distinctSkus } from '../signals/order-fact.ts'
import { lineViews, lineViewSchema, type LineView } from './line-view.ts'
import { languageOf } from './text.ts'
import { instantOf } from './view.ts'
import type { ViewContext } from './view.ts'

/** A cart as rules see it; see {@link orderViewSchema} for `lines`, `reductions` and `itemCount`. */
export const cartViewSchema = cartSchema.omit({ entity: true, lines: true }).extend({
  key: z.string(),
  currency: z.string(),
  language: z.string().optional(),
  itemCount: z.number().int(),
  skus: z.array(z.string()),
  lines: z.array(lineViewSchema),
  reductions: z.array(lineViewSchema),
  /** Name of the source. */
  source: z.string(),
  /** False for one that the connection no longer takes. */
  inScope: z.boolean(),
  historical: z.boolean(),
  deletedAt: instantSchema.optional(),
})
export type CartView = z.infer<typeof cartViewSchema>

/** Builds the view of a cart. */
export const cartView = (cart: Cart, context: ViewContext): CartView => {
  const { entity: _entity, lines: all, ...fields } = cart
  const { lines, reductions } = lineViews(all, { key: context.key, locale: cart.locale, source: context.source })
  // A shop may number carts and orders alike, and their lines may be one kind of object at the destination.
  const own = (line: LineView): LineView => ({ ...line, key: `cart:${line.key}` })
  return {
    ...fields,
    key: context.key,
    currency: cart.gross.currency,
    language: cart.locale === undefined ? undefined : languageOf(cart.locale),
    itemCount: lines.reduce((sum, line) => sum + (line.kind === 'custom' ? 0 : line.quantity), 0),
    skus: distinctSkus(lines),
    lines: lines.map(own),
    reductions: reductions.map(own),
    source: context.source,
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(context.deletedAt),
  }
}
