import { canonicalJson } from '../delta/canonical-json.ts'
import type { Localized } from '../model/common.ts'
import type { FactItem, OrderFact } from '../spec/store.ts'
import { pickText } from '../views/text.ts'

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * What was bought most: the largest number of pieces over all orders. Among equals the one in the newer order, then the first by name. `newestFirst` = the orders
 * in that order.
 */
const mostBought = (newestFirst: readonly OrderFact[], keyOf: (item: FactItem) => string | undefined): string | undefined => {
  const found = new Map<string, { pieces: number; newest: number }>()
  newestFirst.forEach(({ items = [] }, index) => {
    for (const item of items) {
      const key = keyOf(item)
      if (key === undefined) continue
      const before = found.get(key)
      found.set(key, { pieces: (before?.pieces ?? 0) + item.quantity, newest: before?.newest ?? index })
    }
  })
  return [...found].toSorted(([a, left], [b, right]) => right.pieces - left.pieces || left.newest - right.newest || compare(a, b))[0]?.[0]
}

/** The product that was bought most, by its stable key, else its SKU. */
export const topProduct = (newestFirst: readonly OrderFact[]): string | undefined =>
  mostBought(newestFirst, ({ product, sku }) => product ?? sku)

const categoryKey = ({ category }: FactItem): string | undefined =>
  category === undefined || Object.keys(category).length === 0 ? undefined : canonicalJson(category)

const nameOf = (key: string, locales: readonly string[]): string | undefined => pickText(JSON.parse(key) as Localized, locales)

/** The category that was bought most, named in the first of `locales` that it has a name in. */
export const topCategory = (newestFirst: readonly OrderFact[], locales: readonly string[]): string | undefined => {
  const key = mostBought(newestFirst, categoryKey)
  return key === undefined ? undefined : nameOf(key, locales)
}

/** The categories of one order, each once, in the order of its lines. */
export const categoriesOf = (fact: OrderFact | undefined, locales: readonly string[]): string[] => [
  ...new Set(
    (fact?.items ?? []).flatMap((item) => {
      const key = categoryKey(item)
      return (key === undefined ? undefined : nameOf(key, locales)) ?? []
    }),
  ),
]
