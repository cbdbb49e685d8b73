import { foldEmail, pairKey, type Account } from '../account.ts'
import { invalid } from '../errors.ts'
import type { Contact, ContactList } from './model.ts'

/** What can be written to a contact itself; a member left out keeps its value. */
export interface ContactChange {
  readonly email?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly phone?: string
}

/** True for text that could be an address. */
export function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value.trim()) && value.length <= 255
}

/** Refuses an address that is no address or is on the exclusion list. */
export function checkEmail(account: Account, email: string): string {
  if (!isEmail(email)) invalid('email-invalid', 'Contact Email Address is not valid.', 'email_invalid', 'email')
  if (account.exclusions.has(foldEmail(email)))
    invalid('email-excluded', 'Contact Email Address is on the exclusion list.', 'excluded', 'email')
  return email.trim()
}

/** Creates a contact that does not exist yet. */
export function createContact(account: Account, change: ContactChange & { readonly email: string }): Contact {
  const at = account.settings.now()
  return account.contacts.insert({ firstName: '', lastName: '', phone: '', ...change, createdAt: at, updatedAt: at, sms: undefined })
}

/** Changes a contact; marks it as updated. */
export function changeContact(account: Account, contact: Contact, change: Partial<Contact>): Contact {
  return account.contacts.replace({ ...contact, ...change, updatedAt: account.settings.now() })
}

/** Creates the contact of an address or changes it. */
export function upsertContact(
  account: Account,
  change: ContactChange & { readonly email: string },
): { readonly contact: Contact; readonly isNew: boolean } {
  const existing = account.contacts.byKey(foldEmail(change.email))
  if (existing === undefined) return { contact: createContact(account, change), isNew: true }
  const { email: _, ...rest } = change
  return { contact: changeContact(account, existing, rest), isNew: false }
}

/** Writes one field value that was checked before. */
export function setFieldValue(account: Account, contact: string, field: string, value: string): void {
  const at = account.settings.now()
  const existing = account.fieldValues.byKey(pairKey(contact, field))
  if (existing === undefined) account.fieldValues.insert({ contact, field, value, updatedAt: at })
  else account.fieldValues.replace({ ...existing, value, updatedAt: at })
}

/** Sets the status on a list. Status 1 over 2 or 3 is a resubscription: nothing refuses it. */
export function setListStatus(
  account: Account,
  write: { readonly contact: string; readonly list: string; readonly status: ContactList['status']; readonly sourceid?: string },
): { readonly row: ContactList; readonly isNew: boolean } {
  const at = account.settings.now()
  const sourceid = write.sourceid ?? '0'
  const existing = account.contactLists.byKey(pairKey(write.contact, write.list))
  if (existing !== undefined && write.status === '1' && (existing.status === '2' || existing.status === '3')) {
    account.resubscriptions.push({ at, contact: write.contact, list: write.list, sourceid })
  }
  const contact = account.contacts.get(write.contact)
  if (contact !== undefined) changeContact(account, contact, {})
  if (existing === undefined) return { row: account.contactLists.insert({ ...write, sourceid, createdAt: at, updatedAt: at }), isNew: true }
  return { row: account.contactLists.replace({ ...existing, status: write.status, sourceid, updatedAt: at }), isNew: false }
}

/** The tag of this name, created when there is none. */
export function ensureTag(account: Account, name: string): string {
  const existing = account.tags.byKey(name.toLowerCase())
  return (existing ?? account.tags.insert({ tag: name, tagType: 'contact', description: '', createdAt: account.settings.now() })).id
}

/** Puts a tag on a contact; again is harmless. */
export function addTag(account: Account, contact: string, tag: string): string {
  const existing = account.contactTags.byKey(pairKey(contact, tag))
  return (existing ?? account.contactTags.insert({ contact, tag, createdAt: account.settings.now() })).id
}

/** Removes a contact with its statuses, values and tags. Orders stay. */
export function deleteContact(account: Account, id: string): void {
  account.contacts.delete(id)
  for (const table of [account.contactLists, account.fieldValues, account.contactTags]) {
    for (const row of table.all()) if (row.contact === id) table.delete(row.id)
  }
}
