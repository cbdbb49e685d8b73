import type { EngineState, Latency, PruneBefore } from '@millrace/core'
import type { Connection } from './connection.ts'

// The condition of the partial index, literally.
const latenciesSql = `
  SELECT name.text AS object, changed_at AS changedAt, at AS settledAt FROM journal JOIN name ON name.id = journal.object
  WHERE connection = ? AND changed_at IS NOT NULL ORDER BY jid DESC LIMIT ?`

/** The newest measured changes of a connection. */
export const latencies = (connection: Connection, name: string, limit: number): Latency[] => {
  const id = connection.names.find(name)
  if (id === undefined) return []
  return connection
    .prepare<[number, number], Omit<Latency, 'connection'>>(latenciesSql)
    .all(id, Math.max(0, limit))
    .map((row) => ({ connection: name, ...row }))
}

/** The oldest lie first in both tables, so a step reads no more than it may remove. */
const pruneSql: Readonly<Record<Exclude<keyof PruneBefore, 'counts'>, string>> = {
  journal: `DELETE FROM journal WHERE jid < coalesce(
    (SELECT jid FROM (SELECT jid, at FROM journal ORDER BY jid LIMIT :limit) WHERE at >= :before ORDER BY jid LIMIT 1),
    (SELECT max(jid) + 1 FROM (SELECT jid FROM journal ORDER BY jid LIMIT :limit)))`,
  exchanges: `DELETE FROM exchange WHERE xid < coalesce(
    (SELECT xid FROM (SELECT xid, at FROM exchange ORDER BY xid LIMIT :limit) WHERE at >= :before ORDER BY xid LIMIT 1),
    (SELECT max(xid) + 1 FROM (SELECT xid FROM exchange ORDER BY xid LIMIT :limit)))`,
  events: `UPDATE event SET body = NULL WHERE eid IN (
    SELECT eid FROM event JOIN name ON name.id = event.source
    WHERE body IS NOT NULL AND occurred_at < :before AND NOT EXISTS (
      SELECT 1 FROM delivery JOIN unit ON unit.id = delivery.unit WHERE unit.name = 'event:' || name.text || ':' || event.id AND state <> 4)
    ORDER BY occurred_at, name.text, event.id LIMIT :limit)`,
  held: `DELETE FROM event WHERE eid IN (
    SELECT eid FROM event JOIN name ON name.id = event.source
    WHERE held = 1 AND occurred_at < :before ORDER BY occurred_at, name.text, event.id LIMIT :limit)`,
  runs: `DELETE FROM run WHERE id IN (
    SELECT id FROM run WHERE finished_at IS NOT NULL AND started_at < :before ORDER BY started_at, id LIMIT :limit)`,
}

/** Those of which a delivery was made since are held no longer. Each is looked at once, when it is old. */
const raisedSql = `
  UPDATE event SET held = 0 WHERE held = 1 AND occurred_at < ? AND EXISTS (
    SELECT 1 FROM delivery JOIN unit ON unit.id = delivery.unit
    WHERE unit.name = 'event:' || (SELECT text FROM name WHERE name.id = event.source) || ':' || event.id)`

/** Removes old history in a small step. */
export const prune = (connection: Connection, before: PruneBefore, limit: number): number => {
  let removed = connection.prepare<[number]>('DELETE FROM event_count WHERE at < ?').run(before.counts).changes
  connection.prepare<[number]>(raisedSql).run(before.held)
  for (const kind of ['journal', 'exchanges', 'runs', 'events', 'held'] as const) {
    removed += connection.prepare<[{ before: number; limit: number }]>(pruneSql[kind]).run({ before: before[kind], limit }).changes
  }
  return removed
}

interface StateRow {
  kind: EngineState['kind']
  name: string
  value: string
}

/** What the engine itself remembers. */
export const states = (connection: Connection): EngineState[] =>
  connection
    .prepare<[], StateRow>('SELECT kind, name, value FROM engine_state ORDER BY kind, name')
    .all()
    // Nothing but `putStates` writes here.
    .map(({ kind, name, value }): EngineState => ({ kind, name, value: JSON.parse(value) }))

/** Remembers or forgets. */
export const putStates = (connection: Connection, rows: readonly EngineState[]): void => {
  for (const { kind, name, value } of rows) {
    if (value === null) connection.prepare<[string, string]>('DELETE FROM engine_state WHERE kind = ? AND name = ?').run(kind, name)
    else
      connection
        .prepare<[string, string, string]>('INSERT OR REPLACE INTO engine_state (kind, name, value) VALUES (?, ?, ?)')
        .run(kind, name, JSON.stringify(value))
  }
}
