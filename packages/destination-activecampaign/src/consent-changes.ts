import type { DestinationContext, RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { toRemoteConsent } from './consent-of.ts'
import { contactPages } from './contact-pages.ts'
import { isObject, textOf } from './json.ts'
import { readStatuses, type ListStatus } from './list-status.ts'

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

/** Lists that the contract's topics and memberships write to. */
const listsInUse = async (account: Account, ctx: DestinationContext): Promise<string[]> => {
  const lists = await account.lists.get(ctx.signal)
  const targets = Object.values(ctx.contract.consent.topics).flatMap(({ channel, target }) =>
    channel === 'email' && target !== undefined ? [target] : [],
  )
  return [...new Set(targets.flatMap((target) => lists.get(target.toLowerCase()) ?? []))]
}

const consentIn = async (
  account: Account,
  rows: readonly Record<string, unknown>[],
  list: string,
  signal: AbortSignal,
): Promise<RemoteConsent[]> => {
  const found: RemoteConsent[] = []
  for (const row of rows) {
    const [remoteId, email] = [textOf(row, 'id'), textOf(row, 'email')]
    if (remoteId === undefined) continue
    // The page does not tell the status or its time; a row of an ignored filter shows here.
    const status: ListStatus | undefined = (await readStatuses(account.client, remoteId, signal))?.get(list)
    if (status !== undefined) found.push({ remoteId, ...(email === undefined ? {} : { email }), ...toRemoteConsent(status) })
  }
  return found
}

/**
 * People who left the lists of the contract's topics, or whose address bounced there: first all of them, then those whose contact changed, and all of them again
 * once a day. New opt-ins are not read: here the source is their authority.
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
  const changed = isFull ? {} : { 'filters[updated_after]': new Date(before.since).toISOString() }
  // Until everything is read the old position holds, so that a reading that breaks off begins again.
  const meanwhile = cursor ?? JSON.stringify({ since: 0, fullAt: 0 } satisfies Cursor)
  for (const list of await listsInUse(account, ctx)) {
    for (const status of ['2', '3']) {
      for await (const { rows } of contactPages(account.client, { listid: list, status, ...changed }, ctx.signal)) {
        const changes = await consentIn(account, rows, list, ctx.signal)
        if (changes.length > 0) yield { changes, cursor: meanwhile }
      }
    }
  }
  yield { changes: [], cursor: next }
}
