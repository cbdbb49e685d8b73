import type { Entity, IngestPage, IngestRecord, RecordHead, RecordRef, StoredRecord } from '@millrace/core'
import type { HeadColumns, RefColumns } from '../head-columns.ts'
import type { Connection } from './connection.ts'
import { sortedBy } from './sorting.ts'

interface HeadRow {
  rid: number
  revision: number
  content_hash: string
  version: string
  deleted_at: number | null
}

const headSql = 'SELECT rid, revision, content_hash, version, deleted_at FROM record WHERE source = ? AND entity = ? AND id = ?'

const findRow = (connection: Connection, ref: RecordRef): HeadRow | undefined => {
  const source = connection.names.find(ref.source)
  const entity = connection.names.find(ref.entity)
  if (source === undefined || entity === undefined) return undefined
  return connection.prepare<[number, number, string], HeadRow>(headSql).get(source, entity, ref.id)
}

const toHead = ({ source, entity, id }: RecordRef, row: HeadRow): RecordHead => ({
  rid: row.rid,
  source,
  entity,
  id,
  revision: row.revision,
  contentHash: row.content_hash,
  version: JSON.parse(row.version),
  deletedAt: row.deleted_at,
})

/** Heads in the order of the references. */
export const headColumns = (connection: Connection, { sources, entities, ids }: RefColumns): HeadColumns => {
  const columns: HeadColumns = { rids: [], revisions: [], contentHashes: [], versions: [], deletedAts: [] }
  const find = connection.prepare<[number | null, number | null, string], HeadRow>(headSql)
  for (const [index, id] of ids.entries()) {
    // A name that was never used is null, which equals nothing.
    const row = find.get(connection.names.find(sources[index] ?? '') ?? null, connection.names.find(entities[index] ?? '') ?? null, id)
    columns.rids.push(row?.rid ?? 0)
    columns.revisions.push(row?.revision ?? 0)
    columns.contentHashes.push(row?.content_hash ?? '')
    columns.versions.push(row?.version ?? '')
    columns.deletedAts.push(row?.deleted_at ?? null)
  }
  return columns
}

const bodyOf = (connection: Connection, rid: number): string | null =>
  connection.prepare<[number], string>('SELECT body FROM record_body WHERE rid = ?').pluck().get(rid) ?? null

/** Records in the order of the references. */
export const records = (connection: Connection, refs: readonly RecordRef[]): (StoredRecord | undefined)[] =>
  refs.map((ref) => {
    const row = findRow(connection, ref)
    return row && { ...toHead(ref, row), body: bodyOf(connection, row.rid) }
  })

/** The record of a `rid`. */
export const recordOf = (connection: Connection, rid: number): StoredRecord | null => {
  const row = connection
    .prepare<[number], HeadRow & { source: number; entity: number; id: string }>('SELECT * FROM record WHERE rid = ?')
    .get(rid)
  if (row === undefined) return null
  return { ...toHead(refOf(connection, row), row), body: bodyOf(connection, rid) }
}

// Entities are interned from `Entity` values only.
const refOf = (connection: Connection, row: { source: number; entity: number; id: string }): RecordRef => ({
  source: connection.names.text(row.source),
  entity: connection.names.text(row.entity) as Entity,
  id: row.id,
})

// The plus signs keep SQLite from sorting all records of the kind for each page.
const scanSql = `
  SELECT rid, id, revision, content_hash, version, deleted_at FROM record
  WHERE +source = ? AND +entity = ? AND rid > ? ORDER BY rid LIMIT ?`

/** Records of one kind in the order of `rid`. */
export const scan = (
  connection: Connection,
  query: { source: string; entity: Entity; afterRid: number; limit: number; bodies: boolean },
): StoredRecord[] => {
  const source = connection.names.find(query.source)
  const entity = connection.names.find(query.entity)
  if (source === undefined || entity === undefined) return []
  return connection
    .prepare<[number, number, number, number], HeadRow & { id: string }>(scanSql)
    .all(source, entity, query.afterRid, query.limit)
    .map((row) => ({
      ...toHead({ source: query.source, entity: query.entity, id: row.id }, row),
      body: query.bodies ? bodyOf(connection, row.rid) : null,
    }))
}

/** Whether every record still has the revision that it was compared with. */
export const unmoved = (connection: Connection, page: IngestPage): boolean =>
  page.records.every(
    (record) => (findRow(connection, { source: page.source, entity: record.entity, id: record.id })?.revision ?? 0) === record.baseRevision,
  )

/** Stores the last entry of each record of a page. Returns how many revisions were raised. */
export const storeRecords = (connection: Connection, source: string, entries: readonly IngestRecord[]): number => {
  const key = (record: IngestRecord): string => `${record.entity}\0${record.id}`
  const last = [...new Map(entries.map((record) => [key(record), record])).values()]
  return sortedBy(last, key).filter((record) => storeRecord(connection, source, record)).length
}

const insertSql = `
  INSERT INTO record (source, entity, id, revision, content_hash, version, modified_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
const updateSql = 'UPDATE record SET revision = ?, content_hash = ?, version = ?, modified_at = ?, deleted_at = ? WHERE rid = ?'

const storeRecord = (connection: Connection, source: string, record: IngestRecord): boolean => {
  const { names } = connection
  const stored = findRow(connection, { source, entity: record.entity, id: record.id })
  const { body, deletedAt } = record
  const livingChanged = stored !== undefined && deletedAt !== undefined && (deletedAt === null) !== (stored.deleted_at === null)
  const changed = body !== undefined || livingChanged
  const gone = body === undefined && deletedAt === undefined ? (stored?.deleted_at ?? null) : (deletedAt ?? null)
  const revision = (stored?.revision ?? 0) + Number(changed)
  const version = JSON.stringify(record.version)
  const key = [names.put(source), names.put(record.entity), record.id] as const
  const rid =
    stored?.rid ??
    Number(
      connection.prepare<unknown[]>(insertSql).run(...key, revision, record.contentHash, version, record.modifiedAt, gone).lastInsertRowid,
    )
  if (stored !== undefined)
    connection.prepare<unknown[]>(updateSql).run(revision, record.contentHash, version, record.modifiedAt, gone, rid)
  if (body !== undefined)
    connection.prepare<[number, string]>('INSERT OR REPLACE INTO record_body (rid, body) VALUES (?, ?)').run(rid, body)
  if (record.fact !== undefined) {
    connection
      .prepare<[number, string]>('INSERT OR REPLACE INTO order_fact (rid, fact) VALUES (?, ?)')
      .run(rid, JSON.stringify(record.fact))
  }
  connection.prepare<[number, number, string]>('DELETE FROM rejected WHERE source = ? AND entity = ? AND id = ?').run(...key)
  return changed
}
