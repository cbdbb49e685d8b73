import type { ErasedCounts, RecordRef, StoreErasure } from '@millrace/core'
import { randomBytes } from 'node:crypto'
import { resultCodes, state } from './codes.ts'
import type { Connection } from './connection.ts'
import { setProblem, updateDelivery, type DeliveryRow } from './delivery-row.ts'
import { countKey } from './tally.ts'
import { findUnit } from './units.ts'
import { releaseWaiting } from './waiting.ts'
import { forgetList } from './watched.ts'

const ridSql = 'SELECT rid FROM record WHERE source = ? AND entity = ? AND id = ?'

const ridOf = (connection: Connection, { source, entity, id }: RecordRef): number | undefined => {
  const [sourceId, entityId] = [connection.names.find(source), connection.names.find(entity)]
  if (sourceId === undefined || entityId === undefined) return undefined
  connection
    .prepare<[number, number, string]>('DELETE FROM rejected WHERE source = ? AND entity = ? AND id = ?')
    .run(sourceId, entityId, id)
  return connection.prepare<[number, number, string], number>(ridSql).pluck().get(sourceId, entityId, id)
}

/** Forgets people. */
export const erase = (connection: Connection, erasure: StoreErasure, now: number): ErasedCounts => {
  const counts: ErasedCounts = { records: 0, scrubbed: 0, deliveries: 0, events: 0, journal: 0, exchanges: 0 }
  for (const ref of erasure.records) {
    const source = connection.names.find(ref.source)
    if (ref.entity === 'shopping-list' && source !== undefined) forgetList(connection, source, ref.id)
    const rid = ridOf(connection, ref)
    if (rid === undefined || connection.prepare<[number]>('DELETE FROM record_body WHERE rid = ?').run(rid).changes === 0) continue
    connection
      .prepare<unknown[]>('UPDATE record SET revision = revision + 1, deleted_at = ifnull(deleted_at, ?) WHERE rid = ?')
      .run(now, rid)
    counts.records += 1
  }
  for (const { body, contentHash, ...ref } of erasure.scrubbed) {
    const rid = ridOf(connection, ref)
    if (rid === undefined) continue
    connection.prepare<unknown[]>('INSERT OR REPLACE INTO record_body (rid, body) VALUES (?, ?)').run(rid, body)
    connection.prepare<unknown[]>('UPDATE record SET revision = revision + 1, content_hash = ? WHERE rid = ?').run(contentHash, rid)
    counts.scrubbed += 1
  }
  const names = [...erasure.units, ...forgetEvents(connection, erasure.subjects, counts)]
  const units = [...new Set(names)].flatMap((name) => findUnit(connection, name) ?? [])
  forgetKeys(connection, erasure.people)
  forgetDeliveries(connection, units, counts, now)
  forgetHistory(connection, units, counts)
  for (const unit of units) connection.prepare<[number]>('DELETE FROM held_consent WHERE unit = ?').run(unit)
  for (const { unit } of erasure.people)
    connection.prepare<[string, string]>('UPDATE unit SET name = ? WHERE name = ?').run(`erased:${randomBytes(9).toString('hex')}`, unit)
  return counts
}

const eventsSql = 'SELECT eid, name.text AS source, event.id FROM event JOIN name ON name.id = event.source WHERE subject = ?'

const forgetEvents = (connection: Connection, subjects: readonly string[], counts: ErasedCounts): string[] =>
  subjects.flatMap((subject) => {
    const events = connection.prepare<[string], { eid: number; source: string; id: string }>(eventsSql).all(subject)
    for (const { eid } of events) connection.prepare<[number]>('UPDATE event SET body = NULL, subject = NULL WHERE eid = ?').run(eid)
    counts.events += events.length
    return events.map(({ source, id }) => `event:${source}:${id}`)
  })

const forgetKeys = (connection: Connection, people: StoreErasure['people']): void => {
  for (const { identity, unit } of people) {
    const [identityId, unitId] = [connection.names.find(identity), findUnit(connection, unit)]
    if (identityId === undefined || unitId === undefined) continue
    connection.prepare<[number, number]>('DELETE FROM alias WHERE unit = ? AND identity = ?').run(unitId, identityId)
    connection.prepare<[number, number]>('DELETE FROM unit_member WHERE unit = ? AND identity = ?').run(unitId, identityId)
  }
}

const forgetDeliveries = (connection: Connection, units: readonly number[], counts: ErasedCounts, now: number): void => {
  const rows = units.flatMap((unit) => connection.prepare<[number], DeliveryRow>('SELECT * FROM delivery WHERE unit = ?').all(unit))
  for (const row of rows) {
    const before = countKey(row)
    Object.assign(row, {
      state: state.settled,
      settled: row.wanted,
      sending: null,
      result: resultCodes.of('skipped'),
      attempts: 0,
      ticket: null,
      uncertain: 0,
      guarded: 0,
      changed_at: null,
      failed_since: null,
      waits_object: null,
      waits_unit: null,
      updated_at: now,
    } satisfies Partial<DeliveryRow>)
    setProblem(connection, row, { code: 'erased', message: 'The person was erased.' })
    updateDelivery(connection, row)
    connection.tally.move(before, countKey(row))
    for (const table of ['delivery_remote', 'delivery_due', 'replay'])
      connection.prepare<[number]>(`DELETE FROM ${table} WHERE did = ?`).run(row.did)
  }
  counts.deliveries = rows.length
  for (const row of rows) releaseWaiting(connection, row, now)
}

const exchangesSql = `
  DELETE FROM exchange WHERE id IN (SELECT value FROM journal, json_each(journal.exchanges) WHERE unit = ? AND journal.exchanges IS NOT NULL)`

const forgetHistory = (connection: Connection, units: readonly number[], counts: ErasedCounts): void => {
  for (const unit of units) {
    counts.exchanges += connection.prepare<[number]>(exchangesSql).run(unit).changes
    counts.journal += connection.prepare<[number]>('UPDATE journal SET problem = NULL, exchanges = NULL WHERE unit = ?').run(unit).changes
  }
}

const emailSql = `
  SELECT DISTINCT name.text AS identity, unit.name AS unit FROM alias JOIN name ON name.id = alias.identity JOIN unit ON unit.id = alias.unit
  WHERE key LIKE 'email:%' AND substr(key, -length(:ending)) = :ending ORDER BY name.text, unit.name`

/** Everybody who is known by an e-mail of this hash. */
export const unitsOfEmail = (connection: Connection, hash: string): { identity: string; unit: string }[] =>
  connection.prepare<[{ ending: string }], { identity: string; unit: string }>(emailSql).all({ ending: `:${hash}` })
