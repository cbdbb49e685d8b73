import type { Account } from '../account.ts'
import { iso } from '../route.ts'
import type { Contact } from './contact.ts'

/** The spelling of replies: `VerifiedDouble` for what a request calls `verifiedDouble`. */
export function pascal(value: string): string {
  return value.charAt(0).toUpperCase() + value.slice(1)
}

/** Parts of a contact that a list of contacts only shows when asked. */
export const optionalParts = ['channelProperties', 'lists', 'preferences', 'consentRecords'] as const
/** A part of a contact. */
export type ContactPart = (typeof optionalParts)[number]

/** Identifiers, status and times: what every reply about a contact has. */
export function basicView(contact: Contact): Record<string, unknown> {
  return {
    contactId: contact.id,
    status: pascal(contact.email?.status ?? contact.sms ?? 'noSubscription'),
    created: iso(contact.createdAt),
    updated: iso(contact.updatedAt),
    identifiers: contact.identifiers,
  }
}

function channels(contact: Contact): object {
  const { email, sms, whatsApp } = contact
  return {
    ...(email && { email: { emailType: pascal(email.emailType), optInType: pascal(email.optInType), status: pascal(email.status) } }),
    ...(sms && { sms: { status: pascal(sms) } }),
    ...(whatsApp && { whatsApp: { status: pascal(whatsApp) } }),
  }
}

function partOf(account: Account, contact: Contact, part: ContactPart): unknown {
  switch (part) {
    case 'channelProperties':
      return channels(contact)
    case 'lists':
      return [...contact.lists].flatMap((id) => {
        const list = account.lists.get(id)
        return list === undefined
          ? []
          : [{ id, name: list.name, status: pascal(contact.email?.status === 'subscribed' ? 'subscribed' : 'suppressed') }]
      })
    case 'preferences':
      return [...contact.preferences].map(([id, isOptedIn]) => ({ id, isOptedIn, name: `preference ${id}` }))
    case 'consentRecords':
      return contact.consentRecords.map(({ createdAt, ...record }) => ({ ...record, dateTimeCreated: iso(createdAt) }))
  }
}

/** A contact with the parts asked for. */
export function viewWith(account: Account, contact: Contact, parts: readonly ContactPart[]): Record<string, unknown> {
  return { ...basicView(contact), ...Object.fromEntries(parts.map((part) => [part, partOf(account, contact, part)])) }
}

/** A whole contact. */
export function fullView(account: Account, contact: Contact): Record<string, unknown> {
  return { ...viewWith(account, contact, optionalParts), dataFields: contact.dataFields }
}

/** A contact as version 2 shows it. */
export function viewV2(contact: Contact): object {
  return {
    id: contact.id,
    email: contact.identifiers['email'] ?? null,
    optInType: pascal(contact.email?.optInType ?? 'unknown'),
    emailType: pascal(contact.email?.emailType ?? 'html'),
    dataFields: null,
    status: pascal(contact.email?.status ?? 'noSubscription'),
  }
}
