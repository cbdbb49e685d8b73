import type { Account, ContactList, FailedImportStatus, SentMail } from './account.ts'
import { createContact, ownerOfIdentifiers, updateContact } from './contacts/apply.ts'
import type { Contact } from './contacts/contact.ts'
import { readContactBody } from './contacts/read-body.ts'
import type { EventOccurrence } from './events/routes.ts'
import type { CollectionScope, CollectionType, InsightRecord } from './insight/collection.ts'
import type { Job } from './jobs.ts'
import type { DataField, DataFieldType } from './v2/data-field.ts'

/** What a test writes into a contact: the body of a request without `matchIdentifier`. */
export type ContactContent = Readonly<Record<string, unknown>>

/** State of the account without HTTP, as a person in Dotdigital or another integration sees and changes it. */
export interface AccountAccess {
  /** The contact of an e-mail in any case. */
  contactOf(email: string): Contact | undefined
  contact(id: number): Contact | undefined
  /** Every contact, ascending by id. */
  contacts(): readonly Contact[]
  /** Creates a contact from the body of a request; returns its id. @throws Error when Dotdigital would refuse it */
  addContact(content: ContactContent): number
  /** Changes a contact like a PATCH. @throws Error when Dotdigital would refuse it */
  changeContact(email: string, content: ContactContent): void
  /** The person leaves by the link in an e-mail. */
  unsubscribe(email: string): void
  /** The account's staff suppress the contact. */
  suppress(email: string): void
  /** The person answers a challenge or a confirmation mail. */
  confirm(email: string): void
  /** Puts an address on the list of those nobody may write to. */
  suppressGlobally(email: string): void
  suppressDomain(domain: string): void
  /** Adds a list; returns its id. */
  addList(name: string): number
  lists(): readonly ContactList[]
  /** E-mails of the members of a list. */
  members(listId: number): readonly string[]
  addDataField(name: string, type: DataFieldType): void
  dataFields(): readonly DataField[]
  collections(): readonly { readonly name: string; readonly scope: CollectionScope; readonly type: CollectionType; readonly size: number }[]
  /** Records of a collection, oldest write first; none when it does not exist. */
  records(collection: string): readonly InsightRecord[]
  /** The JSON of a record; of any owner when no e-mail is given. */
  record(collection: string, key: string, ownerEmail?: string): Readonly<Record<string, unknown>> | undefined
  /** Events in the order in which they were filed; those without a contact were dropped. */
  events(): readonly EventOccurrence[]
  mails(): readonly SentMail[]
  /** Imports and event jobs, oldest first. */
  jobs(): readonly Job[]
  /** Applies everything pending at once, oldest first. Returns how many jobs. */
  finishImports(): number
  /** The next import of contacts to run ends like this and applies nothing. */
  endNextImport(status: FailedImportStatus): void
  /** The next import of insight data to run ends as Failed and applies nothing, not even the collection. */
  failNextInsightImport(): void
}

/** Creates the access. Reads see what is due by now. */
export function createAccountAccess(account: Account): AccountAccess {
  const { contacts, jobs, settings } = account

  function current(): Account {
    jobs.run()
    return account
  }

  function existing(email: string): Contact {
    const contact = current().contacts.find('email', email.toLowerCase())
    if (contact === undefined) throw new Error(`no contact has the e-mail ${email}`)
    return contact
  }

  function setStatus(email: string, status: 'unsubscribed' | 'suppressed' | 'subscribed'): void {
    const contact = existing(email)
    const before = contact.email ?? { emailType: 'html', optInType: 'unknown', status }
    contact.email = { ...before, status }
    contact.updatedAt = settings.now()
    contact.removedAt = status === 'subscribed' ? undefined : settings.now()
  }

  function read(content: ContactContent, self: Contact | undefined): ReturnType<typeof readContactBody>['write'] {
    const { write, faults, partFaults } = readContactBody(account, content)
    const [fault] = [...faults, ...partFaults]
    if (fault !== undefined) throw new Error(fault.description)
    const taken = ownerOfIdentifiers(account, write.identifiers, self)
    if (taken !== undefined) throw new Error(`${taken.identifier} ${taken.value} belongs to another contact`)
    return write
  }

  return {
    contactOf: (email) => current().contacts.find('email', email.toLowerCase()),
    contact: (id) => current().contacts.get(id),
    contacts: () => [...current().contacts.all()],
    addContact: (content) => createContact(current(), read(content, undefined)).id,
    changeContact(email, content) {
      const contact = existing(email)
      updateContact(account, contact, read(content, contact), 'overwrite')
    },
    unsubscribe: (email) => setStatus(email, 'unsubscribed'),
    suppress: (email) => setStatus(email, 'suppressed'),
    confirm: (email) => setStatus(email, 'subscribed'),
    suppressGlobally: (email) => void account.globalSuppressions.add(email.toLowerCase()),
    suppressDomain: (domain) => void account.suppressedDomains.add(domain.toLowerCase()),
    addList(name) {
      const id = account.newListId()
      account.lists.set(id, { id, name, visibility: 'Private' })
      return id
    },
    lists: () => [...account.lists.values()],
    members: (listId) =>
      current()
        .contacts.all()
        .filter((contact) => contact.lists.has(listId))
        .map((contact) => contact.identifiers['email'] ?? '')
        .toArray(),
    addDataField(name, type) {
      account.dataFields.set(name.toUpperCase(), { name: name.toUpperCase(), type, visibility: 'Private', defaultValue: null })
    },
    dataFields: () => [...account.dataFields.values()],
    collections: () => [...current().collections.values()].map(({ name, scope, type, size }) => ({ name, scope, type, size })),
    records: (collection) => [...(current().collections.get(collection)?.records() ?? [])],
    record(collection, key, ownerEmail) {
      const owner = ownerEmail === undefined ? undefined : contacts.find('email', ownerEmail.toLowerCase())?.id
      const records = current().collections.get(collection)?.records()
      return records?.find((record) => record.key === key && (ownerEmail === undefined || record.owner === owner))?.json
    },
    events: () => current().events,
    mails: () => current().mails,
    jobs: () => current().jobs.all,
    finishImports: () => jobs.finish(),
    failNextInsightImport() {
      account.failingInsightImports += 1
    },
    endNextImport: (status) => void account.nextImportEnds.push(status),
  }
}
