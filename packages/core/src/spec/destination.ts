import type { Clock } from '../clock.ts'
import type { Contract } from '../contract/contract.ts'
import type { MillraceError } from '../error.ts'
import type { Logger } from '../logger.ts'
import type { CheckFinding } from './check.ts'
import type { ConsentDecision, ConsentSubject, RemoteConsent } from './consent.ts'
import type { StoredBudget } from './engine-state.ts'
import type { ErasureOutcome, ErasureTarget } from './erasure.ts'
import type { TotalsSpec } from './totals.ts'
import type { Exchange } from './exchange.ts'

/** What one connection receives as one thing (design §1). */
export type UnitKind = 'category' | 'product' | 'company' | 'person' | 'consent' | 'order' | 'cart' | 'event'

/** Types of destination fields. `decimal` is an exact decimal string; `date` is `YYYY-MM-DD`; `datetime` ISO 8601 UTC; `options` a list of option values. */
export type FieldType =
  | 'string'
  | 'text'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'option'
  | 'options'
  | 'phone'
  | 'email'

/** A value ready to be written. `null` clears the field. */
export type FieldValue = string | number | boolean | string[] | null

/** What is known of one field of a destination object, declared by the adapter or read from the live schema. */
export interface FieldSpec {
  type: FieldType
  label?: string
  required?: boolean
  unique?: boolean
  readOnly?: boolean
  /** Counted in UTF-16 code units. */
  maxLength?: number
  minimum?: number
  maximum?: number
  options?: readonly { value: string; label: string }[]
}

/** A kind of object that a destination keeps, and which unit it is made from. */
export interface ObjectSpec {
  from: UnitKind
  /** Fields that the vendor has by itself. Fields of the contract that are not listed here must be provisioned. */
  fields: Readonly<Record<string, FieldSpec>>
  /**
   * Name of the field in which the vendor holds our own unique key; `{prefix}` in it stands for the contract's prefix. The adapter writes `Input.key` there
   * itself: in `Input.fields` it is only where a rule of the contract says `path('key')`.
   */
  keyField: string
  /** Fields by which objects that we did not create can be found, in this order (design §8 Adoption). */
  adoptBy?: readonly string[]
  /** `find` takes the key field too, with values as they are: a store that was lost is linked again before anything is written. */
  findByKey?: boolean
  /** Objects that must be there first, and whether the child waits (`required`) or goes without. */
  parents?: readonly ParentSpec[]
  /** Of an object made from a person: the kinds of memberships it can hold. */
  memberships?: readonly Membership['kind'][]
  /** The vendor takes these objects and does not give them back: neither `read` nor `list` knows them, so nobody can audit them. */
  writeOnly?: true
  /** `read` tells when each field was last changed, so that fields can be `shared`. */
  fieldTimes?: boolean
  /** Of an object made from events: the forms that a rule may choose with `as`, the default first. Absent: there is only one. */
  forms?: readonly string[]
  /** Of an object made from consent: the channels that it takes; all of them when it does not say. */
  channels?: readonly ConsentDecision['channel'][]
  /** Of an object made from consent: a topic needs a `target`, because its channel alone names nothing at the vendor. */
  needsTarget?: boolean
  /** Objects that live inside this one (lines of an order), delivered with it. */
  children?: Readonly<Record<string, { fields: Readonly<Record<string, FieldSpec>>; keyField: string }>>
  /** Of an object made from an order: which fields tell its money, for `reconcile`. Without it the object is not reconciled. */
  totals?: TotalsSpec
}

export interface ParentSpec {
  object: string
  required: boolean
}

/** How much a call likes: `deliver` = inputs per call of `deliver`, `find` = values per call of `find`. */
export interface DestinationLimits {
  deliver: Readonly<Record<string, number>>
  find?: number
}

