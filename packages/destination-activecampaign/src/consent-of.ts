import { foldEmail } from '@millrace/adapter-kit'
import type { ConsentSubject, DestinationContext, RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { readStatuses, type ListStatus } from './list-status.ts'
import { findByEmail } from './read-contact.ts'
import { statusesInPages } from './status-pages.ts'
import { topicLists } from './topic-lists.ts'

type Said = Pick<RemoteConsent, 'channel' | 'target' | 'status' | 'at' | 'reason'>

/**
 * A list status in the words of the contract, once for each name that a topic has for the list. Unconfirmed is no consent: it waits for the person's click. Lists of
 * no topic are nobody's business.
 */
export const toRemoteConsent = ({ list, status, at }: ListStatus, topics: ReadonlyMap<string, string[]>): Said[] =>
  (topics.get(list) ?? []).map((target) => ({
    channel: 'email',
    target,
    status: status === '1' ? 'granted' : status === '0' ? 'unknown' : 'denied',
    ...(at === undefined ? {} : { at }),
    ...(status === '2' ? { reason: 'unsubscribed' as const } : status === '3' ? { reason: 'bounced' as const } : {}),
  }))

/** From so many people on, the lists are read in pages where that is cheaper. */
const manyPeople = 20

/** How people stand on the lists of the topics. SMS consent cannot be read. */
export const consentOf = async (account: Account, people: readonly ConsentSubject[], ctx: DestinationContext): Promise<RemoteConsent[]> => {
  const topics = await topicLists(account, ctx)
  if (topics.size === 0) return []
  const ids = people.flatMap(({ remoteId }) => remoteId ?? [])
  const paged = ids.length < manyPeople ? undefined : await statusesInPages(account.client, [...topics.keys()], ids, ctx.signal)
  const found: RemoteConsent[] = []
  for (const { key, remoteId, email } of people) {
    const told = remoteId === undefined ? undefined : paged?.get(remoteId)
    // A page tells no time; whoever opted out is looked at, since the time decides what may lift it.
    const isClear = told !== undefined && told.every(({ status }) => status === '1')
    const known = isClear ? { remoteId: remoteId ?? '', statuses: told } : await lookAt(account, { remoteId, email }, ctx)
    if (known === undefined) continue
    const who = { key, remoteId: known.remoteId, ...(email === undefined ? {} : { email: foldEmail(email) }) }
    for (const row of known.statuses) for (const said of toRemoteConsent(row, topics)) found.push({ ...who, ...said })
  }
  return found
}

const lookAt = async (
  account: Account,
  { remoteId, email }: { remoteId: string | undefined; email: string | undefined },
  { signal }: DestinationContext,
): Promise<{ remoteId: string; statuses: ListStatus[] } | undefined> => {
  const byId = remoteId === undefined ? undefined : await readStatuses(account.client, remoteId, signal)
  if (byId !== undefined && remoteId !== undefined) return { remoteId, statuses: [...byId.values()] }
  const other = email === undefined ? undefined : await findByEmail(account.client, email, signal)
  const statuses = other === undefined ? undefined : await readStatuses(account.client, other.id, signal)
  return other === undefined || statuses === undefined ? undefined : { remoteId: other.id, statuses: [...statuses.values()] }
}
