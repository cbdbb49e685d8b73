import type { Category } from '@commercetools/platform-sdk'
import type { Change, ReadWindow, SourceContext } from '@millrace/core'
import { toCategory } from './category.ts'
import { toChange } from './change.ts'
import { collect } from './keyset.ts'
import { collectByIds, idsOf, locate, type Reader, streamOf, type Workshop } from './reader.ts'
import { text } from './values.ts'

const recordId = (row: Category): string => text(row.key) ?? row.id

/** Categories. In a delta a changed category brings all categories below it, whose paths name it. */
export const createCategoryReader = (workshop: Workshop): Reader => {
  const { transport, platform, lookups, settings } = workshop

  const map = (row: Category): Change =>
    toChange({
      entity: 'category',
      id: recordId(row),
      version: { category: row.version },
      modifiedAt: Date.parse(row.lastModifiedAt),
      raw: row,
      map: () => toCategory(row, lookups.names),
    })

  const load = async (rows: readonly Category[], ctx: SourceContext): Promise<void> => {
    lookups.putCategories(rows)
    await lookups.load({ categories: rows.flatMap((row) => [row.id, ...(row.parent ? [row.parent.id] : [])]) }, ctx)
  }

  const withDescendants = async (rows: readonly Category[], ctx: SourceContext): Promise<Category[]> => {
    const values = lookups.categoriesBelow(rows.map(({ id }) => id))
    return [...rows, ...(await collect(transport, { listing: platform.categories, condition: { where: ['id in :values'] }, values }, ctx))]
  }

  return {
    streams: (window: ReadWindow) => [
      streamOf(workshop, {
        name: 'categories',
        listing: platform.categories,
        size: settings.pageSizes.category,
        changes: async (rows, ctx) => {
          await load(rows, ctx)
          return (window.mode === 'full' ? rows : await withDescendants(rows, ctx)).map(map)
        },
      }),
    ],
    get: async (id, ctx) => {
      const { categories } = platform
      const reply =
        (await transport.find(categories.byKey(id), categories.what, ctx)) ??
        (await transport.find(categories.byId(id), categories.what, ctx))
      if (reply === undefined || recordId(reply.body) !== id) return undefined
      await load([reply.body], ctx)
      return map(reply.body)
    },
    byIds: async (ids, ctx) => {
      const rows = await collectByIds(transport, [platform.categories], ids, settings.pageSizes.category, ctx)
      await load(rows, ctx)
      const own = new Map(rows.map((row) => [row.id, row]))
      const below = (await withDescendants(rows, ctx)).filter(({ id }) => !own.has(id))
      // Whatever stands below one of them comes with the first: the paths name it.
      return [...locate(rows, rows.map(map)), ...below.map((row) => ({ id: rows[0]?.id ?? row.id, change: map(row) }))]
    },
    ids: (ctx) => idsOf(workshop, [platform.categories], recordId, ctx),
  }
}
