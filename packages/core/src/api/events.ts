import type { Delivery, Problem } from '../spec/store.ts'
import type { StoredExchange } from '../spec/exchange.ts'
import type { Alert, Progress, RunReport } from './report.ts'

/** Engine events by name. */
export interface EngineEvents {
  'run.started': { id: string; kind: string }
  'run.finished': RunReport
  progress: Progress
  'delivery.dead': { connection: string; object: string; unit: string; problem: Problem }
  /** `tookMs` = from the source's own stamp of the change to now, where it is measured. */
  'delivery.settled': { connection: string; object: string; unit: string; result: NonNullable<Delivery['result']>; tookMs?: number }
  /** It failed and is tried again. */
  'delivery.retrying': { connection: string; object: string; unit: string; code: string }
  /** One request to a vendor. */
  exchange: Pick<StoredExchange, 'connection' | 'object' | 'method' | 'status' | 'durationMs' | 'fault'>
  /** Told once for each kind, connection and code, and again every hour while it lasts. */
  'alert.raised': Alert
  'alert.resolved': Alert
  /** Notifications were kept and wait to be fetched. */
  'notifications.received': { source: string; count: number }
  'notifications.refused': { endpoint: string; code: string; status: number }
  /** Events of a collect endpoint were kept, and wait to be taken in by the next pass of whoever has the engine. */
  'collect.received': { endpoint: string; source: string; count: number }
  'collect.refused': { endpoint: string; status: number }
  /** The destination is down or refuses us: the connection sends one row now and then until it answers. `retryable: false` = it needs a person. Epoch ms. */
  'connection.down': { connection: string; code: string; message: string; since: number; probeAt: number; retryable: boolean }
  'connection.up': { connection: string; code: string; since: number; downMs: number }
  'removals.held': { connection: string; count: number; links: number }
}
