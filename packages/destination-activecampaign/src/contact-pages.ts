import type { Query } from '@millrace/adapter-kit'
import type { Client } from './client.ts'
import { textOf } from './json.ts'
import { pageSize, readPage } from './pages.ts'

/** A page of contacts, and how many there are in all as far as the vendor says. */
export interface ContactPage {
  rows: Record<string, unknown>[]
  total: number
}

/**
 * Contacts by rising id, 100 per request: with `id_greater` no page shifts when contacts come and go meanwhile. `query` narrows them down; an unknown filter is
 * ignored by the vendor. `from` = the id after which to start.
 */
export async function* contactPages(client: Client, query: Query, signal: AbortSignal, from = 0): AsyncGenerator<ContactPage> {
  let after = from
  for (;;) {
    const page = { ...query, id_greater: after, 'orders[id]': 'ASC', limit: pageSize }
    const { rows, total = rows.length } = await readPage(client, { path: 'contacts', name: 'contacts', query: page, signal })
    yield { rows, total }
    const last = Math.max(...rows.map((row) => Number(textOf(row, 'id') ?? 0)))
    if (rows.length < pageSize || !(last > after)) return
    after = last
  }
}
