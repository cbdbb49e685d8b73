import type { Contact } from './contact.ts'

/** Contacts with an index per identifier. Every identifier is unique in the account. */
export interface ContactStore {
  readonly size: number
  /** Ascending by id. */
  all(): MapIterator<Contact>
  get(id: number): Contact | undefined
  /** @param value in stored form */
  find(identifier: string, value: string): Contact | undefined
  add(contact: Omit<Contact, 'id'>): Contact
  /** Changes identifiers and their index. */
  rename(contact: Contact, identifiers: Readonly<Record<string, string>>): void
  delete(contact: Contact): void
}

function indexKey(identifier: string, value: string): string {
  return `${identifier}\n${value}`
}

/** Creates the contacts of an account. @param firstId ids count up from here */
export function createContactStore(firstId: number): ContactStore {
  const byId = new Map<number, Contact>()
  const index = new Map<string, Contact>()
  let nextId = firstId

  function unindex(contact: Contact): void {
    for (const [identifier, value] of Object.entries(contact.identifiers)) index.delete(indexKey(identifier, value))
  }

  function indexed(contact: Contact): void {
    for (const [identifier, value] of Object.entries(contact.identifiers)) index.set(indexKey(identifier, value), contact)
  }

  return {
    get size() {
      return byId.size
    },
    all: () => byId.values(),
    get: (id) => byId.get(id),
    find: (identifier, value) => (identifier === 'contactId' ? byId.get(Number(value)) : index.get(indexKey(identifier, value))),
    add(content) {
      const contact: Contact = { ...content, id: nextId }
      nextId += 1
      byId.set(contact.id, contact)
      indexed(contact)
      return contact
    },
    rename(contact, identifiers) {
      unindex(contact)
      contact.identifiers = identifiers
      indexed(contact)
    },
    delete(contact) {
      unindex(contact)
      byId.delete(contact.id)
    },
  }
}
