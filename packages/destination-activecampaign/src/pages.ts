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
}

/** Answers of a list, page by page, by offset. */
export async function* pagesOf(
  client: Client,
  { path, name, query = {}, signal }: Listing,
): AsyncGenerator<{ body: unknown; rows: Record<string, unknown>[] }> {
  for (let offset = 0; ; offset += pageSize) {
    const { body } = await client.require({
      method: 'GET',
      path,
      query: { ...query, limit: pageSize, offset },
      call: `list of ${name}`,
      signal,
    })
    const rows = rowsOf(body, name)
    yield { body, rows }
    const total = Number(textOf(member(body, 'meta'), 'total') ?? Number.NaN)
    if (rows.length < pageSize || offset + rows.length >= total) return
  }
}

/** All rows of a list. */
export const allRows = async (client: Client, listing: Listing): Promise<Record<string, unknown>[]> => {
  const all: Record<string, unknown>[] = []
  for await (const { rows } of pagesOf(client, listing)) all.push(...rows)
  return all
}
