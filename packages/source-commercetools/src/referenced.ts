import type { Product } from '@commercetools/platform-sdk'
import { MillraceError, type SourceContext } from '@millrace/core'
import { chunksOf } from './chunk.ts'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { Workshop } from './reader.ts'

/** Orders per question: each names several products, so few pages settle many. */
const ordersPerPage = 20

const unasked = (): MillraceError =>
  new MillraceError({
    code: 'source_unexpected_reply',
    message: 'commercetools answered a question for orders of certain products with orders of others.',
    scope: 'destination',
  })

/**
 * Those of the products that are on at least one order. Asks the platform for orders with any of the products not settled yet, a page at a time: each
 * answer settles at least one product, and an empty one settles the rest. Keeps no memory of its own, so nothing can be forgotten.
 */
export const keepReferenced = async (
  { transport, platform }: Pick<Workshop, 'transport' | 'platform'>,
  rows: readonly Product[],
  ctx: SourceContext,
): Promise<Product[]> => {
  const referenced = new Set<string>()
  for (const chunk of chunksOf(rows.map(({ id }) => id))) {
    for (const listing of platform.orders) {
      let open = chunk.filter((id) => !referenced.has(id))
      while (open.length > 0) {
        const conditions = [{ where: ['lineItems(productId in :products)'], variables: { products: open } }]
        const request = { listing, mode: 'full' as const, conditions, after: {}, size: createPageSize(ordersPerPage) }
        const page = await keyset(transport, request, ctx).next()
        if (page.done === true) break
        for (const order of page.value.rows) for (const line of order.lineItems) referenced.add(line.productId)
        const left = open.filter((id) => !referenced.has(id))
        if (left.length === open.length) throw unasked()
        open = left
      }
    }
  }
  return rows.filter(({ id }) => referenced.has(id))
}
