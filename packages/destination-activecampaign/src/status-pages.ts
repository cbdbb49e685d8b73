import { contactPages } from './contact-pages.ts'
import type { Client } from './client.ts'
import { textOf } from './json.ts'
import type { ListStatus } from './list-status.ts'

/** Statuses that a page can tell; without one of them a contact was never on the list, or has not confirmed. */
const told = ['1', '2', '3'] as const

/**
 * How contacts stand on lists, read from the pages of the lists between the lowest and the highest of their ids. Undefined when that would take more requests than
 * a look at each. Contacts on none of the lists have an empty entry.
 */
export const statusesInPages = async (
  client: Client,
  lists: readonly string[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, ListStatus[]> | undefined> => {
  const numbers = ids.map(Number)
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)]
  const found = new Map<string, ListStatus[]>(ids.map((id) => [id, []]))
  let pages = 0
  for (const list of lists) {
    for (const status of told) {
      for await (const { rows } of contactPages(client, { listid: list, status }, signal, lowest - 1)) {
        pages += 1
        for (const row of rows) found.get(textOf(row, 'id') ?? '')?.push({ list, status, at: undefined })
        if (Number(textOf(rows.at(-1), 'id') ?? highest) >= highest) break
        if (pages >= ids.length / 2) return undefined
      }
    }
  }
  return found
}
