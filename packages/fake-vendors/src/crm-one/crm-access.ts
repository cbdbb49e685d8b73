import type { Activity } from './activities/activity.ts'
import type { ContactBody } from './contacts/body.ts'
import { consentInCrm, storeConsents } from './contacts/consent.ts'
import { foldEmail, touch, type StoredContact } from './contacts/contact.ts'
import { eraseContact } from './contacts/erase.ts'
import { findContact } from './contacts/identity.ts'
import { mergeContacts } from './contacts/merge.ts'
import { viewContact, type ContactView } from './contacts/view.ts'
import { writeContact } from './contacts/write.ts'
import type { Channel, CrmSchema } from './crm-schema.ts'
import type { Crm } from './crm.ts'
import type { StoredDeal } from './deals.ts'
import type { StoredOrder } from './orders/order.ts'

/**
 * The state of a CRM without HTTP: what a person working in it, or another integration, does and sees.
 * `ref` is an id of the CRM or an identity as `source/id`; merged ones lead to their survivor. Everything handed out is a copy.
 */
export interface CrmAccess {
  /** Every living contact, oldest first. */
  contacts(): ContactView[]
  contact(ref: string): ContactView | undefined
  contactOf(email: string): ContactView | undefined
  /** True once the person behind an id or identity was erased. */
  isErased(ref: string): boolean
  /** Activities of a contact by `time`, oldest first. */
  activitiesOf(ref: string): Activity[]
  activities(): Activity[]
  orders(): StoredOrder[]
  order(source: string, externalId: string): StoredOrder | undefined
  deals(): StoredDeal[]
  deal(source: string, externalId: string): StoredDeal | undefined
  /** Ids of the members of a list. */
  members(list: string): string[]
  /** Makes a contact as a person does, without an identity; says its id. Throws where the API would refuse. */
  create(fields: Omit<ContactBody, 'sourceVersion'>): string
  /** Changes fields as a person does: also those that belong to the CRM. */
  edit(ref: string, fields: Omit<ContactBody, 'sourceVersion' | 'externalIds' | 'consents'>): void
  /** Lets a field (a pointer such as `/name/given`) of one contact belong to the CRM, or no longer. */
  own(ref: string, pointer: string, owned?: boolean): void
  /** A person gives consent in the preference centre of the CRM: evidence and the CRM's time come with it. */
  grant(ref: string, channel: Channel, purpose: string): void
  /** A person takes consent back in the CRM. */
  withdraw(ref: string, channel: Channel, purpose: string): void
  merge(survivor: string, other: string): void
  erase(ref: string): void
  /** Changes what the administrator set up. */
  configure(schema: Partial<CrmSchema>): void
  /** Sets how far the CRM's clock is ahead (positive) or behind, in milliseconds. */
  skewClock(ms: number): void
}

/** Creates the access. */
export function createCrmAccess(crm: Crm): CrmAccess {
  function find(ref: string): StoredContact | undefined {
    const found = findContact(crm, ref)
    if (found.kind === 'contact') return found.contact
    return found.kind === 'merged' ? found.survivor : undefined
  }

  function get(ref: string): StoredContact {
    const contact = find(ref)
    if (contact === undefined) throw new Error(`there is no contact ${ref}`)
    return contact
  }

  function setConsent(ref: string, channel: Channel, purpose: string, granted: boolean): void {
    const contact = get(ref)
    storeConsents(crm, contact, [consentInCrm(crm, channel, purpose, granted)])
    touch(contact, crm.now())
  }

  const view = (contact: StoredContact | undefined): ContactView | undefined => contact && viewContact(crm, contact)
  const byTime = (one: Activity, other: Activity): number => Date.parse(one.time) - Date.parse(other.time)

  return {
    contacts: () => [...crm.contacts.values()].map((contact) => viewContact(crm, contact)),
    contact: (ref) => view(find(ref)),
    contactOf: (email) => view(crm.contacts.get(crm.emails.get(foldEmail(email)) ?? '')),
    isErased: (ref) => findContact(crm, ref).kind === 'erased',
    activitiesOf: (ref) =>
      structuredClone([...crm.activities.values()].filter(({ contactId }) => contactId === find(ref)?.id).toSorted(byTime)),
    activities: () => structuredClone([...crm.activities.values()]),
    orders: () => structuredClone([...crm.orders.values()]),
    order: (source, externalId) => structuredClone(crm.orders.get(`${source}/${externalId}`)),
    deals: () => structuredClone([...crm.deals.values()]),
    deal: (source, externalId) => structuredClone(crm.deals.get(`${source}/${externalId}`)),
    members: (list) => [...(crm.members.get(list) ?? [])],
    create: (fields) => writeContact(crm, undefined, undefined, { ...fields, sourceVersion: 0 }, 'crm').contact.id,
    edit: (ref, fields) => void writeContact(crm, get(ref), undefined, { ...fields, sourceVersion: 0 }, 'crm'),
    own(ref, pointer, owned = true) {
      if (owned) get(ref).ownedByCrm.add(pointer)
      else get(ref).ownedByCrm.delete(pointer)
    },
    grant: (ref, channel, purpose) => setConsent(ref, channel, purpose, true),
    withdraw: (ref, channel, purpose) => setConsent(ref, channel, purpose, false),
    merge: (survivor, other) => mergeContacts(crm, get(survivor), get(other)),
    erase: (ref) => eraseContact(crm, get(ref)),
    configure(schema) {
      crm.schema = { ...crm.schema, ...schema }
    },
    skewClock(ms) {
      crm.clockSkewMs = ms
    },
  }
}
