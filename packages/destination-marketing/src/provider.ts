import type {
  CheckFinding,
  ConsentDecision,
  ConsentSubject,
  DestinationContext,
  ErasureOutcome,
  ErasureTarget,
  FieldSpec,
  FieldValue,
  Found,
  ListedObject,
  ObjectLink,
  Outcome,
  PlanChange,
  ReadObject,
  RemoteConsent,
  Ticket,
  Usage,
} from '@millrace/core'

/** What a contact that is made now may be sent. Providers never write it to a contact that exists. */
export interface InitialState {
  /** `unknown` = nobody said anything: not mailable unless the settings say that the vendor decides. */
  email: 'granted' | 'denied' | 'unknown'
  sms: 'granted' | 'denied' | 'unknown'
  /** The law of the person's country asks for an opt-in that is not there: not mailable, whatever the settings say. */
  suppressed: boolean
}

/** A contact to be written. Ownership is decided: what stands here may be written as its place says. */
export interface ContactWrite {
  unit: string
  /** Our own key, kept on the contact in {@link keyName}. */
  key: string
  keyName: string
  /** True when the contact does not carry `key` yet. */
  keyChanged: boolean
  /** The contact's id at the vendor; absent = it is new as far as is known. */
  id?: string
  email: string
  emailChanged: boolean
  mobileNumber?: string
  /** Written whatever is there; null clears. */
  fields: Readonly<Record<string, FieldValue>>
  /** Written only where the contact has nothing. */
  blankFields: Readonly<Record<string, FieldValue>>
  initial: InitialState
  /** Lists to be in, by the contract's names; the provider adds its predefined ones. */
  lists: readonly string[]
  listsChanged: boolean
  /** What the last outcome left: `list:<name>` -> id of a list that we added the contact to. */
  objects: Readonly<Record<string, string>>
  progress?: unknown
  /** An earlier attempt may have been applied, or may still be. */
  uncertain: boolean
}

/** What a person said, to be written to the channels of a contact. */
export interface ConsentWrite {
  unit: string
  key: string
  keyName: string
  id?: string
  email?: string
  mobileNumber?: string
  decisions: readonly ConsentDecision[]
  /** Nothing was settled before: what a delivery then counts as created. */
  first: boolean
  progress?: unknown
  uncertain: boolean
}

/** Kinds of documents that are kept beside contacts. */
export type DocumentKind = 'catalog' | 'orders' | 'carts'

/** A whole document, replaced under its key. Numbers are exact and of one type per name (see `exact-number.ts`). */
export interface DocumentWrite {
  unit: string
  key: string
  /** `remoteId` of the last outcome. */
  id?: string
  /** Vendor id of the contact it belongs to; absent for the catalogue. */
  owner?: string
  json: Readonly<Record<string, unknown>>
  /** What the last attempt left behind. */
  progress?: unknown
  uncertain: boolean
}

/** A fact about a contact. */
export interface EventWrite {
  unit: string
  /** Unique per fact, so that sending it again changes nothing. */
  id: string
  type: string
  /** ISO 8601 UTC. */
  occurredAt: string
  owner: string
  data: Readonly<Record<string, unknown>>
}

/** What is to be removed: only what we linked. */
export interface Removal {
  unit: string
  object: string
  key: string
  id: string
}

/**
 * A marketing system behind `marketing({ provider })`. Units, contracts, ownership, consent rules and documents are done by then; a provider speaks HTTP.
 * Outcomes name the `unit` they were given and are yielded as soon as something is known; what is never mentioned counts as unconfirmed and is sent again.
 * `remoteId` of a contact is its id at the vendor, of a document whatever finds it again. What is absent is not offered: without `documents` there are no
 * products, orders and carts.
 */
export interface MarketingProvider {
  readonly name: string
  /** Fields of contacts that every account has. `email` is added. */
  readonly contactFields: Readonly<Record<string, FieldSpec>>
  /** Inputs per call of the engine, by what they are. */
  readonly limits: Readonly<Partial<Record<'contacts' | 'consents' | 'documents' | 'events' | 'find', number>>>
  contacts(writes: readonly ContactWrite[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  /** Contacts by their e-mail (case-folded values); `fields` by the contract's names. */
  find(emails: readonly string[], ctx: DestinationContext): Promise<Found[]>
  readonly channels?: readonly ('email' | 'sms')[]
  consents?(writes: readonly ConsentWrite[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  consentOf?(people: readonly ConsentSubject[], ctx: DestinationContext): Promise<RemoteConsent[]>
  consentChanges?(cursor: string | undefined, ctx: DestinationContext): AsyncIterable<{ changes: RemoteConsent[]; cursor: string }>
  documents?(kind: DocumentKind, writes: readonly DocumentWrite[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  events?(writes: readonly EventWrite[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  remove(removals: readonly Removal[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  collect?(tickets: readonly Ticket[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  list?(query: { object: string; fields: readonly string[]; foreign: boolean }, ctx: DestinationContext): AsyncIterable<ListedObject[]>
  read?(query: { object: string; remoteIds: readonly string[]; fields: readonly string[] }, ctx: DestinationContext): Promise<ReadObject[]>
  erase?(people: readonly (ErasureTarget & { related: readonly ObjectLink[] })[], ctx: DestinationContext): AsyncIterable<ErasureOutcome[]>
  check?(ctx: DestinationContext, depth: 'quick' | 'full'): Promise<CheckFinding[]>
  plan?(ctx: DestinationContext): Promise<PlanChange[]>
  apply?(changes: readonly PlanChange[], ctx: DestinationContext): Promise<void>
  /** Calls for so many units of each object. */
  estimate?(units: Readonly<Record<string, number>>): { calls: Readonly<Record<string, number>>; perMinute: number; perDay: number | null }
  usage?(): Usage
  close?(): void
}
