import type { Product } from '@commercetools/platform-sdk'
import type { SourceContext } from '@millrace/core'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { Workshop } from './reader.ts'

/** Orders per question: each names several products, so few pages settle many. */
const ordersPerPage = 20

/**
 * Those of the products that are on at least one order. Asks the platform for orders with any of the products not settled yet, a page at a time: each
 * answer settles at least one product, and an empty one settles the rest. Keeps no memory of its own, so nothing can be forgotten.
 */
export const keepReferenced = async (
  { transport, platform }: Pick<Workshop, 'transport' | 'platform'>,
  rows: readonly Product[],
  ctx: SourceContext,
): Promise<Product[]> => {
  const open = new Set(rows.map(({ id }) => id))
  for (const listing of platform.orders) {
    while (open.size > 0) {
      const conditions = [{ where: ['lineItems(productId in :products)'], variables: { products: [...open] } }]
      const page = await keyset(
        transport,
        { listing, mode: 'full', conditions, after: {}, size: createPageSize(ordersPerPage) },
        ctx,
      ).next()
      if (page.done === true) break
      for (const order of page.value.rows) for (const line of order.lineItems) open.delete(line.productId)
    }
  }
  return rows.filter(({ id }) => !open.has(id))
}