/** What the engine hands to every call of a destination. */
export interface DestinationContext {
  /** The connection's name, chosen by the user. */
  connection: string
  contract: Contract
  clock: Clock
  logger: Logger
  signal: AbortSignal
  /** This connection's imports that the vendor has not finished as far as is known, read from the store: what holds slots of a concurrency limit, also after a restart. */
  openTickets?(): Promise<readonly OpenTicket[]>
  /**
   * Takes what was said to the vendor, for `trace`; adapter-kit's HTTP client calls it. `sent` = the body as it was, by which the engine finds the inputs that
   * were in it; it is not kept. Absent where nobody keeps it.
   */
  exchanged?: ((exchange: Exchange, sent: unknown) => void) | undefined
}

/** An import of the vendor that is under way. */
export interface OpenTicket {
  object: string
  ticket: string
}

/** An object at the vendor, with our key for it. */
export interface ObjectLink {
  object: string
  /** Our own key as the vendor holds it; empty while an object was found there but not written yet. */
  key: string
  remoteId: string
}

/** A child of a composite, such as an order line. `changed` is false when its fields equal what was settled last. */
export interface ChildInput {
  object: string
  key: string
  fields: Readonly<Record<string, FieldValue>>
  /** Objects the child refers to (the product of a line), where they are known at the vendor. */
  links: readonly ObjectLink[]
  changed: boolean
}

/**
 * A list or tag that the contract manages, by its name (`shop:store:berlin`) or, for lists that exist, by the vendor's id. An adapter keeps what it added itself
 * in the outcome's `objects` under `<kind>:<name>`, and removes only what stands there.
 */
export interface Membership {
  kind: 'list' | 'tag'
  name: string
}

/**
 * The fact that an `event` object tells. `name` is the destination's name for the type, `as` the form that the contract chose where the adapter offers several.
 * `id` is the same for the same fact whichever way and however often it comes, and unique over all sources (`shop-eu:order.placed:1001`): the idempotency key for
 * vendors that have one.
 */
export interface EventFact {
  id: string
  type: string
  name: string
  as?: string
  /** ISO 8601 UTC. */
  occurredAt: string
}

/**
 * One unit to be delivered. `fields` holds only what may be written now: ownership, consent and blanks are already decided.
 * `uncertain` = an earlier attempt may have been applied; `remoteKey` = the key under which the vendor knows the object (differs from `key` when a guest
 * registered; absent when the object is adopted and does not carry our key yet, or is new).
 */
export interface Input {
  unit: string
  object: string
  /** `archive`: the record is gone at the source and the contract says so (`removal`, `leaving`). Take the object away as far as the vendor can; gone is delivered. */
  operation: 'upsert' | 'archive'
  key: string
  fields: Readonly<Record<string, FieldValue>>
  /** Names in `fields` that differ from what was settled last; all of them when nothing was settled, or an attempt since failed or is uncertain. */
  changedFields: readonly string[]
  children: readonly ChildInput[]
  parents: readonly ObjectLink[]
  /** False when the parents equal those settled last. */
  parentsChanged: boolean
  /**
   * Of objects made from consent: what is to be written now; an opt-out before any opt-in. `granted` was asked for at the destination (`consentOf`) where it can be
   * asked. `parents` then hold the person's objects as far as they are known, and may be empty. Of objects made from a person: what one that is created now
   * starts with, by topic, also `unknown`; it is not to be written to one that exists.
   */
  consent: readonly ConsentDecision[]
  /** Of objects made from a person: the lists and tags that the person is to be in, of those the contract manages. */
  memberships: readonly Membership[]
  /** False when they equal those settled last. */
  membershipsChanged: boolean
  /** Of `event` objects. */
  event?: EventFact
  cause: Cause
  remoteId?: string
  remoteKey?: string
  /**
   * Children known at the vendor: our key -> remote id, including ones that are no longer wanted. An empty id: it was on its way when the last attempt broke off,
   * so it may be there, and it may be linked to nothing yet.
   */
  objects: Readonly<Record<string, string>>
  /** Whatever the adapter returned with the last outcome, to resume a composite. */
  progress?: unknown
  uncertain: boolean
  /**
   * Number of this attempt, for vendors that refuse older writes: whatever this connection sends later has a higher one, also another object of the same unit,
   * after a restart, and after the store was lost. Of the size of epoch ms. Inputs that were claimed together share it.
   */
  fence: number
}

