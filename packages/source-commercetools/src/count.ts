import type { Entity, SourceContext } from '@millrace/core'
import { toError } from './errors.ts'
import type { Listing, Platform } from './platform.ts'
import type { Transport } from './transport.ts'

const listingsOf = (platform: Platform, entity: Entity): readonly Listing<unknown>[] => {
  switch (entity) {
    case 'customer':
      return platform.customers
    case 'order':
      return platform.orders
    case 'cart':
      return platform.carts
    case 'shopping-list':
      return platform.shoppingLists
    case 'product':
      return [platform.products]
    case 'category':
      return [platform.categories]
    case 'company':
      return [platform.companies]
  }
}

/**
 * How many records of a kind there are, as the platform estimates it: the one request that asks for a total, and only for estimates. A selection of products
 * or shopping lists is not taken into account.
 */
export const countRecords = async (
  parts: { transport: Transport; platform: Platform },
  entity: Entity,
  since: number | undefined,
  ctx: SourceContext,
): Promise<number> => {
  const modified = since === undefined ? {} : { where: ['lastModifiedAt >= :from'], 'var.from': new Date(since).toISOString() }
  let total = 0
  for (const listing of listingsOf(parts.platform, entity)) {
    const request = listing.query({ where: [], sort: [], limit: 1, ...modified, withTotal: true })
    const what = `the number of ${listing.what}`
    const { body } = await parts.transport.send(request, what, ctx)
    if (typeof body.total !== 'number') throw toError({ status: 200, headers: {}, body, what, timedOut: false }, ctx.clock.now())
    total += body.total
  }
  return total
}
