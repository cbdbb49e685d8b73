import { z } from 'zod'
import { compareMoney, zero } from '../model/money.ts'
import { moneySchema } from '../model/money.ts'
import { lineSchema } from '../model/order.ts'
import type { Line } from '../model/order.ts'
import { pickText } from './text.ts'

/**
 * A line of an order or cart as rules see it. `key` = key of the order and id of the line; `price` = what one piece costs (`unitPrice`); `nameText` = the name
 * in the order's language; `productUnit` = the product it refers to; `currency`, `orderKey`, `orderNumber` = of the order it stands in.
 */
export const lineViewSchema = lineSchema.extend({
  key: z.string(),
  position: z.number().int(),
  price: moneySchema,
  currency: z.string(),
  nameText: z.string().optional(),
  orderKey: z.string(),
  orderNumber: z.string().optional(),
  productUnit: z.string().optional(),
  /** The most specific category, named in the order's language. */
  category: z.string().optional(),
})
export type LineView = z.infer<typeof lineViewSchema>

/** What the lines of one order or cart have in common. */
export interface LineContext {
  key: string
  number?: string | undefined
  locale?: string | undefined
  source: string
}

const lineView = (line: Line, index: number, { key, number, locale, source }: LineContext): LineView => {
  const productId = line.productKey ?? line.productId
  const category = line.categoryPath.at(-1)
  const locales = locale === undefined ? ['en'] : [locale, 'en']
  return {
    ...line,
    key: `${key}:${line.id}`,
    position: index + 1,
    price: line.unitPrice,
    currency: line.total.currency,
    nameText: pickText(line.name, locales) ?? line.sku,
    orderKey: key,
    orderNumber: number,
    productUnit: productId === undefined ? undefined : `product:${source}:${productId}`,
    category: category === undefined ? undefined : pickText(category, locales),
  }
}

/**
 * The lines as rules see them, those below zero apart: destinations hold no negative lines, and the order's own amounts already contain what such a line
 * takes off.
 */
export const lineViews = (lines: readonly Line[], context: LineContext): { lines: LineView[]; reductions: LineView[] } => {
  const views = lines.map((line, index) => lineView(line, index, context))
  const negative = (line: LineView): boolean =>
    compareMoney(line.total, zero(line.total.currency)) < 0 || compareMoney(line.price, zero(line.price.currency)) < 0
  return { lines: views.filter((line) => !negative(line)), reductions: views.filter(negative) }
}
