import type { AuditLogEntry } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'

/** Who did what, the newest first. Needs no lease. */
export const readAuditLog = async (engine: Engine, limit: number): Promise<AuditLogEntry[]> =>
  (await engine.store.auditLog(limit)).map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() }))