/** Why a delivery was raised. */
export type Cause = 'backfill' | 'delta' | 'push' | 'notification' | 'signals' | 'contract' | 'due' | 'replay' | 'removal' | 'adoption'

/** What became of one input. `children` is everything known at the vendor after this attempt (our key -> remote id): it replaces what was stored. */
export type Outcome = { unit: string; remoteId?: string; objects?: Readonly<Record<string, string>>; progress?: unknown } &
  /** `created`: the vendor made the object for this key now, as it says itself; false for one that was there, also when the engine did not know its id. */
  (
    | { result: 'delivered'; created: boolean }
    /** Accepted, and finished later: `collect` is given the ticket, with `progress` and `objects`, after that many ms. There it may be pending again. */
    | { result: 'pending'; ticket: string; checkAfterMs: number }
    /** Not sent, and rightly so: the vendor's rules forbid it for this person (no consent). Settled with the reason; nothing has to be decided. */
    | { result: 'skipped'; reason: { code: string; message: string } }
    /** The error's scope says how far it reaches. What concerns the destination is better thrown: it ends the delivery before others meet the same. */
    | { result: 'failed'; error: MillraceError }
    /** A unique value is held by another object. One candidate that is nobody's or ours is taken over by the next attempt, which has its `remoteId`; else a person decides. */
    | { result: 'conflict'; candidates: readonly Candidate[] }
  )

/** An object at the vendor that stands in the way of a create. `key` is the own key it carries, empty when none, absent when the adapter could not read it. */
export interface Candidate {
  remoteId: string
  key?: string
}

/** An object found for adoption. `value` is the looked-up value, case-folded; `key` our own key as the vendor holds it, empty when blank. */
export interface Found extends Candidate {
  key: string
  value: string
  fields: Readonly<Record<string, FieldValue>>
}

/** One difference between what the contract needs and what the vendor has. `destructive` changes are applied only when asked for by name. */
export interface PlanChange {
  action: 'create' | 'update' | 'drift'
  /** What: `property contact.shop_customer_key`, `pipeline deal/commerce`. */
  target: string
  /** Field-level difference. */
  differences: readonly { path: string; have: unknown; want: unknown }[]
  destructive: boolean
  /** For the adapter's own `apply`. Plain data. */
  details?: unknown
}

