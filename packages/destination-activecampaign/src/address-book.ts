import { foldEmail } from '@millrace/adapter-kit'
import type { Client } from './client.ts'
import { textOf } from './json.ts'
import { pageSize, readPage } from './pages.ts'
import { isRemnant } from './read-contact.ts'

/** The e-mail addresses of contacts by id, as the account holds them now. */
export interface AddressBook {
  /** What was seen of a contact just now. */
  note(id: string, email: string): void
  forget(id: string): void
  /** Addresses of contacts, folded. `fresh` = none from memory. Ids that are gone are left out. */
  of(ids: readonly string[], signal: AbortSignal, fresh?: boolean): Promise<Map<string, string>>
}

/** How many addresses are kept; the oldest go first. */
const most = 50_000

const ascending = (a: string, b: string): number => Number(a) - Number(b)

/**
 * Reads contacts by their ids: the ids that stand close together cost one request per hundred (`id_greater`), the others one each. The vendor notes know no call
 * that takes a list of ids.
 */
export const createAddressBook = (client: Client): AddressBook => {
  const known = new Map<string, string>()
  const note = (id: string, email: string): void => {
    known.delete(id)
    known.set(id, foldEmail(email))
    for (const oldest of known.keys()) {
      if (known.size <= most) break
      known.delete(oldest)
    }
  }
  return {
    note,
    forget: (id) => void known.delete(id),
    async of(ids, signal, fresh = false) {
      const found = new Map<string, string>()
      const open = new Set<string>()
      for (const id of new Set(ids)) {
        const email = fresh ? undefined : known.get(id)
        if (email !== undefined) found.set(id, email)
        else if (/^\d+$/.test(id)) open.add(id)
      }
      for (const next of [...open].toSorted(ascending)) {
        if (!open.has(next)) continue
        const query = { id_greater: Number(next) - 1, 'orders[id]': 'ASC', limit: pageSize }
        const { rows } = await readPage(client, { path: 'contacts', name: 'contacts', query, signal })
        for (const row of rows) {
          const [id, email] = [textOf(row, 'id'), textOf(row, 'email')]
          if (id === undefined || email === undefined || isRemnant(row)) continue
          note(id, email)
          if (open.delete(id)) found.set(id, foldEmail(email))
        }
        // What lies below the last row of the page, and was not in it, is gone.
        const last = Number(rows.length < pageSize ? Number.POSITIVE_INFINITY : (textOf(rows.at(-1), 'id') ?? next))
        for (const id of open) if (Number(id) <= last) open.delete(id)
      }
      return found
    },
  }
}
