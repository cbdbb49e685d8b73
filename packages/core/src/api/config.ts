import type { EventEvidence } from '../events/event-evidence.ts'
import type { Clock } from '../clock.ts'
import type { ContractOverride } from '../contract/contract.ts'
import type { RetryPolicy } from '../delivery/retry-policy.ts'
import type { Logger } from '../logger.ts'
import type { EventType } from '../model/event.ts'
import type { Entity } from '../model/record.ts'
import type { Transform } from '../mapping/expression-compiler.ts'
import type { ContractExample } from './contract-report.ts'
import type { Collector } from '../spec/collect.ts'
import type { Destination } from '../spec/destination.ts'
import type { ScheduleConfig } from './schedule.ts'
import type { NotificationTransport } from '../spec/notification.ts'
import type { Source } from '../spec/source.ts'
import type { Store } from '../spec/store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Retention } from './report.ts'

/** A configured destination under a name of the user's choice, and the changes to its default contract. */
export interface ConnectionConfig {
  destination: Destination
  contract?: ContractOverride
  /**
   * `observe`: everything is read, prepared, validated and compared, and nothing is written; what would be is in the journal and in the totals of each pass. Going
   * `live` sends it. Default `live`.
   */
  mode?: 'live' | 'observe'
  /** Kinds of records that go there. Default: all that the contract has objects for. Consent goes with customers. */
  entities?: readonly Entity[]
  /** Events that go there, of those that the contract sends. Default: all of them; an empty list: none. */
  events?: readonly EventType[]
  /** Own code for `transform('loyalty@2', ...)`, by name and version. */
  transforms?: Readonly<Record<string, Transform>>
  /** Examples of the contract, for `millrace contract test`. */
  examples?: readonly ContractExample[]
  /** When a delivery that failed is tried again, or becomes a dead letter. Default: {@link defaultRetryPolicy}. */
  retry?: RetryPolicy
}

/** An endpoint or queue for notifications of one source. `source` may be left out where there is only one. */
export interface NotificationConfig<SourceName extends string = string> {
  source?: SourceName
  transport: NotificationTransport
}

/** An endpoint for events of the shop of one source. `source` may be left out where there is only one. */
export interface CollectConfig<SourceName extends string = string> {
  source?: SourceName
  collector: Collector
}

/** What {@link createMillrace} is made from; also the default export of `millrace.config.ts`. */
export interface MillraceConfig<SourceName extends string = string, ConnectionName extends string = string> {
  sources?: Readonly<Record<SourceName, Source>>
  connections?: Readonly<Record<ConnectionName, ConnectionConfig>>
  /** Shorthand for one source, named after its adapter. */
  source?: Source
  /** Shorthand for connections with default contracts, named after their adapters. */
  destinations?: readonly Destination[]
  /** Endpoints by name: a request to `<anything>/<name>` belongs to it. See {@link Millrace.notifications}. */
  notifications?: Readonly<Record<string, NotificationConfig<SourceName>>>
  /** Endpoints for events of storefronts and browsers, by name: a request to `<anything>/<name>` belongs to it. See {@link Millrace.collect}. */
  collect?: Readonly<Record<string, CollectConfig<SourceName>>>
  /** How often `start` reads, delivers and looks for removals. */
  schedule?: ScheduleConfig
  store: Store
  events?: {
    /** After how many hours without a change a cart counts as left, from 1 to 4. Default 1. */
    cartIdleHours?: number
    /** Which fields of an order tell of exchanges and warranty claims. Default: none, nobody is told of any. */
    evidence?: EventEvidence
  }
  logger?: Logger
  clock?: Clock
  /** How long history is kept. */
  retention?: Retention
  telemetry?: Telemetry
  /** Who acts, for the audit log: a person's or service's name. Default `unknown`; the command line gives the name of the operating system's user. */
  actor?: string
}

/** Gives a config file its types. The data comes back as it is. */
export const defineConfig = <S extends string, C extends string>(config: MillraceConfig<S, C>): MillraceConfig<S, C> => config
