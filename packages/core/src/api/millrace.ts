import type { EventInput } from '../model/event.ts'
import type { ContractDocs } from '../contract/docs/contract-docs.ts'
import type { VisitorIdentity } from '../spec/collect.ts'
import type { RecordRef } from '../model/record.ts'
import type { PassIntervals } from '../operations/freshness.ts'
import type { AuditOptions, AuditReport } from './audit-report.ts'
import type { ContractDiff, ContractTestReport, ContractVersionReport } from './contract-report.ts'
import type { PersonRef } from '../erasure/find-people.ts'
import type { EraseOptions } from '../operations/erase.ts'
import type { ErasureReport, ExportReport } from './erasure-report.ts'
import type { EngineEvents } from './events.ts'
import type { KpiOptions, KpiReport } from './kpi-report.ts'
import type { Schedule } from './schedule.ts'
import type { ReconcileOptions, ReconcileReport } from './reconcile-report.ts'
import type {
  AuditLogEntry,
  BackfillOptions,
  CheckReport,
  DeadLetter,
  DeadLetterFilter,
  DeadLetterPreview,
  DeadNotice,
  EstimateReport,
  PassOptions,
  PauseReport,
  PlanReport,
  PruneReport,
  ReplayReport,
  RunReport,
  StatusReport,
  SyncOptions,
  TraceReport,
} from './report.ts'

