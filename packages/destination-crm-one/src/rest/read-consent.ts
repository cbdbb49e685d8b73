import { mapConcurrent } from '@millrace/adapter-kit'
import type { ConsentSubject, DestinationContext, RemoteConsent } from '@millrace/core'
import type { Api } from '../api.ts'
import { asList, asText, member } from '../json.ts'
import { consentsOf, type HeldConsent } from './consent.ts'
import { readPerson, type Contact } from './contact.ts'
import { listContacts } from './list-contacts.ts'

const readers = 6

/** Channels that core knows too; the CRM may have others. */
const channels = ['email', 'sms', 'phone', 'post', 'push'] as const
type Channel = (typeof channels)[number]
const isChannel = (text: string): text is Channel => channels.some((channel) => channel === text)

const statusOf = ({ status }: HeldConsent): RemoteConsent['status'] =>
  status === 'granted' ? 'granted' : status === 'denied' || status === 'withdrawn' ? 'denied' : 'unknown'

const emailOf = ({ body }: Contact): string | undefined => {
  const emails = asList(member(body, 'emails'))
  return asText(member(emails.find((email) => member(email, 'primary') === true) ?? emails[0], 'value'))
}

const remoteOf = (contact: Contact): RemoteConsent[] => {
  const email = emailOf(contact)
  const [key] = contact.keys
  return consentsOf(contact).flatMap((held) => {
    const at = Date.parse(held.at)
    if (!isChannel(held.channel)) return []
    const denied = statusOf(held) === 'denied'
    return [
      {
        remoteId: contact.id,
        ...(key === undefined ? {} : { key }),
        ...(email === undefined ? {} : { email }),
        channel: held.channel,
        target: held.purpose,
        status: statusOf(held),
        ...(Number.isNaN(at) ? {} : { at }),
        ...(denied ? { reason: 'unsubscribed' as const } : {}),
      },
    ]
  })
}

/** What the CRM holds about these people now, asked one by one: the contract has no call for many. */
export const consentOfPeople = async (api: Api, people: readonly ConsentSubject[], ctx: DestinationContext): Promise<RemoteConsent[]> => {
  const held: RemoteConsent[] = []
  const reads = mapConcurrent(people, readers, async function* ({ key, remoteId, email }) {
    const found = await readPerson(api, remoteId, key, ctx)
    if ('contact' in found) yield remoteOf(found.contact).map((one) => ({ ...one, key, ...(email === undefined ? {} : { email }) }))
  })
  for await (const consents of reads) held.push(...consents)
  return held
}

/** Times of the CRM are compared with themselves; the overlap covers changes that were under way while it was read. */
const overlapMs = 60_000

/** Consents of contacts that changed since the cursor, the CRM's time of the last change. Without one: every denial. */
export async function* consentChangesOf(
  api: Api,
  cursor: string | undefined,
  ctx: DestinationContext,
): AsyncGenerator<{ changes: RemoteConsent[]; cursor: string }> {
  const from = cursor === undefined ? Number.NaN : Date.parse(cursor)
  const since = Number.isNaN(from) ? undefined : new Date(from - overlapMs).toISOString()
  let reached = Number.isNaN(from) ? 0 : from
  for await (const page of listContacts(api, since, ctx)) {
    for (const { body } of page) {
      const at = Date.parse(asText(member(member(body, 'meta'), 'lastModified')) ?? '')
      if (!Number.isNaN(at)) reached = Math.max(reached, at)
    }
    const changes = page.flatMap(remoteOf).filter(({ status }) => cursor !== undefined || status === 'denied')
    yield { changes, cursor: new Date(reached).toISOString() }
  }
}
