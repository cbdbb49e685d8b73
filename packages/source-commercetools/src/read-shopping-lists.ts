import type { ShoppingList } from '@commercetools/platform-sdk'
import type { Change, SourceContext } from '@millrace/core'
import { createCatalogue } from './catalogue.ts'
import { toChange } from './change.ts'
import { collect, type Condition, keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { Collection } from './platform.ts'
import { allOf, locate, type Reader, streamName, streamOf, type Workshop } from './reader.ts'
import type { ListSelection } from './settings.ts'
import { toShoppingList } from './shopping-list.ts'

/** A name in one language. A field whose name holds a dash has to be quoted. */
const nameIn = (language: string): string => `name(${language.includes('-') ? `\`${language}\`` : language} in :lists)`

/** Lists of accounts only: an anonymous one is nobody's. */
const selecting = (selection: ListSelection, languages: readonly string[]): Condition => {
  const wanted =
    'where' in selection
      ? { where: [selection.where] }
      : { where: [languages.map(nameIn).join(' or ')], variables: { lists: [...selection] } }
  return allOf({ where: ['customer is defined'] }, wanted)
}

/** Shopping lists of accounts that the settings name. One that loses its name or its account is found gone when ids are compared. */
export const createShoppingListReader = (workshop: Workshop, selection: ListSelection): Reader => {
  const { transport, platform, lookups, settings } = workshop
  const catalogue = createCatalogue(workshop)
  const size = settings.pageSizes['shopping-list']
  const selected = async (ctx: SourceContext): Promise<Condition> => selecting(selection, await catalogue.languages(ctx))

  const changes = async (rows: readonly ShoppingList[], ctx: SourceContext): Promise<Change[]> => {
    const stores = rows.some(({ store }) => store !== undefined) ? await catalogue.channels(lookups, ctx) : undefined
    return rows.map((row) =>
      toChange({
        entity: 'shopping-list',
        id: row.id,
        version: { 'shopping-list': row.version },
        modifiedAt: Date.parse(row.lastModifiedAt),
        raw: row,
        map: () => toShoppingList(row, stores?.get(row.store?.key ?? '')),
      }),
    )
  }

  const byIds = async (ids: readonly string[], ctx: SourceContext): Promise<ShoppingList[]> => {
    const condition = allOf({ where: ['id in :values'] }, await selected(ctx))
    const found = new Map<string, ShoppingList>()
    for (const listing of platform.shoppingLists)
      for (const row of await collect(transport, { listing, condition, values: ids, size }, ctx)) found.set(row.id, row)
    return [...found.values()]
  }

  const stream = (listing: Collection<ShoppingList>, condition: Condition) =>
    streamOf(workshop, { name: streamName('shopping-lists', listing.store), listing, size, condition, changes })

  return {
    streams: async (_window, ctx) => {
      const condition = await selected(ctx)
      return platform.shoppingLists.map((listing) => stream(listing, condition))
    },
    get: async (id, ctx) => (await changes(await byIds([id], ctx), ctx))[0],
    byIds: async (ids, ctx) => {
      const rows = await byIds(ids, ctx)
      return locate(rows, await changes(rows, ctx))
    },
    ids: async function* (ctx) {
      const condition = await selected(ctx)
      for (const listing of platform.shoppingLists) {
        const request = { listing, mode: 'full' as const, conditions: [condition], after: {}, size: createPageSize(500) }
        for await (const { rows } of keyset(transport, request, ctx)) yield rows.map(({ id }) => id)
      }
    },
  }
}
