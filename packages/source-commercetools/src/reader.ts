import type { Change, ReadWindow, SourceContext, SourcePage } from '@millrace/core'
import { encodeCursor, type Position } from './cursor.ts'
import { collect, type Condition, inWindow, keyset } from './keyset.ts'
import type { Lookups } from './lookups.ts'
import { createPageSize } from './page-size.ts'
import type { Listing, Platform, Row } from './platform.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport.ts'

/** What readers share. */
export interface Workshop {
  settings: Settings
  transport: Transport
  platform: Platform
  lookups: Lookups
  /** Strictly growing stamp of when something was read, from the platform's clock; see {@link createReadStamp}. */
  readStamp(date: number | undefined, ctx: SourceContext): number
}

/** A change with the platform's id of what brought it. */
export interface Located {
  id: string
  change: Change
}

/** Puts rows and the changes made of them, one for each, together. */
export const locate = (rows: readonly Row[], changes: readonly Change[]): Located[] =>
  rows.flatMap(({ id }, index) => {
    const change = changes[index]
    return change === undefined ? [] : [{ id, change }]
  })

/** Rows of several listings by their ids. */
export const collectByIds = async <T extends Row>(
  transport: Transport,
  listings: readonly Listing<T>[],
  ids: readonly string[],
  size: number,
  ctx: SourceContext,
): Promise<T[]> => {
  const found = new Map<string, T>()
  for (const listing of listings) {
    const condition = { where: ['id in :values'] }
    for (const row of await collect(transport, { listing, condition, values: ids, size }, ctx)) found.set(row.id, row)
  }
  return [...found.values()]
}

/** One of the streams that an entity is read from, one after the other. */
export interface Stream {
  name: string
  read(window: ReadWindow, after: Omit<Position, 'stream'>, ctx: SourceContext): AsyncIterable<SourcePage>
}

/** How one entity is read. */
export interface Reader {
  /** The streams of a pass in their order. A full pass reads the first kind only: everything else exists to notice changes. */
  streams(window: ReadWindow, ctx: SourceContext): Stream[] | Promise<Stream[]>
  get(id: string, ctx: SourceContext): Promise<Change | undefined>
  /** What the platform's own ids of this kind bring, as far as they exist. */
  byIds(ids: readonly string[], ctx: SourceContext): Promise<Located[]>
  /** Of orders: those that the payments belong to. */
  ofPayments?(ids: readonly string[], ctx: SourceContext): Promise<Located[]>
  ids(ctx: SourceContext): AsyncIterable<string[]>
}

/** A stream over the rows of a listing inside the window, turned into changes page by page. */
export const streamOf = <T extends Row>(
  { transport }: Pick<Workshop, 'transport'>,
  stream: {
    name: string
    listing: Listing<T>
    size: number
    condition?: Condition
    changes(rows: T[], ctx: SourceContext, date: number | undefined): Promise<Change[]>
  },
): Stream => ({
  name: stream.name,
  read: async function* (window, after, ctx) {
    const request = { listing: stream.listing, window, condition: stream.condition ?? { where: [] }, after, size: stream.size }
    for await (const page of inWindow(transport, request, ctx)) {
      yield { changes: await stream.changes(page.rows, ctx, page.date), cursor: encodeCursor({ stream: stream.name, ...page.after }) }
    }
  },
})

/** Rows changed before the window began: those inside it come from the entity's own stream. Undefined when the window has no beginning. */
export const beforeWindow = (window: ReadWindow): Condition | undefined =>
  window.from === undefined || window.mode === 'full'
    ? undefined
    : { where: ['lastModifiedAt < :before'], variables: { before: new Date(window.from).toISOString() } }

/** Several conditions as one. */
export const allOf = (...conditions: readonly (Condition | undefined)[]): Condition => ({
  where: conditions.flatMap((condition) => condition?.where ?? []),
  variables: Object.assign({}, ...conditions.map((condition) => condition?.variables ?? {})),
})

/** Names a stream after its kind and store. */
export const streamName = (kind: string, store: string | undefined): string => (store === undefined ? kind : `${kind}@${store}`)

/** All record ids of several listings, in pages. */
export async function* idsOf<T extends Row>(
  { transport }: Pick<Workshop, 'transport'>,
  listings: readonly Listing<T>[],
  idOf: (row: T) => string,
  ctx: SourceContext,
): AsyncGenerator<string[]> {
  for (const listing of listings) {
    for await (const { rows } of keyset(transport, { listing, mode: 'full', conditions: [], after: {}, size: createPageSize(500) }, ctx))
      yield rows.map(idOf)
  }
}

/**
 * Records that are put together from several resources (a product with its prices and stock) carry the time of reading as a version part, because the
 * resources have no counter in common: it orders two snapshots of the same record. Never the same twice, never smaller than before.
 */
export const createReadStamp = (): Workshop['readStamp'] => {
  let last = 0
  return (date, ctx) => {
    last = Math.max(date ?? ctx.clock.now(), last + 1)
    return last
  }
}
