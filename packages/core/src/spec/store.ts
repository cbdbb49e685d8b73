import type { SourceVersion } from '../model/change.ts'
import type { Localized } from '../model/common.ts'
import type { EventType } from '../model/event.ts'
import type { Entity, RecordRef } from '../model/record.ts'
import type { RemoteConsent } from './consent.ts'
import type { Cause, OpenTicket, UnitKind } from './destination.ts'
import type { Notice } from './notification.ts'
import type { EngineState } from './engine-state.ts'
import type { StoredExchange } from './exchange.ts'
import type { ErasedCounts, StoreErasure, Tombstone } from './store-erasure.ts'
import type { AuditEntry, Audited, Pause } from './operator.ts'

/** What the store knows of a record without its body. `rid` is the store's own integer id. `version` outlives deletion. */
export interface RecordHead extends RecordRef {
  rid: number
  revision: number
  contentHash: string
  version: SourceVersion
  deletedAt: number | null
}

/** A record with its canonical JSON. `body` is null after erasure. */
export interface StoredRecord extends RecordHead {
  body: string | null
}

/** What orders say about their buyer, kept apart from the bodies so that signals are aggregated when needed. Amounts are decimal strings. */
export interface OrderFact {
  /** Name of the source that the order is from. */
  source: string
  orderId: string
  number: string | null
  placedAt: string
  paidAt: string | null
  currency: string
  gross: string
  net: string | null
  refunded: string
  cancelled: boolean
  guest: boolean
  skus: string[]
  /** Whether money came for it; without it, `paidAt` tells. What follows is absent in facts that earlier versions stored. */
  paid?: boolean
  /** The goods, in the order of the lines. `product` = the stable key of the product, `category` = the most specific one of the line. */
  items?: FactItem[]
  /** Of the lines whose cost is known: what was paid for them without tax, and what they cost. Null where no cost is known. */
  margin?: { revenue: string; cost: string } | null
}

/** Goods of an order, for affinities and replenishment. */
export interface FactItem {
  sku?: string
  product?: string
  category?: Localized
  quantity: number
}

/** How a record belongs to a person: its account, a guest order (profile and fact), or an order of an account (fact only). */
export type MemberRole = 'account' | 'guest' | 'order'

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
}

/** An event as it is stored. `body` is null when it was recorded as sent, or erased. */
export type StoredEvent = Omit<IngestEvent, 'raises'>

/**
 * A cart that is watched. `dueAt` = when it will have been left alone for long enough, by the source's clock; null = nothing to wait for. `left` = how often it was
 * found left so far; a page that does not say keeps it.
 */
export interface CartWatch {
  id: string
  dueAt: number | null
  left: number
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
 * Everything that one page changes, applied in one transaction in this order: records with facts, rejected, aliases, members, joins, raises, events, carts, cursor.
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
  /** Records that could not be understood; cleared when a readable version arrives. */
  rejected: { entity: Entity; id: string; version: SourceVersion; problem: string; field: string | null; raw: string }[]
  cursor?: Cursor
  /** Notices that this page answers: they are forgotten unless they were received again since. */
  notices?: readonly NoticeRef[]
  now: number
}

/** One reception of a notice: `seq` grows with each. */
export interface NoticeRef {
  source: string
  key: string
  seq: number
}

/** A notice on its way in. `problem` = it was not understood and waits for a person. */
export interface IncomingNotice extends Notice {
  source: string
  problem?: Problem
}

/** A notice that waits to be fetched. Times are epoch ms. */
export interface StoredNotice extends Notice, NoticeRef {
  receivedAt: number
  attempts: number
}

/** A notice that could not be fetched: tried again at `nextAt`, or dead (`null`) until it is received again. */
export interface NoticeFailure extends NoticeRef {
  attempts: number
  nextAt: number | null
  problem: Problem
}

/** `conflict` = a record moved on since it was compared: nothing was applied, read again. `changed` = records with a new revision, `raised` = rows raised. */
export type IngestResult = { status: 'applied'; changed: number; raised: number } | { status: 'conflict' }

/** State of a delivery (design §1): `ready` waits for its time, `sending` is in flight. */
export type DeliveryState = 'ready' | 'sending' | 'settled' | 'parked' | 'pending' | 'dead' | 'held'

/** What became of a delivery the last time it was settled. */
export type SettledResult = 'created' | 'updated' | 'unchanged' | 'skipped' | 'superseded' | 'archived'

