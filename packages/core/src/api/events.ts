import type { Delivery, Problem } from '../spec/store.ts'
import type { Progress, RunReport } from './report.ts'

/** Engine events by name. */
export interface EngineEvents {
  'run.started': { id: string; kind: string }
  'run.finished': RunReport
  progress: Progress
  'delivery.dead': { connection: string; object: string; unit: string; problem: Problem }
  'delivery.settled': { connection: string; object: string; unit: string; result: NonNullable<Delivery['result']> }
  /** Notifications were kept and wait to be fetched. */
  'notifications.received': { source: string; count: number }
  'notifications.refused': { endpoint: string; code: string; status: number }
  /** The destination is down or refuses us: the connection sends one row now and then until it answers. `retryable: false` = it needs a person. Epoch ms. */
  'connection.down': { connection: string; code: string; message: string; since: number; probeAt: number; retryable: boolean }
  'connection.up': { connection: string; code: string; since: number; downMs: number }
  'removals.held': { connection: string; count: number; links: number }
}
