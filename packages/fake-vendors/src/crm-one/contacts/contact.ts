import type { Channel } from '../crm-schema.ts'
import type { ExternalId } from '../reference.ts'

/** States of a consent. `withdrawn` is an opt-out after an opt-in, or by the person's own act. */
export type ConsentStatus = 'granted' | 'denied' | 'withdrawn' | 'unknown'

/** What a person said about one channel and purpose. */
export interface Consent {
  readonly channel: Channel
  readonly purpose: string
  readonly status: ConsentStatus
  /** RFC 3339: when the person said so. */
  readonly at: string
  readonly source: string
  readonly evidence?: string | undefined
  /** Of the text that was agreed to. */
  readonly version?: string | undefined
}

/** A consent with its memory: `sticky` after a withdrawal, until it is granted again with evidence. */
export interface StoredConsent extends Consent {
  readonly sticky: boolean
}

/** An e-mail address (RFC 7643 multi-valued). */
export interface Email {
  readonly value: string
  readonly type?: 'work' | 'home' | 'other' | undefined
  readonly primary?: boolean | undefined
  readonly verified?: boolean | undefined
}

/** A phone number in E.164. */
export interface Phone {
  readonly value: string
  readonly type?: 'work' | 'home' | 'mobile' | 'other' | undefined
  readonly primary?: boolean | undefined
}

/** A postal address (RFC 7643). */
export interface Address {
  readonly type?: 'billing' | 'shipping' | 'work' | 'home' | 'other' | undefined
  readonly name?: string | undefined
  readonly company?: string | undefined
  readonly streetAddress?: string | undefined
  readonly locality?: string | undefined
  readonly region?: string | undefined
  readonly postalCode?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly primary?: boolean | undefined
}

/** Fields of a contact that outsiders may write, flattened: `name.given` and each attribute and segment stand for themselves. */
export interface ContactFields {
  name: Record<string, string>
  emails: readonly Email[]
  phones: readonly Phone[]
  addresses: readonly Address[]
  locale: string | undefined
  stores: readonly string[]
  segments: Record<string, string | readonly string[]>
  attributes: Record<string, unknown>
}

/** A living contact. */
export interface StoredContact {
  readonly id: string
  readonly externalIds: ExternalId[]
  readonly fields: ContactFields
  /** By `channel/purpose`. */
  readonly consents: Map<string, StoredConsent>
  /** Pointers of fields that belong to the CRM in this contact alone. */
  readonly ownedByCrm: Set<string>
  /** Grows with every change: the ETag. */
  version: number
  readonly createdAt: number
  lastModified: number
}

/** A contact without anything in it. */
export function emptyContact(id: string, at: number): StoredContact {
  return {
    id,
    externalIds: [],
    fields: { name: {}, emails: [], phones: [], addresses: [], locale: undefined, stores: [], segments: {}, attributes: {} },
    consents: new Map(),
    ownedByCrm: new Set(),
    version: 0,
    createdAt: at,
    lastModified: at,
  }
}

/** Notes that a contact has changed. */
export function touch(contact: StoredContact, at: number): void {
  contact.version += 1
  contact.lastModified = at
}

/** Addresses are the same whatever their case. */
export function foldEmail(email: string): string {
  return email.toLowerCase()
}
