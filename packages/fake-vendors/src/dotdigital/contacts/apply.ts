import type { Account } from '../account.ts'
import type { DataFieldValue } from '../v2/data-field.ts'
import type { Contact, EmailChannel, EmailStatus } from './contact.ts'
import type { ContactWrite } from './read-body.ts'

/** How new data fields meet existing ones. */
export type MergeOption = 'overwrite' | 'overwriteIfNotEmpty' | 'overwriteIfEmpty'

function isBlank(value: DataFieldValue | undefined): boolean {
  return value === undefined || value === null || value === ''
}

/** Data fields after a write. Null clears a field when it is overwritten. */
export function mergeDataFields(
  before: Readonly<Record<string, DataFieldValue>>,
  write: Readonly<Record<string, DataFieldValue>>,
  option: MergeOption,
): Readonly<Record<string, DataFieldValue>> {
  const merged = { ...before }
  for (const [name, value] of Object.entries(write)) {
    if (option === 'overwriteIfNotEmpty' && isBlank(value)) continue
    if (option === 'overwriteIfEmpty' && !isBlank(before[name])) continue
    merged[name] = value
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

/** The contact that an identifier of the write belongs to, other than `self`, with the name of the identifier. */
export function ownerOfIdentifiers(
  account: Account,
  identifiers: Readonly<Record<string, string>>,
  self: Contact | undefined,
): { readonly identifier: string; readonly value: string } | undefined {
  for (const [identifier, value] of Object.entries(identifiers)) {
    const owner = identifier === 'contactId' ? undefined : account.contacts.find(identifier, value)
    if (owner !== undefined && owner !== self) return { identifier, value }
  }
  return undefined
}

function isRemoved(status: EmailStatus | undefined): boolean {
  return status === 'unsubscribed' || status === 'suppressed'
}

/**
 * The e-mail channel after a write. Without a status a new channel is subscribed and an existing one keeps its own. `subscribed` brings back who has left,
 * unless a challenge is asked for: then a mail goes out and the status stays.
 */
function nextEmail(account: Account, address: string, before: EmailChannel | undefined, write: ContactWrite['channels']): EmailChannel {
  const at = account.settings.now()
  const optInType = write.optInType ?? before?.optInType ?? 'unknown'
  const emailType = write.emailType ?? before?.emailType ?? 'html'
  let status: EmailStatus = write.status ?? before?.status ?? 'subscribed'
  if (write.status === 'subscribed' && isRemoved(before?.status) && !write.resubscribeWithNoChallenge) {
    status = before?.status ?? status
    account.mails.push({ at, to: address, kind: 'resubscribe-challenge' })
  } else if (write.optInType === 'verifiedDouble' && status === 'subscribed' && before?.optInType !== 'verifiedDouble') {
    status = 'pendingOptIn'
    account.mails.push({ at, to: address, kind: 'confirm-opt-in' })
  }
  return { emailType, optInType, status }
}

function applyChannels(account: Account, contact: Contact, write: ContactWrite['channels'], before: EmailChannel | undefined): void {
  const address = contact.identifiers['email']
  contact.email = address === undefined ? undefined : nextEmail(account, address, before, write)
  if (!isRemoved(contact.email?.status)) contact.removedAt = undefined
  else if (contact.email?.status !== before?.status) contact.removedAt = account.settings.now()
  const mobile = contact.identifiers['mobileNumber'] !== undefined
  contact.sms = mobile ? (write.sms ?? contact.sms ?? 'noSubscription') : undefined
  contact.whatsApp = mobile ? (write.whatsApp ?? contact.whatsApp ?? 'noSubscription') : undefined
}

/** Creates a contact. Its identifiers must be free. */
export function createContact(account: Account, write: ContactWrite): Contact {
  const at = account.settings.now()
  const contact = account.contacts.add({
    identifiers: write.identifiers,
    dataFields: mergeDataFields({}, write.dataFields, 'overwrite'),
    email: undefined,
    sms: undefined,
    whatsApp: undefined,
    lists: new Set(write.lists),
    preferences: new Map(write.preferences.map(({ id, isOptedIn }) => [id, isOptedIn])),
    consentRecords: write.consentRecords,
    removedAt: undefined,
    createdAt: at,
    updatedAt: at,
  })
  applyChannels(account, contact, write.channels, undefined)
  return contact
}

/** Changes a contact: what the write does not name stays, lists and consent records are only added to. */
export function updateContact(account: Account, contact: Contact, write: ContactWrite, option: MergeOption): void {
  const { contactId: _, ...identifiers } = write.identifiers
  account.contacts.rename(contact, { ...contact.identifiers, ...identifiers })
  contact.dataFields = mergeDataFields(contact.dataFields, write.dataFields, option)
  for (const id of write.lists) contact.lists.add(id)
  for (const { id, isOptedIn } of write.preferences) contact.preferences.set(id, isOptedIn)
  contact.consentRecords = [...contact.consentRecords, ...write.consentRecords]
  applyChannels(account, contact, write.channels, contact.email)
  contact.updatedAt = account.settings.now()
}

/** Replaces a contact: what the write does not name is gone, also identifiers, lists and preferences. Only consent records stay. */
export function replaceContact(account: Account, contact: Contact, write: ContactWrite): void {
  const before = contact.email
  const { contactId: _, ...identifiers } = write.identifiers
  account.contacts.rename(contact, identifiers)
  contact.dataFields = mergeDataFields({}, write.dataFields, 'overwrite')
  contact.lists.clear()
  for (const id of write.lists) contact.lists.add(id)
  contact.preferences.clear()
  for (const { id, isOptedIn } of write.preferences) contact.preferences.set(id, isOptedIn)
  contact.consentRecords = [...contact.consentRecords, ...write.consentRecords]
  applyChannels(account, contact, write.channels, before)
  contact.updatedAt = account.settings.now()
}
