import type { Category } from '@commercetools/platform-sdk'
import { isMillraceError, type Localized, type SourceContext } from '@millrace/core'
import { keyset } from './keyset.ts'
import type { CategoryFacts } from './names.ts'
import { createPageSize } from './page-size.ts'
import type { Platform } from './platform.ts'
import type { Transport } from './transport.ts'
import { localized, text } from './values.ts'

/** The category tree, small enough to hold: ids, keys, names and parents. */
export interface CategoryTree {
  /** Makes sure that all of `ids` are known, reading the tree again when one is not. */
  load(ids: Iterable<string>, ctx: SourceContext): Promise<void>
  /** Learns from rows that were just read. */
  put(rows: readonly Category[]): void
  get(id: string): CategoryFacts | undefined
  /** Platform ids of all categories below any of `ids`. */
  descendants(ids: Iterable<string>): string[]
}

interface Node {
  recordId: string
  parentId: string | undefined
  name: Localized
}

const ttlMs = 300_000

/** Reads categories with the transport, at most once in five minutes unless an id is new. */
export const createCategoryTree = (transport: Transport, platform: Pick<Platform, 'categories'>): CategoryTree => {
  let nodes = new Map<string, Node>()
  let dangling = new Set<string>()
  let until = Number.NEGATIVE_INFINITY

  const putInto = (map: Map<string, Node>, rows: readonly Category[]): void => {
    for (const row of rows) map.set(row.id, { recordId: text(row.key) ?? row.id, parentId: row.parent?.id, name: localized(row.name) })
  }

  const readAll = async (ctx: SourceContext): Promise<void> => {
    const fresh = new Map<string, Node>()
    const request = { listing: platform.categories, mode: 'full' as const, conditions: [], after: {}, size: createPageSize(500) }
    try {
      for await (const { rows } of keyset(transport, request, ctx)) putInto(fresh, rows)
    } catch (error) {
      if (!isMillraceError(error) || error.code !== 'source_scope_missing') throw error
      ctx.logger.warn({ what: 'categories' }, 'commercetools: categories may not be read, so references to them stay identifiers')
    }
    nodes = fresh
    dangling = new Set()
    until = ctx.clock.monotonic() + ttlMs
  }

  /** From the root down to the category; cut where a cycle repeats. */
  const ancestry = (id: string): Node[] => {
    const chain = new Map<string, Node>()
    let next: string | undefined = id
    while (next !== undefined && !chain.has(next)) {
      const node = nodes.get(next)
      if (node === undefined) break
      chain.set(next, node)
      next = node.parentId
    }
    return [...chain.values()].toReversed()
  }

  const isBelow = (id: string, roots: ReadonlySet<string>): boolean => {
    const met = new Set<string>()
    let parentId = nodes.get(id)?.parentId
    while (parentId !== undefined && !met.has(parentId)) {
      if (roots.has(parentId)) return true
      met.add(parentId)
      parentId = nodes.get(parentId)?.parentId
    }
    return false
  }

  return {
    put: (rows) => putInto(nodes, rows),
    load: async (ids, ctx) => {
      const wanted = [...ids]
      const unknown = () => wanted.filter((id) => !nodes.has(id) && !dangling.has(id))
      if (ctx.clock.monotonic() >= until || unknown().length > 0) await readAll(ctx)
      for (const id of unknown()) dangling.add(id)
    },
    get: (id) => {
      const node = nodes.get(id)
      if (node === undefined) return undefined
      const parent = node.parentId === undefined ? undefined : nodes.get(node.parentId)?.recordId
      return { recordId: node.recordId, parentRecordId: parent, path: ancestry(id).map(({ name }) => name) }
    },
    descendants: (ids) => {
      const roots = new Set(ids)
      return [...nodes.keys()].filter((id) => !roots.has(id) && isBelow(id, roots))
    },
  }
}
