import type { Crm } from '../crm.ts'
import { identityKey } from '../reference.ts'
import { joinConsents, storeConsents } from './consent.ts'
import { foldEmail, touch, type StoredConsent, type StoredContact } from './contact.ts'

/** Puts one contact into another. The survivor keeps its id and its values, gets what it lacks, and never a consent that was withdrawn. */
export function mergeContacts(crm: Crm, survivor: StoredContact, other: StoredContact): void {
  crm.contacts.delete(other.id)
  crm.merged.set(other.id, survivor.id)
  for (const externalId of other.externalIds) {
    crm.identities.delete(identityKey(externalId))
    crm.merged.set(identityKey(externalId), survivor.id)
  }
  const into = survivor.fields
  const from = other.fields
  const known = new Set(into.emails.map(({ value }) => foldEmail(value)))
  into.name = { ...from.name, ...into.name }
  into.emails = [
    ...into.emails,
    ...from.emails.filter(({ value }) => !known.has(foldEmail(value))).map((email) => ({ ...email, primary: false })),
  ]
  if (into.phones.length === 0) into.phones = from.phones
  if (into.addresses.length === 0) into.addresses = from.addresses
  into.locale ??= from.locale
  into.stores = [...new Set([...into.stores, ...from.stores])]
  into.segments = { ...from.segments, ...into.segments }
  into.attributes = { ...from.attributes, ...into.attributes }
  for (const { value } of into.emails) crm.emails.set(foldEmail(value), survivor.id)

  for (const [key, activity] of crm.activities) {
    if (activity.contactId === other.id) crm.activities.set(key, { ...activity, contactId: survivor.id })
  }
  for (const [key, order] of crm.orders) if (order.contactId === other.id) crm.orders.set(key, { ...order, contactId: survivor.id })
  for (const [key, deal] of crm.deals) if (deal.contactId === other.id) crm.deals.set(key, { ...deal, contactId: survivor.id })
  for (const members of crm.members.values()) if (members.delete(other.id)) members.add(survivor.id)
  const joined: StoredConsent[] = [...other.consents].map(([key, consent]) => {
    const own = survivor.consents.get(key)
    return own === undefined ? consent : joinConsents(own, consent)
  })
  // After the memberships: those the joined consents no longer allow end here.
  storeConsents(crm, survivor, joined)
  touch(survivor, crm.now())
}
