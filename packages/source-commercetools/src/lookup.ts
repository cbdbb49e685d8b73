import { isMillraceError, type SourceContext } from '@millrace/core'
import { collect } from './keyset.ts'
import type { Listing, Row } from './platform.ts'
import type { Transport } from './transport.ts'

/** A bounded cache of facts about referenced resources. */
export interface Lookup<Fact> {
  /** Fetches what is not known yet or was learned too long ago. */
  load(ids: Iterable<string>, ctx: SourceContext): Promise<void>
  get(id: string): Fact | undefined
}

/** How long a fact is believed: names change rarely, and a change of them is no change of the record that refers to them. */
const ttlMs = 300_000

/**
 * Facts by id, fetched in chunks. At most `most` are kept, the ones not asked for lately go first. A dangling reference is remembered as such. Data that
 * the API client may not read (403) counts as unknown with one warning: `check` names the scope, and an identifier is better than no order.
 */
export const createLookup = <T extends Row, Fact>(
  transport: Transport,
  { listing, fact, most = 10_000, size }: { listing: Listing<T>; fact(row: T): Fact; most?: number; size?: number },
): Lookup<Fact> => {
  const known = new Map<string, { fact: Fact | undefined; until: number }>()
  let warned = false

  const fetchRows = async (ids: readonly string[], ctx: SourceContext): Promise<T[]> => {
    try {
      return await collect(
        transport,
        { listing, condition: { where: ['id in :values'] }, values: ids, ...(size === undefined ? {} : { size }) },
        ctx,
      )
    } catch (error) {
      if (!isMillraceError(error) || error.code !== 'source_scope_missing') throw error
      if (!warned)
        ctx.logger.warn({ what: listing.what }, `commercetools: ${listing.what} may not be read, so references to them stay identifiers`)
      warned = true
      return []
    }
  }

  return {
    get: (id) => known.get(id)?.fact,
    load: async (ids, ctx) => {
      const now = ctx.clock.monotonic()
      const missing: string[] = []
      for (const id of new Set(ids)) {
        const entry = known.get(id)
        known.delete(id)
        if (entry !== undefined && entry.until > now) known.set(id, entry)
        else missing.push(id)
      }
      if (missing.length === 0) return
      const rows = new Map((await fetchRows(missing, ctx)).map((row) => [row.id, row]))
      for (const id of missing) {
        const row = rows.get(id)
        known.set(id, { fact: row === undefined ? undefined : fact(row), until: now + ttlMs })
      }
      for (const id of known.keys()) {
        if (known.size <= most) break
        known.delete(id)
      }
    },
  }
}