/** The whole product as one object; `S` and `C` are the names of its sources and connections. The CLI and the runner are thin users of it. Every long call takes a signal and ends with what it has done. */
export interface Millrace<S extends string = string, C extends string = string> {
  /** How often things are to be done by whoever keeps it running: the `schedule` of the config with its defaults. */
  readonly schedule: Schedule
  /** When jobs that are rarer than restarts may be (a day, a week) were last done by whoever keeps it running, kept in the store. Epoch ms; undefined = never. */
  readonly jobs: {
    lastAt(name: string): Promise<number | undefined>
    done(name: string, at: number): Promise<void>
  }
  /**
   * Credentials and their age, reachability and contract, without writing anything there; with `intervals`, also whether passes started so often can be fast
   * enough (`schedule` = as `start` does with this config).
   * Findings never throw.
   */
  check(options?: { signal?: AbortSignal; intervals?: PassIntervals | 'schedule' }): Promise<CheckReport>
  /** What `apply` would provision, with a field-level difference. */
  plan(options?: { signal?: AbortSignal; connection?: C }): Promise<PlanReport>
  /** Provisions it. Changes marked destructive only with `allowDestructive`. Returns what was applied. */
  apply(options?: { signal?: AbortSignal; connection?: C; allowDestructive?: boolean }): Promise<PlanReport>
  /** One delta pass over all sources, then drains the deliveries. */
  sync(options?: SyncOptions<C>): Promise<RunReport>
  /** A full read, resumable after any interruption, then drains. Objects it brings are marked as historical. */
  backfill(options?: BackfillOptions<C>): Promise<RunReport>
  /** What a backfill would cost: vendor calls, quota share, minutes, disk. */
  estimate(options?: { signal?: AbortSignal; since?: number }): Promise<EstimateReport>
  /** Fetches records from their source now and delivers them. */
  push(refs: RecordRef<S> | readonly RecordRef<S>[], options?: PassOptions<C>): Promise<RunReport>
  /**
   * Keeps events that no record tells (product.viewed, category.viewed, search, cart.item-added; also checkout.started), once by their id; the next pass delivers
   * them. Those of a visitor (`anonymousId` alone) wait until an event, one of `identities`, an order or a cart says whose they are. Returns how many some
   * connection takes. Throws MillraceError `event_invalid`, which names the event and what is wrong, before any is kept.
   */
  track(source: S, events: readonly EventInput[], identities?: readonly VisitorIdentity[]): Promise<number>
  /** Events of storefronts and browsers, by the `collect` endpoints of the config. */
  readonly collect: {
    /**
     * Answers a request to a collect endpoint; mounts wherever there is a `Request`. `address` = of whom it comes from, for the rate limit. 204 = kept durably.
     * Needs no lease: the next pass takes it in, of whichever process has the engine. Never throws.
     */
    handle(request: Request, address?: string): Promise<Response>
  }
  /** Near real time: what sources announce is kept at once, then fetched from them and delivered. */
  readonly notifications: {
    /**
     * Answers a request to an endpoint of the config; mounts wherever there is a `Request`. 204 = kept durably. Needs no lease, so it works beside an engine
     * in another process. Never throws.
     */
    handle(request: Request): Promise<Response>
    /** Takes notifications from the queues of the config until the signal is aborted. */
    pull(options: { signal: AbortSignal }): Promise<void>
    /** Whether some wait to be fetched now. */
    isDue(): Promise<boolean>
    /** Fetches what waits, one batch of it, and delivers what changed. Call it again while some are due. */
    process(options?: PassOptions<C>): Promise<RunReport>
    /** The ones that could not be understood or fetched. */
    dead(limit?: number): Promise<DeadNotice[]>
    replay(which?: { source?: S; key?: string }): Promise<number>
    discard(which?: { source?: S; key?: string }): Promise<number>
  }
  /** Backlog, today's failures, what stopped and why; with `last`, how fast so many changes of each connection were at the vendor. */
  status(options?: { last?: number }): Promise<StatusReport>
  /** Looks for what somebody should know, and tells it as `alert.raised` and `alert.resolved`. Every pass ends with it; call it by a timer where passes are rare. */
  watch(): Promise<void>
  /** Removes history that is older than `retention` of the config, in small steps that nobody waits for. Every pass does a little of it. */
  prune(options?: { signal?: AbortSignal }): Promise<PruneReport>
  /**
   * Totals at the source against totals at every destination that can list, day by day, with every order that does not agree by name. `ok` is false beyond the
   * threshold. Works beside a running engine; only `repair` needs the lease.
   */
  reconcile(options?: ReconcileOptions<C>): Promise<ReconcileReport>
  /** A sample of people and orders at every destination, field by field, with lines, links and duplicates. `ok` is false beyond the threshold. Reads only. */
  audit(options?: AuditOptions<C>): Promise<AuditReport>
  /** Figures of the shop from the records that the store holds: cart recovery, repeat purchase, time to first purchase, returns by category, data quality. */
  kpi(options?: KpiOptions): Promise<KpiReport>
  /** What contracts do, and what a change of one would do. Nothing here writes anything. */
  readonly contracts: {
    /** Mapping sheet, property dictionary and record of processing, with made-up examples. */
    docs(connection: C): Promise<ContractDocs>
    /** Which records and fields the contract of the config would change, against what was settled last. No request, names only. */
    diff(connection: C, options?: { signal?: AbortSignal; examples?: number }): Promise<ContractDiff>
    /** Runs the examples that stand beside the contracts (`examples` of a connection). */
    test(connection?: C): Promise<ContractTestReport[]>
    /** A declaration file with which editors complete paths and fields. */
    types(options?: { signal?: AbortSignal }): Promise<string>
    /** Every version that was used, whole, the newest first. */
    versions(connection: C): Promise<ContractVersionReport[]>
  }
  /**
   * One record's story across runs and connections: `trace({ source, entity, id })`. By `email`: the person's and that of his orders; `store` where e-mails are
   * told apart by store. Throws MillraceError `reference_invalid`.
   */
  trace(ref: (Omit<RecordRef, 'source'> & { source?: S }) | { email: string; store?: string }): Promise<TraceReport>
  readonly deadLetters: {
    list(filter?: DeadLetterFilter): Promise<DeadLetter[]>
    show(id: number): Promise<DeadLetter | undefined>
    /**
     * A dry run of `replay`: what would be sent now after mapping again, or what is wrong still. Writes nothing here or at the destination (it may be asked
     * whether it has the object already) and fetches nothing from a source. What only the vendor can refuse is not foreseen.
     */
    preview(filter: DeadLetterFilter): Promise<DeadLetterPreview[]>
    /** Makes them ready; the next pass maps them again, so that a mended contract mends the record. Stuck ones only by `id`. */
    replay(filter: DeadLetterFilter): Promise<ReplayReport>
    discard(filter: DeadLetterFilter): Promise<number>
  }
  /** Lets held removals of a connection go out, when their number is still `count`. Returns how many were released; throws `removals_changed`. */
  acceptRemovals(connection: C, count: number): Promise<number>
  /**
   * Stops the deliveries of a connection, in this process and in any other, until it is resumed: what changes is still read and kept, a batch in hand is
   * finished. Works beside a running engine. One that is paused already stays as it is. Returns the pause that holds.
   */
  pause(connection: C, options?: { reason?: string }): Promise<PauseReport>
  /** Ends a pause: the next pass delivers what was kept. A destination that is down is asked at once. Returns whether it was paused or stopped. */
  resume(connection: C): Promise<boolean>
  /** Who did what, the newest first; 100 lines unless told otherwise. */
  auditLog(limit?: number): Promise<AuditLogEntry[]>
  /**
   * The right to be forgotten: erases a person, by any e-mail of theirs or an account, at every destination and here, and gives the proof. What the source still holds
   * does not bring them back; somebody who registers anew later is a new person. Orders stay, without the person.
   */
  erase(person: PersonRef, options?: EraseOptions): Promise<ErasureReport>
  /** Subject access: everything held and sent about a person. */
  export(person: PersonRef, options?: { signal?: AbortSignal }): Promise<ExportReport>
  on<E extends keyof EngineEvents>(event: E, listener: (data: EngineEvents[E]) => void): () => void
  /** Ends what runs, gives back the lease, closes the store. May be called again. */
  close(): Promise<void>
}
