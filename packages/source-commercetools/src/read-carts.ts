import type { Cart } from '@commercetools/platform-sdk'
import type { Change, SourceContext } from '@millrace/core'
import { toCart } from './cart.ts'
import { toChange } from './change.ts'
import { lineReferences } from './lookups.ts'
import type { Collection } from './platform.ts'
import { collectByIds, idsOf, locate, type Reader, streamName, streamOf, type Workshop } from './reader.ts'

/** Carts, by polling: the platform tells only of their creation. */
export const createCartReader = (workshop: Workshop): Reader => {
  const { transport, platform, lookups, settings } = workshop

  const changes = async (rows: readonly Cart[], ctx: SourceContext): Promise<Change[]> => {
    await lookups.load(lineReferences(rows), ctx)
    return rows.map((row) =>
      toChange({
        entity: 'cart',
        id: row.id,
        version: { cart: row.version },
        modifiedAt: Date.parse(row.lastModifiedAt),
        raw: row,
        map: () => toCart(row, lookups.names, settings),
      }),
    )
  }

  const cartStream = (listing: Collection<Cart>) =>
    streamOf(workshop, { name: streamName('carts', listing.store), listing, size: settings.pageSizes.cart, changes })

  return {
    streams: () => platform.carts.map(cartStream),
    get: async (id, ctx) => {
      for (const listing of platform.carts) {
        const reply = await transport.find(listing.byId(id), listing.what, ctx)
        if (reply !== undefined) return (await changes([reply.body], ctx))[0]
      }
      return undefined
    },
    byIds: async (ids, ctx) => {
      const rows = await collectByIds(transport, platform.carts, ids, settings.pageSizes.cart, ctx)
      return locate(rows, await changes(rows, ctx))
    },
    ids: (ctx) => idsOf(workshop, platform.carts, ({ id }) => id, ctx),
  }
}
