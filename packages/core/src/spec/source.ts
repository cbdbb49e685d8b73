import type { Change } from '../model/change.ts'
import type { Entity } from '../model/record.ts'
import type { ValueKind } from '../views/value-kind.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { CheckFinding } from './check.ts'
import type { PlanChange } from './destination.ts'
import type { Decoded, Fetched, Notice } from './notification.ts'

/** What the engine hands to every call of a source. */
export interface SourceContext {
  clock: Clock
  logger: Logger
  signal: AbortSignal
}

/**
 * What to read. `delta`: everything modified in `[from, to]`, in the order of modification. `full`: everything that exists and was modified up to
 * `to`, in the order of ids, so that it can be resumed. `to` is fixed for the whole pass; a row that leaves the window meanwhile is read next time.
 * Epoch ms of the source's clock.
 */
export interface ReadWindow {
  mode: 'delta' | 'full'
  from?: number
  to: number
  /** Where to go on: the `cursor` of the last page that was stored. */
  cursor?: string
}

/** One page. `cursor` is opaque to the engine, which stores it in the same transaction as the changes. */
export interface SourcePage {
  changes: Change[]
  cursor: string
}

/** How trustworthy versions are: `parts` = counters by part; `timestamp` = only times, where equal stamps with other content need a fresh `get`. */
export type Versioning = 'parts' | 'timestamp'

/**
 * A custom field or an attribute as the shop defines it, whether or not a record uses it. `path` is where contracts find it: `custom.<name>` or
 * `attributes.<name>`. Several may share a path; what they hold is then either.
 */
export interface SourceField {
  path: string
  kind: ValueKind
}

/** A shop platform that commerce data is read from: what the factory of an adapter returns. */
export interface Source {
  readonly specificationVersion: 'v1'
  /** Of the adapter, for messages. */
  readonly name: string
  /** The kinds of records this source has, as it is configured. */
  readonly entities: readonly Entity[]
  readonly versioning: Versioning
  /** How far behind its clock the source is safe to read, and how far to overlap the last window, both in ms. */
  readonly settleMs: number
  readonly overlapMs: number
  /** Credentials, reachability, scopes, settings: everything that can be known before the first read. Never throws for a finding. */
  check(ctx: SourceContext): Promise<CheckFinding[]>
  /** The source's own clock, epoch ms. */
  now(ctx: SourceContext): Promise<number>
  /** Yields pages in order. Throws MillraceError of scope `destination` when the source cannot be read. */
  read(entity: Entity, window: ReadWindow, ctx: SourceContext): AsyncIterable<SourcePage>
  /** The record as it is now; `undefined` when the source says that it does not exist. `atLeast` = a version that the answer must not be older than. */
  get(entity: Entity, id: string, ctx: SourceContext, atLeast?: Record<string, number>): Promise<Change | undefined>
  /** Understands one payload of a notification, without asking the source. Throws MillraceError `notification_invalid` for what is none of its own. */
  decode?(payload: unknown): Decoded
  /** What notices of {@link Source.decode} speak of, as it is now and not older than they say; one result for each. */
  fetch?(notices: readonly Notice[], ctx: SourceContext): Promise<Fetched[]>
  /** The custom fields and attributes that the shop defines, for the names that editors complete. Without it they are taken from the records that were read. */
  describe?(ctx: SourceContext): Promise<SourceField[]>
  /** What has to be set up at the source so that it announces its changes; without writing. */
  plan?(ctx: SourceContext): Promise<PlanChange[]>
  /** Sets it up. */
  apply?(changes: readonly PlanChange[], ctx: SourceContext): Promise<void>
  /** All ids that exist, in pages, for deletion checks. */
  ids?(entity: Entity, ctx: SourceContext): AsyncIterable<string[]>
  /** How many records a full read would meet, for estimates. */
  count?(entity: Entity, since: number | undefined, ctx: SourceContext): Promise<number>
  /** A keyed hash of the credential in use, for its age: HMAC of it under `seal`, never the value. Undefined when it cannot be told. */
  credentialMark?(seal: string): Promise<string | undefined>
  close?(): Promise<void>
}
