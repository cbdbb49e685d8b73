import type { EventType } from '../model/event.ts'
import type { Entity, RecordRef } from '../model/record.ts'
import type { Cause, OpenTicket } from './destination.ts'
import type { EngineState } from './engine-state.ts'
import type { StoredExchange } from './exchange.ts'
import type { AuditEntry, Audited, Pause } from './operator.ts'
import type { ErasedCounts, StoreErasure, Tombstone } from './store-erasure.ts'
import type { Claimed, Delivery, DeliveryCounts, DeliveryFilter, LinkState, Problem, Settlement } from './store/deliveries.ts'
import type { HeldConsent, HeldConsentRow } from './store/held-consent.ts'
import type { EventCount, JournalEntry, Latency, PruneBefore, RunRow } from './store/history.ts'
import type { CartWatch, Cursor, IngestPage, IngestResult, OfferChange, Raise, StoredEvent, Watcher } from './store/ingest.ts'
import type { IncomingNotice, NoticeFailure, StoredNotice } from './store/notices.ts'
import type { Member, RecordHead, StoredRecord } from './store/records.ts'

export type * from './store/records.ts'
export type * from './store/ingest.ts'
export type * from './store/notices.ts'
export type * from './store/deliveries.ts'
export type * from './store/held-consent.ts'
export type * from './store/history.ts'

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
  /** Changes of offers of a source up to a time, by `at` and id. */
  dueOffers(query: { source: string; upTo: number; limit: number }): Promise<OfferChange[]>
  /** Who watches a SKU since a time or earlier, by customer, the latest first, and list. `after` = a customer behind whom to go on. */
  watchers(query: { source: string; sku: string; upTo: number; after: string | null; limit: number }): Promise<Watcher[]>
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
   * Makes matching rows ready now with `attempts` 0 (replay); a settled row gets a new revision. Rows in flight and held removals are left alone. With the cause
   * `backfill` or `contract`, rows without a remote id are of the origin `backfill` from then on.
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
  /** Notices that are due, the longest waiting first, then by source and key. `keys` = only those whose keys begin so, or (`excluded`) all others. */
  notices(now: number, limit: number, keys?: { prefix: string; excluded?: boolean }): Promise<StoredNotice[]>
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
