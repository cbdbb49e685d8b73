import type { EventEmitter } from 'eventemitter3'
import type { Retention } from '../api/report.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { EventEvidence } from '../events/event-evidence.ts'
import type { EngineEvents } from '../api/events.ts'
import type { Schedule } from '../api/schedule.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Erased } from '../erasure/marks.ts'
import type { CollectEndpoint } from '../collect/open-collectors.ts'
import type { Endpoint } from '../notifications/endpoint.ts'
import type { DestinationContext } from '../spec/destination.ts'
import type { Source, SourceContext } from '../spec/source.ts'
import type { IncomingNotice, Store } from '../spec/store.ts'
import type { Connection } from './connection.ts'
import type { inTurn } from './in-turn.ts'
import type { SharedLease } from './shared-lease.ts'

/** Everything the steps of the engine share. One per {@link createMillrace}. */
export interface Engine {
  sources: ReadonlyMap<string, Source>
  connections: ReadonlyMap<string, Connection>
  schedule: Schedule
  /** Keeps notices that were announced. */
  receive: (notices: readonly IncomingNotice[]) => Promise<void>
  endpoints: ReadonlyMap<string, Endpoint>
  collectors: ReadonlyMap<string, CollectEndpoint>
  store: Store
  clock: Clock
  logger: Logger
  retention: Retention
  telemetry: Telemetry
  /** Who acts, for the audit log. */
  actor: string
  lease: SharedLease
  /** After how long without a change a cart counts as left, ms. */
  cartIdleMs: number
  /** By which fields of an order the shop says what no state says. */
  eventEvidence: EventEvidence
  /** Pages are taken in one at a time, so that two of them cannot decide at once who somebody is. */
  ingestInTurn: ReturnType<typeof inTurn>
  /** Who was erased, as far as this pass has read it. */
  erased?: Promise<Erased | undefined> | undefined
  /** When each connection was last asked whether it can take anything (monotonic ms), and said yes. */
  askedAt: Map<string, number>
  /** Connections whose circuit breaker this process has looked at: it asks a stopped one at once, the first time. */
  probed: Set<string>
  /** When the consent of each connection was last read back, epoch ms. */
  consentReadAt: Map<string, number>
  /** What is kept of vendor budgets as it lies in the store, by account, and when that was looked at (monotonic ms). */
  budgets: { kept: Map<string, string>; at: number } | undefined
  /** When the credentials were last read for their age, monotonic ms. */
  credentialsAt: number | undefined
  /** When alerts and old history were last looked after, monotonic ms. */
  lookedAfterAt: number | undefined
  emitter: EventEmitter<{ [E in keyof EngineEvents]: [EngineEvents[E]] }>
}

/** What a source is called with. */
export const sourceContext = (engine: Engine, signal: AbortSignal): SourceContext => ({
  clock: engine.clock,
  logger: engine.logger,
  signal,
})

/** What a destination is called with. */
export const destinationContext = (engine: Engine, connection: Connection, signal: AbortSignal): DestinationContext => ({
  connection: connection.name,
  contract: connection.contract,
  clock: engine.clock,
  logger: engine.logger,
  signal,
  openTickets: () => engine.store.openTickets(connection.name),
  ...(connection.exchanged === undefined ? {} : { exchanged: connection.exchanged }),
})

/** Names of the connections that share a connection's idea of who is who. */
export const sharingIdentity = (engine: Engine, connection: Connection): string[] =>
  [...engine.connections.values()].filter((other) => other.identity === connection.identity).map((other) => other.name)
