import type { Cursor, Entity, RunRow, Store } from '@millrace/core'
import type { Connection } from './connection.ts'

type Rejected = Awaited<ReturnType<Store['rejected']>>
type StoredContract = Awaited<ReturnType<Store['contract']>>

interface CursorRow {
  high: number | null
  lower: number | null
  upper: number | null
  position: string | null
}

/** Position of one stream. */
export const cursor = (connection: Connection, source: string, entity: Entity, mode: Cursor['mode']): Cursor | undefined => {
  const sourceId = connection.names.find(source)
  const entityId = connection.names.find(entity)
  if (sourceId === undefined || entityId === undefined) return undefined
  const row = connection
    .prepare<[number, number, string], CursorRow>(
      'SELECT high, lower, upper, position FROM cursor WHERE source = ? AND entity = ? AND mode = ?',
    )
    .get(sourceId, entityId, mode)
  return row && { source, entity, mode, high: row.high, from: row.lower, to: row.upper, position: row.position }
}

/** Stores the position of one stream. */
export const putCursor = (connection: Connection, { source, entity, mode, high, from, to, position }: Cursor): void => {
  connection
    .prepare<unknown[]>('INSERT OR REPLACE INTO cursor (source, entity, mode, high, lower, upper, position) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(connection.names.put(source), connection.names.put(entity), mode, high, from, to, position)
}

/** Stores or replaces a pass. */
export const putRun = (connection: Connection, run: RunRow): void => {
  connection
    .prepare<[RunRow]>(
      `INSERT OR REPLACE INTO run (id, kind, started_at, finished_at, status, summary) VALUES (:id, :kind, :startedAt, :finishedAt, :status, :summary)`,
    )
    .run(run)
}

/** The newest passes. */
export const runs = (connection: Connection, limit: number): RunRow[] =>
  connection
    .prepare<[number], RunRow>(
      'SELECT id, kind, started_at AS startedAt, finished_at AS finishedAt, status, summary FROM run ORDER BY started_at DESC, id DESC LIMIT ?',
    )
    .all(limit)

/** The contract last used by a connection. */
export const contract = (connection: Connection, name: string): StoredContract => {
  const id = connection.names.find(name)
  if (id === undefined) return undefined
  return connection.prepare<[number], NonNullable<StoredContract>>('SELECT hash, body, since FROM contract WHERE connection = ?').get(id)
}

/** Every version of the contract of a connection, the newest first. */
export const contractVersions = (connection: Connection, name: string): Awaited<ReturnType<Store['contractVersions']>> => {
  const id = connection.names.find(name)
  if (id === undefined) return []
  return connection
    .prepare<[number], { hash: string; body: string; since: number; actor: string | null }>(
      'SELECT hash, body, since, actor FROM contract_version WHERE connection = ? ORDER BY cvid DESC',
    )
    .all(id)
}

/** Stores the contract of a connection, and a version of it when it is another one; `since` moves only with the hash. */
export const putContract = (
  connection: Connection,
  name: string,
  { hash, body }: { hash: string; body: string },
  now: number,
  actor: string | null,
): void => {
  if (contract(connection, name)?.hash !== hash) {
    connection
      .prepare<unknown[]>('INSERT INTO contract_version (connection, hash, body, since, actor) VALUES (?, ?, ?, ?, ?)')
      .run(connection.names.put(name), hash, body, now, actor)
  }
  connection
    .prepare<unknown[]>(
      `INSERT INTO contract (connection, hash, body, since) VALUES (?, ?, ?, ?)
       ON CONFLICT (connection) DO UPDATE SET
         since = CASE WHEN hash = excluded.hash THEN since ELSE excluded.since END, hash = excluded.hash, body = excluded.body`,
    )
    .run(connection.names.put(name), hash, body, now)
}

const rejectedSql = `
  SELECT source.text AS source, entity.text AS entity, rejected.id, problem, field, at
  FROM rejected JOIN name AS source ON source.id = rejected.source JOIN name AS entity ON entity.id = rejected.entity
  ORDER BY at DESC, source.text, entity.text, rejected.id LIMIT ?`

/** Records that could not be understood, the newest first. */
export const rejected = (connection: Connection, limit: number): Rejected =>
  connection.prepare<[number], Rejected[number]>(rejectedSql).all(limit)
