import type { Crm } from '../crm.ts'
import { withoutPerson } from '../orders/order.ts'
import { identityKey } from '../reference.ts'
import { foldEmail, type StoredContact } from './contact.ts'

/** Forgets a person: contact, activities, memberships, the personal data of orders and deals. Revenue stays. Every id of the person answers 410 afterwards. */
export function eraseContact(crm: Crm, contact: StoredContact): void {
  const { id } = contact
  crm.contacts.delete(id)
  crm.erased.add(id)
  for (const externalId of contact.externalIds) {
    crm.identities.delete(identityKey(externalId))
    crm.erased.add(identityKey(externalId))
  }
  for (const { value } of contact.fields.emails) crm.emails.delete(foldEmail(value))
  for (const [key, activity] of crm.activities) if (activity.contactId === id) crm.activities.delete(key)
  for (const [key, order] of crm.orders) if (order.contactId === id) crm.orders.set(key, withoutPerson(order, crm.now()))
  for (const [key, deal] of crm.deals)
    if (deal.contactId === id) crm.deals.set(key, { ...deal, contactId: undefined, contact: null, version: deal.version + 1 })
  for (const members of crm.members.values()) members.delete(id)
}
