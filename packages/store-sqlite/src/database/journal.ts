import type { JournalEntry, Problem } from '@millrace/core'
import type { Connection } from './connection.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { findUnit } from './units.ts'

const insertSql =
  'INSERT INTO journal (unit, connection, object, at, run, revision, event, problem, exchanges, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/** What a line says. `problem` and `exchanges` are JSON, `code` is the interned code of the problem. */
export interface JournalLine {
  at: number
  run: number | null
  revision: number
  event: string
  problem: string | null
  code: number | null
  exchanges?: string | null
  changedAt?: number | null
}

/** Writes one line about a row and counts it. */
export const writeJournal = (
  connection: Connection,
  row: Pick<DeliveryRow, 'unit' | 'connection' | 'object'>,
  { at, run, revision, event, problem, code, exchanges = null, changedAt = null }: JournalLine,
): void => {
  const eventId = connection.names.put(event)
  connection
    .prepare<unknown[]>(insertSql)
    .run(row.unit, row.connection, row.object, at, run, revision, eventId, problem, exchanges, changedAt)
  connection.eventTally.add(at, row.connection, eventId, code)
}

interface JournalRow {
  unit_name: string
  connection: number
  object: number
  at: number
  run: number | null
  revision: number
  event: number
  problem: string | null
  exchanges: string | null
  changed_at: number | null
}

const selectSql = 'SELECT journal.*, unit.name AS unit_name FROM journal JOIN unit ON unit.id = journal.unit'
const newestSql = `${selectSql} ORDER BY jid DESC LIMIT ?`
const newestOfUnitsSql = `${selectSql} WHERE journal.unit IN (SELECT value FROM json_each(?)) ORDER BY jid DESC LIMIT ?`

/** The newest entries, in the order of time. */
export const journal = (connection: Connection, filter: { unit?: string; units?: readonly string[]; limit: number }): JournalEntry[] => {
  const limit = Math.max(0, filter.limit)
  const named = [...(filter.units ?? []), ...(filter.unit === undefined ? [] : [filter.unit])]
  const everyUnit = filter.units === undefined && filter.unit === undefined
  const units = named.map((name) => findUnit(connection, name)).filter((unit) => unit !== undefined)
  const rows = everyUnit
    ? connection.prepare<[number], JournalRow>(newestSql).all(limit)
    : connection.prepare<[string, number], JournalRow>(newestOfUnitsSql).all(JSON.stringify(units), limit)
  return rows.toReversed().map((row) => toEntry(connection, row))
}

const toEntry = ({ names }: Connection, row: JournalRow): JournalEntry => ({
  at: row.at,
  run: row.run === null ? null : names.text(row.run),
  connection: names.text(row.connection),
  object: names.text(row.object),
  unit: row.unit_name,
  revision: row.revision,
  event: names.text(row.event),
  problem: parseProblem(row.problem),
  ...(row.exchanges === null ? {} : { exchanges: JSON.parse(row.exchanges) }),
  ...(row.changed_at === null ? {} : { changedAt: row.changed_at }),
})

const parseProblem = (text: string | null): Problem | null => (text === null ? null : JSON.parse(text))
