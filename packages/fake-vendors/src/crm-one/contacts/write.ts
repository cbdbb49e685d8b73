import { checkAttributes, checkRequired } from '../attributes.ts'
import type { Crm } from '../crm.ts'
import type { ExternalId } from '../reference.ts'
import type { ContactBody } from './body.ts'
import { decideConsents, storeConsents } from './consent.ts'
import { emptyContact, foldEmail, touch, type StoredContact } from './contact.ts'
import { attach, checkConflicts } from './identity.ts'

/** What a write did. */
export interface ContactWrite {
  readonly contact: StoredContact
  readonly created: boolean
  /** Pointers of what was kept out: fields of the CRM, consents of unknown status over known ones. */
  readonly ignored: readonly string[]
}

type Change = readonly [pointer: string, apply: (contact: StoredContact) => void]

/** Changes of a record member by member: null removes one, null for all removes every one. */
function memberChanges<T>(
  name: 'name' | 'segments' | 'attributes',
  input: Readonly<Record<string, T | null | undefined>> | null | undefined,
  target: (contact: StoredContact) => Record<string, T>,
  before: StoredContact | undefined,
): Change[] {
  const cleared = input === null && before !== undefined ? Object.fromEntries(Object.keys(target(before)).map((key) => [key, null])) : {}
  return Object.entries(input ?? cleared).flatMap(([key, value]): Change[] => {
    if (value === undefined) return []
    const apply = (contact: StoredContact): void => {
      if (value === null) delete target(contact)[key]
      else Object.defineProperty(target(contact), key, { value, enumerable: true, configurable: true, writable: true })
    }
    return [[`/${name}/${key}`, apply]]
  })
}

function changesOf(body: ContactBody, before: StoredContact | undefined): Change[] {
  const changes: Change[] = []
  if (body.emails !== undefined) changes.push(['/emails', ({ fields }) => void (fields.emails = body.emails ?? [])])
  if (body.phones !== undefined) changes.push(['/phones', ({ fields }) => void (fields.phones = body.phones ?? [])])
  if (body.addresses !== undefined) changes.push(['/addresses', ({ fields }) => void (fields.addresses = body.addresses ?? [])])
  if (body.locale !== undefined) changes.push(['/locale', ({ fields }) => void (fields.locale = body.locale ?? undefined)])
  if (body.stores !== undefined) changes.push(['/stores', ({ fields }) => void (fields.stores = body.stores ?? [])])
  return [
    ...memberChanges('name', body.name, ({ fields }) => fields.name, before),
    ...changes,
    ...memberChanges('segments', body.segments, ({ fields }) => fields.segments, before),
    ...memberChanges('attributes', body.attributes, ({ fields }) => fields.attributes, before),
  ]
}

/** Whether a field belongs to the CRM, in every contact or in this one. */
export function isOwnedByCrm(crm: Crm, contact: StoredContact | undefined, pointer: string): boolean {
  if (contact?.ownedByCrm.has(pointer) === true) return true
  return crm.schema.attributes.contact.some(({ name, owner }) => owner === 'crm' && pointer === `/attributes/${name}`)
}

/** Creates or changes a contact. Refuses before anything is changed. `identity` is undefined for what is made inside the CRM, where no field is ignored. */
export function writeContact(
  crm: Crm,
  before: StoredContact | undefined,
  identity: ExternalId | undefined,
  body: ContactBody,
  by: 'crm' | 'source' = 'source',
): ContactWrite {
  checkAttributes(crm.schema.attributes.contact, body.attributes)
  if (before === undefined) checkRequired(crm.schema.attributes.contact, body.attributes)
  const changes = changesOf(body, before)
  const owned = new Set(changes.map(([pointer]) => pointer).filter((pointer) => by === 'source' && isOwnedByCrm(crm, before, pointer)))
  const emails = owned.has('/emails') ? [] : (body.emails ?? []).map(({ value }) => value)
  const identities = (body.externalIds ?? []).map((externalId, index) => ({ externalId, pointer: `/externalIds/${index}` }))
  checkConflicts(crm, before?.id, identities, emails)
  const consents = decideConsents(crm, before?.consents ?? new Map(), body.consents ?? [])

  const contact = before ?? emptyContact(crm.newId('con'), crm.now())
  crm.contacts.set(contact.id, contact)
  for (const externalId of [...(identity === undefined ? [] : [identity]), ...(body.externalIds ?? [])]) attach(crm, contact, externalId)
  for (const { value } of contact.fields.emails) crm.emails.delete(foldEmail(value))
  for (const [pointer, apply] of changes) if (!owned.has(pointer)) apply(contact)
  for (const { value } of contact.fields.emails) crm.emails.set(foldEmail(value), contact.id)
  storeConsents(crm, contact, consents.accepted)
  touch(contact, crm.now())
  return { contact, created: before === undefined, ignored: [...owned, ...consents.ignored] }
}
