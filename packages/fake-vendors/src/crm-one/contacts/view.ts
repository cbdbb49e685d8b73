import { iso, type Crm } from '../crm.ts'
import type { Consent, StoredContact } from './contact.ts'
import { isOwnedByCrm } from './write.ts'

/** A contact as the API and tests see it. */
export interface ContactView {
  readonly id: string
  readonly externalIds: readonly { readonly source: string; readonly id: string }[]
  readonly name: Readonly<Record<string, string>>
  readonly emails: readonly { readonly value: string }[]
  readonly phones: readonly { readonly value: string }[]
  readonly addresses: readonly object[]
  readonly locale: string | null
  readonly stores: readonly string[]
  readonly segments: Readonly<Record<string, string | readonly string[]>>
  readonly consents: readonly Consent[]
  readonly attributes: Readonly<Record<string, unknown>>
  /** Ids of the lists that the contact is a member of. */
  readonly lists: readonly string[]
  readonly meta: {
    readonly version: number
    readonly created: string
    readonly lastModified: string
    /** Pointer of every field that is set, or that belongs to the CRM -> who owns it. */
    readonly owner: Readonly<Record<string, 'crm' | 'source'>>
  }
}

/** A copy of a contact, so that nothing outside can change it. */
export function viewContact(crm: Crm, contact: StoredContact): ContactView {
  const { fields } = contact
  const { name, segments, attributes, emails, phones, addresses, locale, stores } = fields
  const lists = { emails, phones, addresses, stores }
  const pointers = new Set([
    ...Object.keys(name).map((key) => `/name/${key}`),
    ...Object.entries(lists).flatMap(([key, list]) => (list.length > 0 ? [`/${key}`] : [])),
    ...(locale === undefined ? [] : ['/locale']),
    ...Object.keys(segments).map((key) => `/segments/${key}`),
    ...Object.keys(attributes).map((key) => `/attributes/${key}`),
    ...contact.ownedByCrm,
    ...crm.schema.attributes.contact.filter(({ owner }) => owner === 'crm').map((attribute) => `/attributes/${attribute.name}`),
  ])
  return structuredClone({
    id: contact.id,
    externalIds: contact.externalIds,
    name,
    emails,
    phones,
    addresses,
    locale: locale ?? null,
    stores,
    segments,
    consents: [...contact.consents.values()].map(({ sticky: _sticky, ...consent }) => consent),
    attributes,
    lists: [...crm.members].flatMap(([list, members]) => (members.has(contact.id) ? [list] : [])).toSorted(),
    meta: {
      version: contact.version,
      created: iso(contact.createdAt),
      lastModified: iso(contact.lastModified),
      owner: Object.fromEntries([...pointers].map((pointer) => [pointer, isOwnedByCrm(crm, contact, pointer) ? 'crm' : 'source'])),
    },
  })
}
