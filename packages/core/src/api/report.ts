import type { CheckFinding } from '../spec/check.ts'
import type { PlanChange } from '../spec/destination.ts'
import type { StoredExchange } from '../spec/exchange.ts'
import type { Delivery, JournalEntry, RunRow } from '../spec/store.ts'
import type { AuditEntry } from '../spec/operator.ts'
import type { Entity } from '../model/record.ts'

/** Bounds and filters of a pass. `C` = names of the connections. */
export interface PassOptions<C extends string = string> {
  signal?: AbortSignal
  entity?: Entity | readonly Entity[]
  connection?: C | readonly C[]
  /** One record: `customer:42` or `customer:shop-eu:42`. */
  only?: string
  /** Reading an entity stops after the page that reaches so many records; the next pass goes on there. */
  limit?: number
  /** How long to wait for rows that become due later (retries, imports), in ms. Default 60 000. */
  drainMs?: number
}

export interface SyncOptions<C extends string = string> extends PassOptions<C> {
  /** Where a source that was never read starts: `everything` (default; marked as historical at the destination) or `now`. */
  start?: 'everything' | 'now'
  /** Also look for records that are gone from the source. A backfill always does. */
  removals?: boolean
}

export interface BackfillOptions<C extends string = string> extends PassOptions<C> {
  /** Only records modified since, epoch ms. */
  since?: number
}

/** How a pass ended: `completed` = all settled; `attention` = settled, with dead letters, rejected records or held removals; `incomplete` = work is left; `failed`. */
export type RunStatus = 'completed' | 'attention' | 'incomplete' | 'failed' | 'stopped'

/** What became of the deliveries of one connection in one pass, and its vendor requests. */
export interface ConnectionTotals {
  delivered: number
  created: number
  updated: number
  unchanged: number
  skipped: number
  superseded: number
  parked: number
  pending: number
  unconfirmed: number
  deadLettered: number
  held: number
  retries: number
  requests: number
  rateLimited: number
  /** What a connection that only observes would have written; absent at live ones. */
  observed?: ObservedTotals
}

/** What would have been written, by action, and how often each field differs, by object. Beside fields stand `consent.<channel>`, `memberships` and `parents`. */
export interface ObservedTotals {
  create: number
  update: number
  archive: number
  fields: Record<string, Record<string, number>>
}

export interface SourceTotals {
  read: number
  changed: number
  rejected: number
}

/** The object that `sync` and `backfill` return and `--json` prints. */
export interface RunReport {
  run: { id: string; kind: string; startedAt: string; finishedAt: string; status: RunStatus }
  sources: Record<string, Partial<Record<Entity, SourceTotals>>>
  connections: Record<string, ConnectionTotals>
  /** What stopped or hindered the pass, worded for people. */
  problems: { code: string; message: string; source?: string; connection?: string }[]
}

/** Progress while a pass runs, for bars and logs. `total` is absent where the source cannot count. */
export interface Progress {
  phase: 'read' | 'deliver'
  source?: string
  entity?: Entity
  connection?: string
  done: number
  total?: number
}

/** A connection that is paused: since when, by whom, and why if that was said. */
export interface PauseReport {
  connection: string
  since: string
  actor: string
  reason: string | null
}

/** A connection whose destination is down or refuses us: it sends one row at `nextProbeAt` (what needs a person: with the next pass) and goes on when that is answered. */
export interface BreakerReport {
  since: string
  nextProbeAt: string
  code: string
  message: string
  needsPerson: boolean
}

/** Classes of news by how fast they must be at the vendor (design §2: freshness): 5 minutes, 15 minutes, 30 minutes, 24 hours. */
export type FreshnessClass = 'trigger' | 'post-purchase' | 'record' | 'reconciliation'

/** How fast changes were at the vendor, measured from the source's own stamp. `inTime` = share within `targetMs`; `met` = at least `goal` of them. */
export interface FreshnessReport {
  goal: number
  connections: Record<
    string,
    Partial<
      Record<
        FreshnessClass,
        { count: number; targetMs: number; inTime: number; met: boolean; p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number }
      >
    >
  >
  /** When totals were last compared; null = never. */
  reconciliation: { lastAt: string; met: boolean } | null
}

/** Today's deliveries of one connection (UTC): how many reached the vendor and how many need a decision. */
export interface ErrorBudget {
  delivered: number
  failed: number
  share: number
  allowed: number
  met: boolean
}

/** Something that somebody has to look at; see `docs/runbook.md`. `code` = of the failures, or the freshness class. No personal data. */
export interface Alert {
  kind: 'failure-spike' | 'error-budget' | 'freshness' | 'connection-down' | 'credential-age' | 'reconcile' | 'audit'
  connection: string
  code: string | null
  message: string
  since: string
}

