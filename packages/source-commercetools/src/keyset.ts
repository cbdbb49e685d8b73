import { isMillraceError, MillraceError, type ReadWindow, type SourceContext } from '@millrace/core'
import { chunksOf } from './chunk.ts'
import type { Position } from './cursor.ts'
import { createPageSize, type PageSize } from './page-size.ts'
import type { Listing, QueryArgs, Row } from './platform.ts'
import type { Reply, Transport } from './transport.ts'
import { instant } from './values.ts'

/** Conditions that are all to hold, with the values of their input variables. */
export interface Condition {
  where: readonly string[]
  variables?: Record<string, string | string[]>
}

/** A page of rows, the position behind it, and the platform's stamp of its reply (the `Date` header), if it sent one. */
interface RowPage<T> {
  rows: T[]
  after: Omit<Position, 'stream'>
  date: number | undefined
}

const stamp = (time: number): string => new Date(time).toISOString()

const windowCondition = (window: ReadWindow): Condition => ({
  where: ['lastModifiedAt <= :to', ...(window.from === undefined ? [] : ['lastModifiedAt >= :from'])],
  variables: { to: stamp(window.to), ...(window.from === undefined ? {} : { from: stamp(window.from) }) },
})

/**
 * Behind the position. Ids are random, so `lastModifiedAt >= x and id > y` would drop rows: either the stamp is later, or it is the same and the id
 * is greater.
 */
const afterCondition = (mode: ReadWindow['mode'], { id, at }: Omit<Position, 'stream'>): Condition => {
  if (id === undefined) return { where: [] }
  if (mode === 'full') return { where: ['id > :afterId'], variables: { afterId: id } }
  return {
    where: ['(lastModifiedAt > :afterAt or (lastModifiedAt = :afterAt and id > :afterId))'],
    variables: { afterAt: at ?? '', afterId: id },
  }
}

const queryArgs = (conditions: readonly Condition[], sort: string[], limit: number): QueryArgs => {
  const variables = conditions.flatMap((condition) => Object.entries(condition.variables ?? {}))
  const where = conditions.flatMap((condition) => condition.where)
  return { where, sort, limit, withTotal: false, ...Object.fromEntries(variables.map(([name, value]) => [`var.${name}`, value])) }
}

const disordered = (what: string): MillraceError =>
  new MillraceError({
    code: 'source_order_broken',
    message: `commercetools did not return ${what} in the order asked for, so that rows could be lost. Nothing further is read.`,
    scope: 'destination',
  })

const rowsOf = <T>({ body }: Reply<{ results: T[] } | undefined>, what: string): T[] => {
  if (Array.isArray(body?.results)) return body.results
  throw new MillraceError({
    code: 'source_unexpected_reply',
    message: `commercetools answered without rows for ${what}.`,
    retryable: true,
    scope: 'destination',
  })
}

const comesAfter = (mode: ReadWindow['mode'], row: Row, previous: Omit<Position, 'stream'>): boolean => {
  if (previous.id === undefined) return true
  if (mode === 'full') return row.id > previous.id
  const [before, now] = [Date.parse(previous.at ?? ''), Date.parse(row.lastModifiedAt)]
  return now > before || (now === before && row.id > previous.id)
}

/** What {@link keyset} reads. */
export interface KeysetRequest<T extends Row> {
  listing: Listing<T>
  mode: ReadWindow['mode']
  conditions: readonly Condition[]
  after: Omit<Position, 'stream'>
  size: PageSize
}

const fetchPage = async <T extends Row>(
  transport: Transport,
  { listing, mode, conditions, size }: KeysetRequest<T>,
  after: Omit<Position, 'stream'>,
  ctx: SourceContext,
) => {
  const sort = mode === 'full' ? ['id asc'] : ['lastModifiedAt asc', 'id asc']
  for (;;) {
    const asked = size.rows
    try {
      const reply: Reply<{ results: T[] }> = await transport.send(
        listing.query(queryArgs([...conditions, afterCondition(mode, after)], sort, asked)),
        listing.what,
        ctx,
      )
      return { reply, asked }
    } catch (error) {
      // A page too large to arrive in time arrives when it is smaller.
      if (!isMillraceError(error) || error.code !== 'source_timeout' || !size.shrink()) throw error
    }
  }
}

/**
 * Pages of a listing by keyset, never by offset: sorted by (lastModifiedAt, id) for a delta, by id for a full read, until a page is not full. Throws
 * MillraceError `source_order_broken` rather than skipping rows when the platform does not keep the order.
 */
export async function* keyset<T extends Row>(
  transport: Transport,
  request: KeysetRequest<T>,
  ctx: SourceContext,
): AsyncGenerator<RowPage<T>> {
  let after = request.after
  for (;;) {
    const { reply, asked } = await fetchPage(transport, request, after, ctx)
    const rows = rowsOf(reply, request.listing.what)
    for (const row of rows) {
      if (!comesAfter(request.mode, row, after)) throw disordered(request.listing.what)
      after = request.mode === 'full' ? { id: row.id } : { id: row.id, at: instant(row.lastModifiedAt) ?? row.lastModifiedAt }
    }
    request.size.learn(reply.bytes)
    if (rows.length > 0) yield { rows, after, date: reply.date }
    if (rows.length < asked) return
  }
}

/** The rows of a listing inside a window. */
export const inWindow = <T extends Row>(
  transport: Transport,
  request: { listing: Listing<T>; window: ReadWindow; condition: Condition; after: Omit<Position, 'stream'>; size: number },
  ctx: SourceContext,
): AsyncGenerator<RowPage<T>> =>
  keyset(
    transport,
    {
      listing: request.listing,
      mode: request.window.mode,
      conditions: [windowCondition(request.window), request.condition],
      after: request.after,
      size: createPageSize(request.size),
    },
    ctx,
  )

/** All rows with one of `values`, in chunks. The condition refers to them as `:values`. */
export const collect = async <T extends Row>(
  transport: Transport,
  request: { listing: Listing<T>; condition: Condition; values: Iterable<string>; size?: number },
  ctx: SourceContext,
): Promise<T[]> => {
  const { listing, condition, size = 500 } = request
  const found: T[] = []
  for (const values of chunksOf(request.values)) {
    const conditions = [condition, { where: [], variables: { values } }]
    for await (const { rows } of keyset(transport, { listing, mode: 'full', conditions, after: {}, size: createPageSize(size) }, ctx))
      found.push(...rows)
  }
  return found
}