/** A marketing system or CRM: what the factory of an adapter returns. Optional members are detected. */
export interface Destination {
  readonly specificationVersion: 'v1'
  readonly name: string
  readonly objects: Readonly<Record<string, ObjectSpec>>
  readonly limits: DestinationLimits
  /** The guarantee per object: `upsert` = exactly once by key; `idempotent` events; `at-most-once` events. */
  readonly delivery: Readonly<Record<string, 'upsert' | 'idempotent' | 'at-most-once'>>
  readonly defaultContract: Contract
  /** How often a pass should run when nobody says otherwise. Absent: the runner's own default. */
  readonly schedule?: { readonly everyMs: number }
  /** Delivers and yields outcomes as soon as they are known; each yield is settled at once. Inputs without an outcome at the end are `unconfirmed`. */
  deliver(inputs: readonly Input[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  /** `quick` = before a pass: a few reads and nothing that could count as a write. `full` = for the person who asked: scopes too, whatever it takes. */
  check?(ctx: DestinationContext, depth: 'quick' | 'full'): Promise<CheckFinding[]>
  /** The live schema: fields by object. */
  describe?(ctx: DestinationContext): Promise<Record<string, Record<string, FieldSpec>>>
  plan?(ctx: DestinationContext): Promise<PlanChange[]>
  apply?(changes: readonly PlanChange[], ctx: DestinationContext): Promise<void>
  find?(query: { object: string; by: string; values: readonly string[] }, ctx: DestinationContext): Promise<Found[]>
  /** Every object that carries our key (audit, reconcile, rebuild), in pages. `foreign`: those too that do not, with an empty key. */
  list?(query: { object: string; fields: readonly string[]; foreign?: boolean }, ctx: DestinationContext): AsyncIterable<ListedObject[]>
  /** Fields of objects by their ids, with the times at which they were last changed where the vendor tells them (epoch ms by field). Ids that are gone are left out. */
  read?(query: { object: string; remoteIds: readonly string[]; fields: readonly string[] }, ctx: DestinationContext): Promise<ReadObject[]>
  /** Which objects of some kinds are linked to objects as their parents, by id, for audits. Objects without any are left out. */
  parentsOf?(
    query: { object: string; remoteIds: readonly string[]; parents: readonly string[] },
    ctx: DestinationContext,
  ): Promise<ObjectParents[]>
  /** What the destination holds now about the consent of people, before `granted` is written. People it does not know are left out. */
  consentOf?(people: readonly ConsentSubject[], ctx: DestinationContext): Promise<RemoteConsent[]>
  /** Consent that changed at the destination since `cursor`, in pages: opt-outs, bounces, suppressions, opt-ins. Without a cursor: everything that denies. */
  consentChanges?(cursor: string | undefined, ctx: DestinationContext): AsyncIterable<{ changes: RemoteConsent[]; cursor: string }>
  erase?(people: readonly ErasureTarget[], ctx: DestinationContext): AsyncIterable<ErasureOutcome[]>
  collect?(tickets: readonly Ticket[], ctx: DestinationContext): AsyncIterable<Outcome[]>
  /** What delivering so many units of each object for the first time costs, and what the account allows as far as it is known. For estimates only. */
  estimate?(units: Readonly<Record<string, number>>): { calls: Readonly<Record<string, number>>; perMinute: number; perDay: number | null }
  /** Running totals since the connection was made, for the run's figures. */
  usage?(): Usage
  /** What is used of the vendor account's daily budgets, so that a restart does not grant the day twice. adapter-kit makes it. */
  readonly budgets?: BudgetKeeper
  /** A keyed hash of the credential in use, for its age: HMAC of it under `seal`, never the value. Undefined when it cannot be told. */
  credentialMark?(seal: string): Promise<string | undefined>
  close?(): Promise<void>
}

export interface ListedObject extends ObjectLink {
  fields: Readonly<Record<string, FieldValue>>
}

/** The parents of one object at the vendor. */
export interface ObjectParents {
  remoteId: string
  parents: readonly { object: string; remoteId: string }[]
}

/** An object as it is at the vendor now. */
export interface ReadObject extends ListedObject {
  /** Epoch ms by field. Absent: the vendor does not tell. */
  times?: Readonly<Record<string, number>>
}

/** A vendor's import that was accepted but not finished. `progress` and `objects` are what the adapter gave with `pending`. */
export interface Ticket {
  ticket: string
  units: readonly TicketUnit[]
}

/** One unit of a {@link Ticket}. */
export interface TicketUnit {
  unit: string
  object: string
  key: string
  remoteId?: string
  objects: Readonly<Record<string, string>>
  progress?: unknown
}

/** Hands out and takes back the state of budgets by vendor account; the engine keeps it in the store. Accounts are named without secrets. */
export interface BudgetKeeper {
  snapshot(): Record<string, StoredBudget>
  /** Before the first request. What is given counts once, however many connections share the account. */
  restore(saved: Readonly<Record<string, StoredBudget>>): void
}

/** Counts of vendor requests, without personal data. */
export interface Usage {
  requests: number
  rateLimited: number
  retries: number
}
