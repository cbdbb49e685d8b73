import type { SourceVersion } from '../../model/change.ts'
import type { EventType } from '../../model/event.ts'
import type { Entity } from '../../model/record.ts'
import type { Cause, UnitKind } from '../destination.ts'
import type { NoticeRef } from './notices.ts'
import type { MemberRole, OrderFact } from './records.ts'

/**
 * A record changed by a page. `baseRevision` is the revision it was compared with (0 = not there). With a `body` the revision is raised by one and
 * `deletedAt` becomes what is given (none = not deleted). Without a `body` the stored one stays and only version and hash move, unless `deletedAt` is given
 * and makes a living record deleted or the other way round: that raises the revision too. `fact: undefined` keeps the stored fact.
 */
export interface IngestRecord {
  id: string
  entity: Entity
  baseRevision: number
  version: SourceVersion
  modifiedAt: number
  contentHash: string
  body?: string
  deletedAt?: number | null
  fact?: OrderFact
}

/**
 * Raises what a delivery should be: `wanted` grows by one. A row that is not there is created `ready` (`origin` is `backfill` when the cause is `backfill` or `contract`: both bring what was there before). Of rows
 * that are there:
 * - settled, parked and dead ones become ready with `attempts` 0 and no problem: a newer revision supersedes a dead letter. Held ones stay held unless `held` is
 *   false.
 * - a ready one that backs off after a failure keeps its `nextAt`; any other takes the earlier of its own and the raise's time.
 * - sending and pending ones stay occupied and are ready again after their settle.
 * `held: true` keeps a removal until the guard releases it; `false` says that there is nothing to remove any more; without it a removal that is held stays so.
 * It holds only rows with a remote object (without one there is nothing to remove: ready); a row in flight is held when it comes back. `dueAt` = not before this
 * time.
 */
export interface Raise {
  connection: string
  object: string
  unit: string
  kind: UnitKind
  cause: Cause
  /** 0 consent, 1 live, 2 delta, 3 backfill: the lowest of a row's raises since it was settled counts. */
  priority: number
  held?: boolean
  dueAt?: number
  /** When the source changed it (its own stamp, epoch ms), for freshness. The earliest since the row was settled counts; a raise without it measures nothing. */
  changedAt?: number
}

/**
 * A fact that a page tells, mostly of its own source. It is stored once by `source` and `id`; only then `raises` count, so the same fact that comes again sends nothing. Without raises
 * it is recorded as sent: it happened before there was anybody to tell. `subject` names whom it is about (`customer:<source>:<id>`, `email:<hash>`), so that a
 * person's events are found. `body` = the event as JSON; null where it will never be sent.
 */
export interface IngestEvent {
  source: string
  id: string
  type: EventType
  /** Epoch ms. */
  occurredAt: number
  subject: string | null
  body: string | null
  raises: Raise[]
  /** It is kept whole for a later page that raises its unit; {@link PruneBefore.held} forgets it where none comes. */
  held?: boolean
}

/** An event as it is stored. `body` is null when it was recorded as sent, or erased. */
export type StoredEvent = Omit<IngestEvent, 'raises' | 'held'>

/**
 * A cart that is watched. `dueAt` = when it will have been left alone for long enough, by the source's clock; null = nothing to wait for. `left` = how often it was
 * found left so far; a page that does not say keeps it.
 */
export interface CartWatch {
  id: string
  dueAt: number | null
  left: number
}

/** Goods that an account watches on a list since a time (epoch ms, by the source's clock). */
export interface Watcher {
  customer: string
  list: string
  since: number
}

/**
 * That a SKU is offered otherwise since `at` (epoch ms, by the source's clock), kept until everybody who watches it was looked at. `position` = the last account that
 * was; null = none yet. `body` = what changed, as JSON.
 */
export interface OfferChange {
  id: string
  at: number
  body: string
  position: string | null
}

/** Position of one stream of one source. `high` = upper end of the last finished window; `from`/`to`/`position` = the window being read, if any. */
export interface Cursor {
  source: string
  entity: Entity
  mode: 'delta' | 'full'
  high: number | null
  from: number | null
  to: number | null
  position: string | null
}

/**
 * Everything that one page changes, applied in one transaction in this order: records with facts, rejected, aliases, members, joins, raises, events, carts, watched,
 * offers, cursor.
 * Duplicate keys are allowed: later entries win (each raise of a row counts). New rows are numbered in bytewise order of their keys. A raise of a unit that the page joins away goes to the unit that stays.
 */
export interface IngestPage {
  token: string
  source: string
  records: IngestRecord[]
  /** Who a key (`customer:<source>:<id>`, `email:<scope>:<hash>`) belongs to; `unit: null` forgets it. */
  aliases: { identity: string; key: string; unit: string | null }[]
  /**
   * Units that turned out to be one person: members, aliases, rows that wait for it and deliveries (of the connections named) of `from` move to `into` and
   * are raised, and what destinations hold of their consent. Where both have the row, that of `into` stays (that of `from` if only it is in flight) and takes the remote object, children, fingerprint and
   * origin of the older link (lowest `did` with a `remoteId`). If both are in flight, both stay and are raised: the one of `from` has no members any more.
   * Where both hold a consent for one target, a denial stays before anything else, then the one that was seen last.
   */
  joins: { identity: string; from: string; into: string; connections: string[] }[]
  /** A record belongs to one unit per identity. Naming a record that was never stored throws `store_unknown_record`. */
  members: { identity: string; unit: string; entity: Entity; id: string; role: MemberRole }[]
  raises: Raise[]
  /** New facts. */
  events?: IngestEvent[]
  /** Carts of the source to be watched from now on, or no longer. */
  carts?: { id: string; dueAt: number | null; left?: number }[]
  /** What lists of the source hold, in place of what they held before. An account that watches a SKU on a list twice, since the same time, does so once. */
  watched?: { list: string; customer: string; items: { sku: string; since: number }[] }[]
  /** Changes of offers of the source to be kept, in place of one of the same id; `null` forgets it. */
  offers?: (OfferChange | { id: string; body: null })[]
  /** Records that could not be understood; cleared when a readable version arrives. */
  rejected: { entity: Entity; id: string; version: SourceVersion; problem: string; field: string | null; raw: string }[]
  cursor?: Cursor
  /** Notices that this page answers: they are forgotten unless they were received again since. */
  notices?: readonly NoticeRef[]
  now: number
}

/** `conflict` = a record moved on since it was compared: nothing was applied, read again. `changed` = records with a new revision, `raised` = rows raised. */
export type IngestResult = { status: 'applied'; changed: number; raised: number } | { status: 'conflict' }