/** The durable row of (connection, object, unit). */
export interface Delivery {
  did: number
  connection: string
  object: string
  unit: string
  kind: UnitKind
  state: DeliveryState
  wanted: number
  settled: number
  priority: number
  cause: Cause
  /** What first raised the row: objects that a backfill or a new contract brought stay marked as historical. */
  origin: 'backfill' | 'live'
  attempts: number
  nextAt: number
  result: SettledResult | null
  remoteId: string | null
  objects: Record<string, string>
  fingerprint: string | null
  progress: unknown
  /** Code, message, field and context of the last failure, parking or skip. */
  problem: Problem | null
  waitsFor: { object: string; unit: string } | null
  ticket: string | null
  /** Epoch ms: first failure since the last success, and last change of the row. */
  failedSince: number | null
  updatedAt: number
}

export interface Problem {
  code: string
  message: string
  field?: string
  context?: Record<string, string | number | boolean>
}

/** A delivery that was handed out: `sending` is the revision it stands for. */
export interface Claimed extends Delivery {
  sending: number
  /** An earlier attempt may have been applied. Stays until an attempt is settled as created, updated, unchanged or archived. */
  uncertain: boolean
  /** Number of the claim: of a connection it only grows, and it is never below the epoch ms of the claim, so that a store made anew goes on above a lost one. 0 where nothing was claimed (`tickets`). */
  fence: number
  /** When the source made the earliest change that this revision carries, epoch ms; null where nobody measures (backfill, signals, replay). */
  changedAt: number | null
}

/**
 * What `settle` does with a row in flight (claimed, or pending at the vendor). Of the parts that are absent the stored ones stay; `null` (`{}` for objects)
 * clears them. A row whose `wanted` moved on is ready again whatever was settled, except while it is pending; a dead letter is then superseded. The problem of
 * a row that is settled goes (unless one is given, for a skip); a row put back without a problem keeps the one it had.
 */
export type Settlement = {
  did: number
  sending: number
  remoteId?: string | null
  objects?: Record<string, string>
  progress?: unknown
  /** Ids of the vendor exchanges that this row was part of. Into the journal. */
  exchanges?: readonly number[]
  /** Of a change that reached the vendor: when the source made it, epoch ms. Into the journal. */
  changedAt?: number
} & (
  | {
      to: 'settled'
      result: SettledResult
      fingerprint?: string | null
      problem?: Problem
      waitsFor?: { object: string; unit: string } | null
    }
  | { to: 'ready'; nextAt: number; attempts: number; problem?: Problem; unconfirmed?: boolean }
  | { to: 'parked'; waitsFor: { object: string; unit: string } | null; problem: Problem }
  | { to: 'pending'; ticket: string; nextAt: number }
  | { to: 'dead'; attempts: number; problem: Problem }
  | { to: 'held'; problem: Problem }
  /** Stays in flight: only what is given of `remoteId`, `objects` and `progress` is noted, so that it survives a crash. Not in the journal. */
  | { to: 'sending' }
)

/** Members of a person in the order of `rid`: bodies for accounts and guests, facts for guests and orders. */
export interface Member {
  role: MemberRole
  record: StoredRecord | null
  fact: OrderFact | null
}

export interface LinkState {
  object: string
  unit: string
  state: DeliveryState
  result: SettledResult | null
  remoteId: string | null
  /** What was settled last, as the engine wrote it; it tells by which key the vendor knows the object. */
  fingerprint: string | null
}

/**
 * What a destination holds about the consent of one person, as far as it was read or written. `target: null` = all targets of the channel. `firstSeenAt` = when
 * this status was first read or written, epoch ms; it counts where the vendor tells no time. `ours` = we wrote it, so that it is no statement of the destination.
 */
export interface HeldConsent {
  channel: RemoteConsent['channel']
  target: string | null
  status: RemoteConsent['status']
  at: number | null
  firstSeenAt: number
  reason: NonNullable<RemoteConsent['reason']> | null
  ours: boolean
}

/** One {@link HeldConsent} to be kept. `unit` = the person's unit, or the key of an e-mail (`email:*:<hash>`) while it belongs to nobody that we know. */
export interface HeldConsentRow extends HeldConsent {
  unit: string
}

/** A pass, as `--json` ends with it and `status` lists it. */
export interface RunRow {
  id: string
  kind: string
  startedAt: number
  finishedAt: number | null
  status: string
  summary: string | null
}