/**
 * Days for which history is kept: the journal of deliveries (90), what was said to vendors (30), passes (90), what events said once they are told (400). What a
 * visitor did whom nobody knows (7): so far back it is told when it turns out who it was, and then it goes whole.
 */
export interface Retention {
  journalDays?: number
  exchangeDays?: number
  runDays?: number
  eventDays?: number
  visitorDays?: number
}

/** What pruning did. `finished: false` = it was stopped, and more is left. */
export interface PruneReport {
  removed: number
  finished: boolean
}

/** One line of the audit log. */
export interface AuditLogEntry extends Omit<AuditEntry, 'at'> {
  at: string
}

export interface CheckReport {
  ok: boolean
  sources: Record<string, CheckFinding[]>
  connections: Record<string, CheckFinding[]>
}

/** How many units that are known a connection takes. Those that its contract leaves out cost nothing at the destination. */
export interface RoutedCounts {
  taken: number
  outsideRoute: number
  notIncluded: number
  /** At the destination, and no longer taken: `leaving` of the contract says what becomes of them. */
  leaving: number
}

export interface PlanReport {
  /** Sources that have something to set up, such as subscriptions. */
  sources: Record<string, { changes: PlanChange[] }>
  /** `routed` by object, of connections whose contract asks for something (`route`, `include`); of units that the store knows. */
  connections: Record<string, { changes: PlanChange[]; routed?: Record<string, RoutedCounts> }>
  /** Number of differences over all sources and connections. */
  total: number
}

export interface EstimateReport {
  sources: Record<string, Partial<Record<Entity, { records: number | null }>>>
  connections: Record<
    string,
    { objects: Record<string, { records: number; calls: number }>; calls: number; minutes: number; share: number | null }
  >
  diskBytes: number
}

export interface StatusReport {
  connections: Record<
    string,
    {
      /** The contract that was used last. `next` = hash of the one in the config, when the next pass takes another one up. */
      contract: { hash: string; since: string; actor: string | null; next: string | null } | null
      mode: 'live' | 'observe'
      /** Objects and events that the connection takes. */
      takes: { objects: string[]; events: string[] }
      objects: Record<string, Record<string, number>>
      problems: { code: string; count: number }[]
      nextAt: string | null
      paused: PauseReport | null
      /** Stopped by itself, because its destination is down or refuses us. */
      breaker: BreakerReport | null
      today: ErrorBudget
      /** What was told and is not over. */
      alerts: Alert[]
    }
  >
  sources: Record<string, Partial<Record<Entity, { mode: string; readUpTo: string | null; inProgress: boolean }>>>
  /** Days for which history is kept, defaults filled in. */
  retention: Required<Retention>
  rejected: number
  /** Notifications that wait to be fetched, calls of collect endpoints that wait to be taken in, and dead ones of both, by source. */
  notifications: Record<string, { waiting: number; dead: number; nextAt: string | null }>
  runs: RunRow[]
  /** When it was asked for. */
  freshness?: FreshnessReport
}

/** A notification that could not be understood or fetched. `key` names what it spoke of. */
export interface DeadNotice {
  source: string
  key: string
  code: string
  message: string
  attempts: number
  at: string
}

/** One record's story, or a person's. */
export interface TraceReport {
  ref: string
  found: boolean
  record: { revision: number; version: Record<string, number>; deletedAt: string | null } | null
  deliveries: Delivery[]
  journal: JournalEntry[]
  /** What was said to the vendors for it, as far as it is kept. */
  exchanges: StoredExchange[]
  /** What happened, in the order of time, in plain words. */
  story: string[]
  /** Where it stands at each connection. */
  summary: string[]
}

export interface DeadLetter {
  id: number
  connection: string
  object: string
  unit: string
  code: string
  message: string
  field?: string
  attempts: number
  /** It was replayed three times without its record changing, and died of the same code each time: a bulk replay leaves it out. */
  stuck: boolean
  firstSeenAt: string | null
  lastSeenAt: string
}

/**
 * What a replay would do with a dead letter now. `fields` and `children` are names and a number only, since their values are data of people. `unknown` = the
 * destination could not be asked whether the object is there. `problem` = what stands in the way still, or why nothing would be sent.
 */
export interface DeadLetterPreview {
  id: number
  connection: string
  object: string
  unit: string
  /** Why it is a dead letter. */
  code: string
  outcome: 'create' | 'update' | 'archive' | 'unchanged' | 'skipped' | 'parked' | 'dead' | 'unknown'
  /** Fields that differ from what was settled last. */
  fields: string[]
  /** How many children (lines of an order) differ. */
  children: number
  problem: { code: string; message: string; field?: string } | null
}

/** How many dead letters a replay made ready, and how many it left because they are stuck. Those are replayed only by their id. */
export interface ReplayReport {
  count: number
  refused: number
}

export interface DeadLetterFilter {
  connection?: string
  code?: string
  id?: number
}
