import type { DestinationContext, RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { toRemoteConsent } from './consent-of.ts'
import { contactPages } from './contact-pages.ts'
import { isObject, textOf } from './json.ts'
import { readStatuses } from './list-status.ts'
import { topicLists } from './topic-lists.ts'

/** Where the reading stands. Epoch ms. */
interface Cursor {
  /** Contacts that were changed before this were seen. */
  since: number
  /** When every unsubscribed and bounced contact was read last. */
  fullAt: number
}

/** The vendor's clock may stand behind ours, and a contact may change while its page is read. */
const overlapMs = 10 * 60_000
/** A bounce does not always count as a change of the contact, so all that denies is read once a day. */
const fullEveryMs = 24 * 60 * 60_000

/** A position that cannot be understood is none: everything is read again. */
const parse = (cursor: string | undefined): Cursor | undefined => {
  try {
    const read: unknown = JSON.parse(cursor ?? '')
    if (!isObject(read) || typeof read['since'] !== 'number' || typeof read['fullAt'] !== 'number') return undefined
    return { since: read['since'], fullAt: read['fullAt'] }
  } catch {
    return undefined
  }
}

/** `timed` = the time of each status is read, one request per contact; without it a status that is known already keeps the time it has. */
const consentIn = async (
  account: Account,
  rows: readonly Record<string, unknown>[],
  page: { list: string; status: '2' | '3'; topics: ReadonlyMap<string, string[]>; timed: boolean },
  signal: AbortSignal,
): Promise<RemoteConsent[]> => {
  const { list, status, topics, timed } = page
  const found: RemoteConsent[] = []
  for (const row of rows) {
    const [remoteId, email] = [textOf(row, 'id'), textOf(row, 'email')]
    if (remoteId === undefined) continue
    const read = timed ? (await readStatuses(account.client, remoteId, signal))?.get(list) : { list, status, at: undefined }
    if (read === undefined) continue
    const who = { remoteId, ...(email === undefined ? {} : { email }) }
    for (const said of toRemoteConsent(read, topics)) found.push({ ...who, ...said })
  }
  return found
}

/**
 * People who left the lists of the contract's topics, or whose address bounced there: first all of them with the time at which they did, then those whose contact
 * changed, and once a day all of them again without times. New opt-ins are not read: here the source is their authority.
 */
export async function* consentChanges(
  account: Account,
  cursor: string | undefined,
  ctx: DestinationContext,
): AsyncGenerator<{ changes: RemoteConsent[]; cursor: string }> {
  const before = parse(cursor)
  const now = ctx.clock.now()
  const isFull = before === undefined || now - before.fullAt >= fullEveryMs
  const next = JSON.stringify({ since: now - overlapMs, fullAt: isFull ? now : before.fullAt } satisfies Cursor)
  // Until everything is read the old position holds, so that a reading that breaks off begins again.
  const meanwhile = before === undefined ? '' : (cursor ?? '')
  const changed = before === undefined ? {} : { 'filters[updated_after]': new Date(before.since).toISOString() }
  const readings = [{ query: changed, timed: true }, ...(isFull && before !== undefined ? [{ query: {}, timed: false }] : [])]
  const topics = await topicLists(account, ctx)
  for (const { query, timed } of readings) {
    for (const list of topics.keys()) {
      for (const status of ['2', '3'] as const) {
        for await (const { rows } of contactPages(account.client, { listid: list, status, ...query }, ctx.signal)) {
          const changes = await consentIn(account, rows, { list, status, topics, timed }, ctx.signal)
          if (changes.length > 0) yield { changes, cursor: meanwhile }
        }
      }
    }
  }
  yield { changes: [], cursor: next }
}