/**
 * One transition of one delivery. `event`: the result of a settlement (`created` ... `archived`), `retrying`, `unconfirmed`, `deferred` (put back without a
 * problem), `parked`, `pending`, `dead-lettered`, `held`, or an intervention: `requeued`, `released`, `superseded`. `unit` is its name at that time.
 */
export interface JournalEntry {
  at: number
  run: string | null
  connection: string
  object: string
  unit: string
  revision: number
  event: string
  problem: Problem | null
  exchanges?: number[]
  changedAt?: number
}

/** How long one change took from the source's own stamp to the vendor's answer. */
export interface Latency {
  connection: string
  object: string
  changedAt: number
  settledAt: number
}

/** How many journal entries of a sort there were in the five minutes from `at` (epoch ms, a multiple of five minutes). `code` = of the problem. */
export interface EventCount {
  at: number
  connection: string
  event: string
  code: string | null
  count: number
}

/** What history is older than may go, epoch ms. */
export interface PruneBefore {
  journal: number
  exchanges: number
  runs: number
  counts: number
  /** Bodies of events that happened before; the events stay, since they say what was told. */
  events: number
}

/** Rows by connection, object, state, result (of settled rows) and code of the problem. */
export interface DeliveryCounts {
  connection: string
  object: string
  state: DeliveryState
  result: SettledResult | null
  code: string | null
  count: number
}

export interface DeliveryFilter {
  connection?: string
  object?: string
  state?: DeliveryState
  code?: string
  unit?: string
  dids?: number[]
  /** Leaves out dead letters that were replayed (cause `replay`) at least so often at this revision and died of the same code each time. */
  replayedLess?: number
}

/**
 * Where Millrace keeps everything that must survive. Commands: arrays in, plain data out, one transaction each, no callbacks. A command with a stale
 * `token` changes nothing and throws MillraceError `lease_lost`. `store-sqlite` and the memory store pass the same suite.
 */
export interface Store {
  readonly specificationVersion: 'v1'
  /**
   * Takes the one engine lease; throws MillraceError `store_in_use`. Rows left `sending` by a dead engine become ready and uncertain; pending ones stay, since
   * their tickets are stored.
   */
  acquire(holder: string): Promise<string>
  /** Gives the lease back. A stale token changes nothing. */
  release(token: string): Promise<void>

  heads(refs: readonly RecordRef[]): Promise<(RecordHead | undefined)[]>
  records(refs: readonly RecordRef[]): Promise<(StoredRecord | undefined)[]>
  /** Records of one kind in the order of `rid`, for remapping and deletion checks. */
  scan(query: { source: string; entity: Entity; afterRid: number; limit: number; bodies: boolean }): Promise<StoredRecord[]>
  aliases(identity: string, keys: readonly string[]): Promise<(string | undefined)[]>
  /** The keys that belong to each unit. */
  aliasKeys(identity: string, units: readonly string[]): Promise<string[][]>
  ingest(page: IngestPage): Promise<IngestResult>
  /** Events in the order of the references. */
  events(refs: readonly { source: string; id: string }[]): Promise<(StoredEvent | undefined)[]>
  /** Events of some types about one of the subjects that occurred at `since` or later, by time and id; at most 1,000, the latest. */
  eventsAbout(query: { subjects: readonly string[]; types: readonly EventType[]; since: number }): Promise<StoredEvent[]>
  /** Watched carts of a source that are due up to a time, by `dueAt` and id. */
  dueCarts(query: { source: string; upTo: number; limit: number }): Promise<CartWatch[]>
  /** The same as `raises` of a page. Returns how many rows were raised. */
  raise(token: string, raises: readonly Raise[], now: number): Promise<number>
  /**
   * Notes when a row has to be looked at again though nothing changes, because a value of it depends on the clock (epoch ms); null forgets it. It is no state of
   * the row: a settled one stays settled and counts as nothing that waits. Rows that are gone are ignored.
   */
  schedule(token: string, times: readonly { did: number; at: number | null }[]): Promise<void>
  /** Raises the rows of a connection whose time has come (cause `due`, priority 2) and forgets their times. Returns how many. */
  raiseDue(token: string, connection: string, now: number): Promise<number>

