import { foldEmail, pairKey, type Account, type Resubscription, type Trigger } from './account.ts'
import type { Connection, EcomCustomer, EcomOrder } from './commerce/deep-data.ts'
import type { Contact, ContactList, Field, SmsConsent } from './contacts/model.ts'
import {
  addTag,
  createContact,
  deleteContact,
  ensureTag,
  setFieldValue,
  setListStatus,
  upsertContact,
  type ContactChange,
} from './contacts/write.ts'
import type { TrackedEvent } from './events/model.ts'
import type { GraphOrder, GraphProduct } from './graphql/model.ts'

/** A contact as tests see it. */
export interface FakeContact {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly phone: string
  /** Set values by the title of their field, whether a person can see the field or not. */
  readonly fields: Readonly<Record<string, string>>
  /** Values of the fields a person sees: related to a list and member of a group. */
  readonly visibleFields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  /** Status by list id: 0 unconfirmed, 1 subscribed, 2 unsubscribed, 3 bounced. */
  readonly lists: Readonly<Record<string, ContactList['status']>>
  readonly sms: SmsConsent | undefined
}

/** A bulk import as tests see it. */
export interface FakeImport {
  readonly batchId: string
  readonly contacts: number
  readonly status: string
  readonly failure: readonly string[]
}

/**
 * The state of an account without HTTP: what a person working in ActiveCampaign, or another integration, does and sees.
 * Costs no budget. What is due by the clock has happened before anything is read.
 */
export interface AccountAccess {
  /** Creates or changes a contact and returns its id. */
  contact(change: ContactChange & { readonly email: string }): string
  deleteContact(email: string): void
  contactOf(email: string): FakeContact | undefined
  /** All contacts in the order of their ids. */
  contacts(): FakeContact[]
  /** Adds a list and returns its id. */
  addList(name: string): string
  /** What the person did: subscribed, unsubscribed or never confirmed. Creates the contact when there is none. */
  setStatus(email: string, list: string, status: ContactList['status']): void
  /** The address bounces hard: status 3 on every list, and imports drop it silently. */
  bounce(email: string): void
  /** Puts an address on the exclusion list. */
  exclude(email: string): void
  /** Adds a field that everybody sees, and returns its id. */
  addField(title: string, type?: string): string
  fields(): (Field & { readonly visible: boolean; readonly options: readonly string[] })[]
  setField(email: string, title: string, value: string): void
  tag(email: string, tag: string): void
  tags(): string[]
  imports(): FakeImport[]
  connections(): Connection[]
  /** Adds a connection and returns its id. */
  addConnection(service: string, externalid: string): string
  ecomCustomers(): EcomCustomer[]
  /** Orders and carts of Deep Data. */
  ecomOrders(): EcomOrder[]
  /** Orders of the GraphQL store that can be read by now. */
  orders(): GraphOrder[]
  products(): GraphProduct[]
  events(): TrackedEvent[]
  /** Switches event tracking on and makes event names known. */
  knowEvents(...names: string[]): void
  /** Everything that would have started an automation. */
  triggers(): readonly Trigger[]
  /** Every status 1 that was written over 2 or 3. */
  resubscriptions(): readonly Resubscription[]
  /** Finishes imports, orders and copies that wait for the clock. Returns how many steps there were. */
  settle(): number
  /** Imports, orders and copies that wait for the clock. */
  readonly waiting: number
}

function isVisible(account: Account, field: string): boolean {
  return account.fieldRels.all().some((row) => row.field === field) && account.groupMembers.all().some((row) => row.relId === field)
}

function view(account: Account, contact: Contact): FakeContact {
  const fields: Record<string, string> = {}
  const visibleFields: Record<string, string> = {}
  for (const field of account.fields.all()) {
    const value = account.fieldValues.byKey(pairKey(contact.id, field.id))?.value
    if (value === undefined || value === '') continue
    fields[field.title] = value
    if (isVisible(account, field.id)) visibleFields[field.title] = value
  }
  const lists: Record<string, ContactList['status']> = {}
  for (const { id } of account.lists.all()) {
    const row = account.contactLists.byKey(pairKey(contact.id, id))
    if (row !== undefined) lists[id] = row.status
  }
  const tags = account.tags.all().flatMap(({ id, tag }) => (account.contactTags.byKey(pairKey(contact.id, id)) === undefined ? [] : [tag]))
  const { id, email, firstName, lastName, phone, sms } = contact
  return { id, email, firstName, lastName, phone, fields, visibleFields, tags, lists, sms }
}

/** Gives tests a view of an account. */
export function createAccountAccess(account: Account): AccountAccess {
  const current = (): Account => {
    account.jobs.runDue(account.settings.now())
    return account
  }
  const existing = (email: string): Contact | undefined => current().contacts.byKey(foldEmail(email))
  const ensure = (email: string): Contact => existing(email) ?? createContact(account, { email })

  return {
    contact: (change) => upsertContact(current(), change).contact.id,
    deleteContact(email) {
      const contact = existing(email)
      if (contact !== undefined) deleteContact(account, contact.id)
    },
    contactOf(email) {
      const contact = existing(email)
      return contact === undefined ? undefined : view(account, contact)
    },
    contacts: () =>
      current()
        .contacts.all()
        .map((contact) => view(account, contact)),
    addList: (name) => account.lists.insert({ name, stringid: name.toLowerCase() }).id,
    setStatus(email, list, status) {
      setListStatus(account, { contact: ensure(email).id, list, status })
    },
    bounce(email) {
      const { id } = ensure(email)
      account.bounced.add(foldEmail(email))
      for (const row of account.contactLists.all()) if (row.contact === id) account.contactLists.replace({ ...row, status: '3' })
    },
    exclude(email) {
      account.exclusions.add(foldEmail(email))
    },
    addField(title, type = 'text') {
      const perstag = title.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
      const { id } = account.fields.insert({ title, type, descript: '', perstag, createdAt: account.settings.now() })
      account.fieldRels.insert({ field: id, relid: '0' })
      account.groupMembers.insert({ relId: id, groupId: '1' })
      return id
    },
    fields: () =>
      account.fields.all().map((field) => ({
        ...field,
        visible: isVisible(account, field.id),
        options: account.fieldOptions.all().flatMap((option) => (option.field === field.id ? [option.value] : [])),
      })),
    setField(email, title, value) {
      const field = account.fields.byKey(title.toLowerCase())
      if (field === undefined) throw new Error(`there is no field ${title}`)
      setFieldValue(account, ensure(email).id, field.id, value)
    },
    tag(email, tag) {
      addTag(account, ensure(email).id, ensureTag(account, tag))
    },
    tags: () =>
      current()
        .tags.all()
        .map(({ tag }) => tag),
    imports: () =>
      [...current().imports.values()].map(({ batchId, rows, status, failure }) => ({ batchId, contacts: rows.length, status, failure })),
    connections: () => account.connections.all(),
    addConnection: (service, externalid) =>
      account.connections.insert({
        service,
        externalid,
        name: externalid,
        logoUrl: 'https://example.com/l.png',
        linkUrl: 'https://example.com',
      }).id,
    ecomCustomers: () => current().ecomCustomers.all(),
    ecomOrders: () => current().ecomOrders.all(),
    orders: () => [...current().orders.values()],
    products: () => [...current().products.values()],
    events: () => [...account.events],
    knowEvents(...names) {
      account.eventTracking = true
      for (const name of names) account.eventNames.add(name)
    },
    triggers: () => current().triggers,
    resubscriptions: () => current().resubscriptions,
    settle: () => account.jobs.runAll(),
    get waiting() {
      return account.jobs.waiting
    },
  }
}
