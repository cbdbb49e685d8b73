import type { AuditAction, AuditEntry, Audited, Pause } from '@millrace/core'
import type { Connection } from './connection.ts'

const insertSql = 'INSERT INTO audit_log (at, actor, action, connection, count, detail) VALUES (?, ?, ?, ?, ?, ?)'

/** Adds a line to the audit log, where one was asked for. */
export const writeAudit = (connection: Connection, audited: Audited | undefined, now: number, count: number | null): void => {
  if (audited === undefined) return
  const { actor, action, connection: name, detail } = audited
  connection.prepare<unknown[]>(insertSql).run(now, actor, action, name, count, JSON.stringify(detail))
}

/** Runs a command and adds its line. What is no number is not counted. */
export const auditing = <Result>(connection: Connection, audited: Audited | undefined, now: number, work: () => Result): Result => {
  const result = work()
  writeAudit(connection, audited, now, typeof result === 'number' ? result : null)
  return result
}

/** The newest lines. */
export const auditLog = (connection: Connection, limit: number): AuditEntry[] =>
  connection
    .prepare<[number], Omit<AuditEntry, 'action' | 'detail'> & { action: string; detail: string }>(
      'SELECT at, actor, action, connection, count, detail FROM audit_log ORDER BY aid DESC LIMIT ?',
    )
    .all(Math.max(0, limit))
    // Nothing but `writeAudit` writes here.
    .map((row) => ({ ...row, action: row.action as AuditAction, detail: JSON.parse(row.detail) }))

const pausesSql = `
  SELECT name.text AS connection, since, actor, reason FROM pause JOIN name ON name.id = pause.connection ORDER BY name.text`

/** Paused connections by name. */
export const pauses = (connection: Connection): Pause[] => connection.prepare<[], Pause>(pausesSql).all()

/** Keeps that a connection is paused, unless it is. */
export const pause = (connection: Connection, wanted: Pause, audited: Audited | undefined): Pause => {
  const { changes } = connection
    .prepare<unknown[]>('INSERT OR IGNORE INTO pause (connection, since, actor, reason) VALUES (?, ?, ?, ?)')
    .run(connection.names.put(wanted.connection), wanted.since, wanted.actor, wanted.reason)
  if (changes > 0) writeAudit(connection, audited, wanted.since, null)
  return pauses(connection).find((held) => held.connection === wanted.connection) ?? wanted
}

/** Ends a pause. */
export const resume = (connection: Connection, name: string, now: number, audited: Audited | undefined): boolean => {
  const id = connection.names.find(name)
  if (id === undefined) return false
  const { changes } = connection.prepare<[number]>('DELETE FROM pause WHERE connection = ?').run(id)
  if (changes > 0) writeAudit(connection, audited, now, null)
  return changes > 0
}