  /**
   * Takes the next due rows of one object of a connection: the best row by priority, rank of the kind (category, product, company, person and consent, order,
   * cart, event), `nextAt` and `did` decides the object, then at most `limits[object]` of its rows by the same order. Objects without a limit are not claimed.
   */
  claim(request: { token: string; connection: string; limits: Readonly<Record<string, number>>; now: number }): Promise<Claimed[]>
  members(identity: string, units: readonly string[]): Promise<Member[][]>
  links(connection: string, wanted: readonly { object: string; unit: string }[]): Promise<(LinkState | undefined)[]>
  /**
   * Writes outcomes in the order of `did`, journal included. A row is touched only if it is in flight with the `sending` of its settlement. A row that is settled or dead-lettered
   * releases those parked for it (`waitsFor`). Parking looks at the awaited row in the same transaction:
   * - on its way (ready, sending, pending, parked, held): parked until it is settled or dead.
   * - settled, with whatever result: ready at once, so that the engine decides anew.
   * - absent or dead: ready at once too, but parked if the problem's code starts with `parent_`, which says that the engine knows. It is released when the
   *   awaited row is settled or dead later, and by a raise of its own.
   * Parked with `waitsFor: null`: until raised or requeued.
   * Settled with `waitsFor`: it went without that object. It is raised (cause `signals`) when that one is settled with a remote id, or has one already.
   * `exchanges` = what was said to the vendor meanwhile; one whose id is there already changes nothing.
   */
  settle(
    token: string,
    run: string | null,
    settlements: readonly Settlement[],
    now: number,
    exchanges?: readonly StoredExchange[],
  ): Promise<void>
  /** Pending rows of a connection that are due to be asked for, by `nextAt`. Settle them with their `sending`. */
  tickets(connection: string, now: number, limit: number): Promise<Claimed[]>
  /** The vendor's imports that rows of a connection are pending for, due or not: each object and ticket once, ordered by both. */
  openTickets(connection: string): Promise<OpenTicket[]>
  /** Earliest `nextAt` of rows that are ready or pending; undefined when there are none. */
  nextAt(connection: string): Promise<number | undefined>

  /** Releases held removals of a connection into `ready`; returns how many. */
  releaseHeld(token: string, connection: string, now: number, audited?: Audited): Promise<number>
  /**
   * Makes matching rows ready now with `attempts` 0 (replay); a settled row gets a new revision. Rows in flight and held removals are left alone.
   * An event is no longer uncertain then: to replay it is the decision to send it again.
   */
  requeue(token: string, filter: DeliveryFilter, cause: Cause, now: number, audited?: Audited): Promise<number>
  /** Settles matching dead, parked and held rows as `superseded` and releases those that wait for them. */
  discard(token: string, filter: DeliveryFilter, now: number, audited?: Audited): Promise<number>

  /** Keeps that a connection is paused; one that is paused already stays as it is. Returns what holds now. Needs no token, so that it works beside an engine. */
  pause(pause: Pause, audited?: Audited): Promise<Pause>
  /** Ends a pause; false when there was none. Needs no token. */
  resume(connection: string, now: number, audited?: Audited): Promise<boolean>
  /** Paused connections in the order of their names. Claiming does not look at them: the engine does. */
  pauses(): Promise<Pause[]>
  /**
   * Adds a line to the audit log, for what no command of the store does. Commands that are given `audited` add their line in the transaction of their change
   * (`pause` and `resume` only when they change something). No command changes or removes a line. Needs no token.
   */
  audit(audited: Audited, now: number): Promise<void>
  /** The newest first. */
  auditLog(limit: number): Promise<AuditEntry[]>

  /** Matching rows in the order of `did`. */
  deliveries(filter: DeliveryFilter, page: { afterDid: number; limit: number }): Promise<Delivery[]>
  counts(connection?: string): Promise<DeliveryCounts[]>
  /** The newest first. */
  rejected(limit: number): Promise<{ source: string; entity: Entity; id: string; problem: string; field: string | null; at: number }[]>
  /** The newest `limit` entries (of the named units), in the order of time. */
  journal(filter: { unit?: string; units?: readonly string[]; limit: number }): Promise<JournalEntry[]>

