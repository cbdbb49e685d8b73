import { isJsonObject, type HttpReply } from '../../http/index.ts'
import type { Contact } from '../contacts/contact.ts'
import { barred } from '../contacts/identifiers.ts'
import { pascal, viewV2 } from '../contacts/view.ts'
import { refuseV2 } from '../errors.ts'
import { iso, ok, type Route, type RouteContext } from '../route.ts'
import { isIsoDate } from './data-field.ts'
import { objectBody, selectPage } from './read.ts'

/** GET since: contacts with one of these states, oldest change first. */
function removedSince(context: RouteContext, statuses: readonly string[]): HttpReply {
  const { account, param } = context
  if (!isIsoDate(param('date'))) refuseV2('since-date', 400, 'ERROR_PARAMETER_INVALID')
  const since = Date.parse(param('date'))
  const removed = [...account.contacts.all()]
    .flatMap((contact) => (contact.removedAt !== undefined && contact.removedAt >= since ? [{ contact, at: contact.removedAt }] : []))
    .filter(({ contact }) => statuses.includes(contact.email?.status ?? ''))
    .toSorted((a, b) => a.at - b.at || a.contact.id - b.contact.id)
  return ok(
    selectPage(context, removed).map(({ contact, at }) => ({
      suppressedContact: viewV2(contact),
      dateRemoved: iso(at),
      reason: pascal(contact.email?.status ?? ''),
    })),
  )
}

function removedContact(context: RouteContext): Contact {
  const { unsubscribedContact } = objectBody(context)
  const email = isJsonObject(unsubscribedContact) ? unsubscribedContact['email'] : undefined
  if (typeof email !== 'string') return refuseV2('body-shape', 400, 'ERROR_INVALID_REQUEST')
  const contact = context.account.contacts.find('email', email.toLowerCase())
  if (contact === undefined) return refuseV2('resubscribe-known', 404, 'ERROR_CONTACT_NOT_FOUND')
  const { status } = contact.email ?? {}
  if (status === 'unsubscribed' || status === 'suppressed') return contact
  return refuseV2('resubscribe-known', 400, 'ERROR_CONTACT_NOT_SUPPRESSED')
}

/** POST resubscribe: with a challenge the status stays until the person answers; without one it is subscribed at once. */
function resubscribe(context: RouteContext, challenge: boolean): HttpReply {
  const { account } = context
  const contact = removedContact(context)
  const address = contact.identifiers['email'] ?? ''
  if (contact.email === undefined || barred(account, address) !== undefined) {
    return ok({ contact: viewV2(contact), status: 'ContactCannotBeUnsuppressed' })
  }
  const at = account.settings.now()
  if (challenge) {
    account.mails.push({ at, to: address, kind: 'resubscribe-challenge' })
    return ok({ contact: viewV2(contact), status: 'ContactChallenged' })
  }
  contact.email = { ...contact.email, status: 'subscribed' }
  contact.removedAt = undefined
  contact.updatedAt = at
  return ok({ contact: viewV2(contact), status: 'ContactAdded' })
}

/** Endpoints of opt-outs and of the way back. */
export const suppressionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: 'v2/contacts/unsubscribed-since/:date',
    tier: 'low',
    handle: (context) => removedSince(context, ['unsubscribed']),
  },
  {
    method: 'GET',
    path: 'v2/contacts/suppressed-since/:date',
    tier: 'low',
    handle: (context) => removedSince(context, ['unsubscribed', 'suppressed']),
  },
  { method: 'POST', path: 'v2/contacts/resubscribe', tier: 'medium', handle: (context) => resubscribe(context, true) },
  { method: 'POST', path: 'v2/contacts/resubscribe-with-no-challenge', tier: 'medium', handle: (context) => resubscribe(context, false) },
]
