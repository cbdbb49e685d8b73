import { foldEmail } from '@millrace/adapter-kit'
import type { Clock } from '@millrace/core'
import type { Client } from './client.ts'
import { contactPages } from './contact-pages.ts'
import { textOf } from './json.ts'
import { pageSize } from './pages.ts'
import { findByEmail, isRemnant } from './read-contact.ts'

/** Finds contacts by e-mail address. */
export interface Directory {
  /** Ids by folded address. Addresses that nobody has are left out. */
  idsOf(emails: readonly string[], signal: AbortSignal): Promise<Map<string, string>>
}

/** Up to so many addresses each is looked up by itself. */
const few = 3
/** Contacts that are remembered at most; beyond that each address is looked up. */
const most = 200_000
/** How long it is believed that nobody changed the addresses of contacts that were read. */
const believedMs = 60 * 60_000

interface Known {
  readAt: number
  upTo: number
  byEmail: Map<string, string>
}

/**
 * No call takes several addresses, so either each is looked up or the contacts are read, 100 per request: whichever costs fewer requests, which the first page
 * tells. What was read is kept, and only contacts that came since are read the next time, so that a first full read costs ten requests per thousand people.
 */
export const createDirectory = (client: Client, clock: Clock): Directory => {
  let known: Known | undefined

  const readOn = async (from: Known, wanted: number, signal: AbortSignal): Promise<Known | undefined> => {
    for await (const { rows, total } of contactPages(client, {}, signal, from.upTo)) {
      for (const row of rows) {
        const id = textOf(row, 'id')
        if (id === undefined) continue
        if (!isRemnant(row)) from.byEmail.set(foldEmail(textOf(row, 'email') ?? ''), id)
        from.upTo = Math.max(from.upTo, Number(id))
      }
      if (total > wanted * pageSize || from.byEmail.size > most) return undefined
    }
    return from
  }

  return {
    async idsOf(emails, signal) {
      const wanted = new Set(emails)
      const found = new Map<string, string>()
      const now = clock.monotonic()
      const fresh =
        known !== undefined && now - known.readAt < believedMs ? known : { readAt: now, upTo: 0, byEmail: new Map<string, string>() }
      known = wanted.size > few ? await readOn(fresh, wanted.size, signal) : known
      for (const email of wanted) {
        const id = known === undefined || wanted.size <= few ? (await findByEmail(client, email, signal))?.id : known.byEmail.get(email)
        if (id !== undefined) found.set(email, id)
      }
      return found
    },
  }
}