  /** Exchanges by their ids, in the order in which they were stored; those that were pruned are left out. */
  exchanges(ids: readonly number[]): Promise<StoredExchange[]>
  /** The newest `limit` changes of a connection whose way from source to vendor was measured, the newest first. */
  latencies(connection: string, limit: number): Promise<Latency[]>
  /** Journal entries counted by five minutes, those from `since` (epoch ms) on, in the order of time, connection, event and code. */
  eventCounts(since: number): Promise<EventCount[]>
  /**
   * Removes history that is older than asked, the oldest first and at most `limit` entries of each kind (of the counts, which are few, all), so that
   * nobody waits for it. Returns how many went: call it
   * again until it says 0. Runs that are not finished stay, and bodies of events of
   * which a delivery (unit `event:<source>:<id>`) is not settled. Needs no token.
   */
  prune(before: PruneBefore, limit: number): Promise<number>

  /** What the engine itself remembers, by kind and name. */
  states(): Promise<EngineState[]>
  /** Remembers or forgets (`value: null`). Needs no token. */
  putStates(states: readonly EngineState[]): Promise<void>

  cursor(source: string, entity: Entity, mode: 'delta' | 'full'): Promise<Cursor | undefined>
  putCursor(token: string, cursor: Cursor): Promise<void>
  putRun(token: string, run: RunRow): Promise<void>
  /** The newest first. */
  runs(limit: number): Promise<RunRow[]>
  /** The contract last used by a connection: hash and whole text. `since` = when this hash was first put. */
  contract(connection: string): Promise<{ hash: string; body: string; since: number } | undefined>
  /** Every version that was used, with who brought it, the newest first; one that came back is there twice. */
  contractVersions(connection: string): Promise<{ hash: string; body: string; since: number; actor: string | null }[]>
  putContract(token: string, connection: string, contract: { hash: string; body: string }, now: number, audited?: Audited): Promise<void>
  /**
   * Keeps what was announced, before it is acknowledged. Of one key the highest version stays (of equal ones the last); whatever it is, it is due at once with
   * `attempts` 0 and a higher `seq`. Needs no token, so that it works beside an engine of another process.
   */
  receive(notices: readonly IncomingNotice[], now: number): Promise<void>
  /** Notices that are due, the longest waiting first. */
  notices(now: number, limit: number): Promise<StoredNotice[]>
  /** Puts notices off, or gives them up; those received again since are left alone. */
  deferNotices(token: string, failures: readonly NoticeFailure[], now: number): Promise<void>
  /** How many wait and how many are dead, by source. `nextAt` = when the next one is due. */
  noticeCounts(): Promise<{ source: string; waiting: number; dead: number; nextAt: number | null }[]>
  /** Dead ones, the newest first. */
  deadNotices(limit: number): Promise<{ source: string; key: string; problem: Problem; attempts: number; at: number }[]>
  /** Makes dead notices due again; all of them, those of a source, or the one named. Returns how many. */
  requeueNotices(token: string, which: { source?: string; key?: string }, now: number, audited?: Audited): Promise<number>
  /** Forgets dead notices. */
  discardNotices(token: string, which: { source?: string; key?: string }, now: number, audited?: Audited): Promise<number>
  /** What a connection's destination holds of the consent of units, each in the order of channel and target (null first). */
  heldConsent(connection: string, units: readonly string[]): Promise<HeldConsent[][]>
  /** Keeps what a destination holds: each row replaces that of its unit, channel and target. Raises what it concerns and moves the cursor of `consentChanges` in the same transaction. */
  putHeldConsent(
    token: string,
    connection: string,
    held: { rows: readonly HeldConsentRow[]; raises: readonly Raise[]; cursor?: string },
    now: number,
  ): Promise<void>
  /** How far `consentChanges` of a connection was read. */
  consentCursor(connection: string): Promise<string | undefined>
  /** Units of a connection whose object has one of these ids at the destination. Walks over all links: for the few that no key tells. */
  unitsByRemoteId(connection: string, remoteIds: readonly string[]): Promise<(string | undefined)[]>
  /** Forgets people. */
  erase(token: string, erasure: StoreErasure, now: number): Promise<ErasedCounts>
  /** Whoever was erased, in the order of marks. */
  tombstones(): Promise<Tombstone[]>
  /** The key of the marks, made once. It never leaves the machine. */
  erasureKey(): Promise<string>
  /** Everybody who is known by an e-mail of this hash, under each identity and in every scope. Walks over all keys. */
  unitsOfEmail(hash: string): Promise<{ identity: string; unit: string }[]>
  /** Gives the lease back and ends. May be called again. */
  close(): Promise<void>
}
