import { foldEmail } from '@millrace/adapter-kit'
import type { RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { isOurDefault } from './consent-plan.ts'
import { asId, asList, asText, asTime, member } from './json.ts'
import { ownFields, pagesOfContacts } from './read-contacts.ts'

const pageSize = 1_000
const everything = '1970-01-01T00:00:00.000Z'

const reasonOf = (text: string): NonNullable<RemoteConsent['reason']> => {
  if (/bounce/i.test(text)) return 'bounced'
  if (/complain|abuse/i.test(text)) return 'complained'
  return /unsub/i.test(text) ? 'unsubscribed' : 'suppressed'
}

interface Removed extends RemoteConsent {
  remoteId: string
  at: number
}

const toRemoved = (entry: unknown): Removed[] => {
  const contact = member(entry, 'suppressedContact')
  const id = asId(member(contact, 'id'))
  const at = asTime(member(entry, 'dateRemoved'))
  if (id === undefined || Number.isNaN(at)) return []
  const email = asText(member(contact, 'email'))
  const reason = reasonOf(asText(member(entry, 'reason')) ?? '')
  return [{ remoteId: id, ...(email === undefined ? {} : { email: foldEmail(email) }), channel: 'email', status: 'denied', at, reason }]
}

async function* removedSince(account: Account, list: 'unsubscribed-since' | 'suppressed-since', since: string): AsyncGenerator<Removed[]> {
  for (let skip = 0; ; skip += pageSize) {
    const path = `/v2/contacts/${list}/${encodeURIComponent(since)}`
    const reply = await account.require({ method: 'GET', path, query: { select: pageSize, skip }, call: `contacts ${list}`, tier: 'low' })
    const page = asList(reply.body)
    if (page.length > 0) yield page.flatMap(toRemoved)
    if (page.length < pageSize) return
  }
}

/** A contact that we made not mailable was never subscribed: it is listed as unsubscribed at the time at which it was made. */
const sameMomentMs = 2_000

/** When contacts were made, of those that changed since and that we made not mailable. */
const bornUnsubscribed = async (account: Account, since: string): Promise<Map<string, number>> => {
  const { contract } = account.ctx
  const born = new Map<string, number>()
  // The vendor may note the removal a moment after the last change of the contact.
  const from = Math.max(0, Date.parse(since) - sameMomentMs)
  for await (const page of pagesOfContacts(account, ownFields(contract), from)) {
    for (const contact of page) if (isOurDefault(contact, contract)) born.set(contact.id, contact.createdAt)
  }
  return born
}

/**
 * Opt-outs, bounces and suppressions since the cursor, which is the time of the newest one seen. The vendor's lists say nothing of opt-ins. The cursor moves with
 * the last page only, since two lists are read under it.
 */
export async function* readConsentChanges(
  account: Account,
  cursor: string | undefined,
): AsyncGenerator<{ changes: RemoteConsent[]; cursor: string }> {
  const since = cursor ?? everything
  let newest = Date.parse(since)
  let born: Map<string, number> | undefined
  for (const list of ['unsubscribed-since', 'suppressed-since'] as const) {
    for await (const page of removedSince(account, list, since)) {
      born ??= await bornUnsubscribed(account, since)
      const known = born
      for (const { at } of page) newest = Math.max(newest, at)
      const changes = page.filter(({ remoteId, at, reason }) => {
        const createdAt = known.get(remoteId)
        return createdAt === undefined || reason !== 'unsubscribed' || Math.abs(at - createdAt) > sameMomentMs
      })
      if (changes.length > 0) yield { changes, cursor: since }
    }
  }
  yield { changes: [], cursor: new Date(newest).toISOString() }
}
