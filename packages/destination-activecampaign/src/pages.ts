import type { Query } from '@millrace/adapter-kit'
import type { Client } from './client.ts'
import { member, rowsOf, textOf } from './json.ts'

/** Rows per page that the vendor allows at most; without it there are 20 (vendor notes, "Transport"). */
export const pageSize = 100

/** A list call. `name` = the resource in path and answer. */
export interface Listing {
  path: string
  name: string
  query?: Query
  signal: AbortSignal
  /** Consent: goes before waiting calls. */
  urgent?: boolean
}

/** One page of a list. Throws MillraceError also for a success without the list: it does not say that there is nothing. */
export const readPage = async (
  client: Client,
  { path, name, query = {}, signal, urgent = false }: Listing,
): Promise<{ body: unknown; rows: Record<string, unknown>[]; total: number | undefined }> => {
  const call = `list of ${name}`
  const reply = await client.require({ method: 'GET', path, query, call, signal, urgent })
  if (!Array.isArray(member(reply.body, name))) throw client.error(reply, call)
  const total = Number(textOf(member(reply.body, 'meta'), 'total') ?? Number.NaN)
  return { body: reply.body, rows: rowsOf(reply.body, name), total: Number.isNaN(total) ? undefined : total }
}

/** Answers of a list, page by page, by offset. A page may be shorter than asked for; then the total tells whether there are more. */
export async function* pagesOf(client: Client, listing: Listing): AsyncGenerator<{ body: unknown; rows: Record<string, unknown>[] }> {
  let offset = 0
  let before: string | undefined
  for (;;) {
    const { body, rows, total } = await readPage(client, { ...listing, query: { ...listing.query, limit: pageSize, offset } })
    const first = textOf(rows[0], 'id')
    // A list that knows no paging answers with the same rows again.
    if (first !== undefined && first === before) return
    before = first
    yield { body, rows }
    offset += rows.length
    if (rows.length === 0 || (total === undefined ? rows.length !== pageSize : offset >= total)) return
  }
}

/** All rows of a list. */
export const allRows = async (client: Client, listing: Listing): Promise<Record<string, unknown>[]> => {
  const all: Record<string, unknown>[] = []
  for await (const { rows } of pagesOf(client, listing)) all.push(...rows)
  return all
}
