import type { CartWatch, EventType, IngestPage, StoredEvent } from '@millrace/core'
import type { Connection } from './connection.ts'
import { applyRaises } from './raise.ts'

interface EventRow {
  source: number
  id: string
  type: number
  occurred_at: number
  subject: string | null
  body: string | null
}

const insertSql =
  'INSERT INTO event (source, id, type, occurred_at, subject, body, held) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, id) DO NOTHING'

/** Stores the events that are new, and raises what they say. Returns how many rows were raised. */
export const applyEvents = (connection: Connection, page: IngestPage): number => {
  const { names } = connection
  let raised = 0
  for (const { source, id, type, occurredAt, subject, body, raises, held = false } of page.events ?? []) {
    const { changes } = connection
      .prepare<unknown[]>(insertSql)
      .run(names.put(source), id, names.put(type), occurredAt, subject, body, Number(held))
    if (changes > 0) raised += applyRaises(connection, raises, page.now)
  }
  return raised
}

// Types are interned from `EventType` values only.
const toEvent = ({ names }: Connection, row: EventRow): StoredEvent => ({
  source: names.text(row.source),
  id: row.id,
  type: names.text(row.type) as EventType,
  occurredAt: row.occurred_at,
  subject: row.subject,
  body: row.body,
})

const eventSql = 'SELECT source, id, type, occurred_at, subject, body FROM event WHERE source = ? AND id = ?'

/** Events in the order of the references. */
export const events = (connection: Connection, refs: readonly { source: string; id: string }[]): (StoredEvent | undefined)[] =>
  refs.map(({ source, id }) => {
    const row = connection.prepare<[number | null, string], EventRow>(eventSql).get(connection.names.find(source) ?? null, id)
    return row && toEvent(connection, row)
  })

const aboutSql = `
  SELECT * FROM (
    SELECT event.source, event.id, type, occurred_at, subject, body, name.text AS source_name FROM event JOIN name ON name.id = event.source
    WHERE subject IN (SELECT value FROM json_each(?)) AND type IN (SELECT value FROM json_each(?)) AND occurred_at >= ? AND subject IS NOT NULL
    ORDER BY occurred_at DESC, source_name DESC, event.id DESC LIMIT 1000
  ) ORDER BY occurred_at, source_name, id`

/** Events about some subjects, the latest 1,000, by time and id. */
export const eventsAbout = (
  connection: Connection,
  query: { subjects: readonly string[]; types: readonly EventType[]; since: number },
): StoredEvent[] => {
  const types = query.types.flatMap((type) => connection.names.find(type) ?? [])
  return connection
    .prepare<[string, string, number], EventRow>(aboutSql)
    .all(JSON.stringify(query.subjects), JSON.stringify(types), query.since)
    .map((row) => toEvent(connection, row))
}

const watchSql = `
  INSERT INTO cart_watch (source, id, due_at, times_left) VALUES (?, ?, ?, ?)
  ON CONFLICT (source, id) DO UPDATE SET due_at = excluded.due_at, times_left = CASE WHEN ? THEN excluded.times_left ELSE times_left END`

/** Notes which carts are watched. */
export const applyCarts = (connection: Connection, page: IngestPage): void => {
  for (const { id, dueAt, left } of page.carts ?? []) {
    connection.prepare<unknown[]>(watchSql).run(connection.names.put(page.source), id, dueAt, left ?? 0, Number(left !== undefined))
  }
}

const dueSql = `
  SELECT id, due_at AS dueAt, times_left AS "left" FROM cart_watch
  WHERE source = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, id LIMIT ?`

/** Watched carts that are due. */
export const dueCarts = (connection: Connection, query: { source: string; upTo: number; limit: number }): CartWatch[] => {
  const source = connection.names.find(query.source)
  return source === undefined ? [] : connection.prepare<number[], CartWatch>(dueSql).all(source, query.upTo, query.limit)
}
