import type { IngestPage } from '@millrace/core'
import type { Connection } from './connection.ts'
import { state } from './codes.ts'
import { columns, findDelivery, inFlight, tables, updateDelivery, updateRemote } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { joinHeldConsent } from './held-consent.ts'
import { raiseRow } from './raise.ts'
import { countKey } from './tally.ts'
import { findUnit, putUnit } from './units.ts'

/** Makes two units one person: members, aliases, waiting rows and deliveries of `from` become those of `into`. */
export const applyJoin = (connection: Connection, join: IngestPage['joins'][number], now: number): void => {
  const from = findUnit(connection, join.from)
  if (from === undefined || join.from === join.into) return
  const into = putUnit(connection, join.into)
  const identity = connection.names.put(join.identity)
  connection.prepare<number[]>('UPDATE alias SET unit = ? WHERE unit = ? AND identity = ?').run(into, from, identity)
  connection.prepare<number[]>('UPDATE unit_member SET unit = ? WHERE unit = ? AND identity = ?').run(into, from, identity)
  const move = ['state = 6', 'state = 4 AND waits_unit IS NOT NULL'].map((where) =>
    connection.prepare<number[]>(`UPDATE delivery SET waits_unit = ? WHERE ${where} AND waits_unit = ? AND connection = ?`),
  )
  const select = connection.prepare<number[], DeliveryRow>(`SELECT ${columns} FROM ${tables} WHERE unit = ? AND connection = ?`)
  for (const name of new Set(join.connections)) {
    const id = connection.names.put(name)
    for (const statement of move) statement.run(into, from, id)
    joinHeldConsent(connection, id, from, into)
    for (const row of select.all(from, id)) moveRow(connection, row, into, now)
  }
}

const moveRow = (connection: Connection, row: DeliveryRow, into: number, now: number): void => {
  const other = findDelivery(connection, into, row.connection, row.object)
  if (other === undefined) return keep(connection, row, row, into, now)
  // Both are at the vendor: the outcome of each still has to find its row.
  if (inFlight(row) && inFlight(other)) {
    keep(connection, row, row, row.unit, now)
    return keep(connection, other, row, into, now)
  }
  const [kept, dropped] = inFlight(row) ? [row, other] : [other, row]
  const older = [row, other].filter((each) => each.remote_id !== null).toSorted((a, b) => a.did - b.did)[0]
  if (older !== undefined) {
    const { remote_id, objects, fingerprint, progress, origin } = older
    Object.assign(kept, { remote_id, objects, fingerprint, progress, origin })
    updateRemote(connection, kept)
  }
  kept.uncertain = Math.max(kept.uncertain, dropped.uncertain)
  connection.prepare<[number]>('DELETE FROM delivery WHERE did = ?').run(dropped.did)
  connection.tally.move(countKey(dropped), undefined)
  connection.prepare<[number]>('DELETE FROM delivery_remote WHERE did = ?').run(dropped.did)
  connection.prepare<[number]>('DELETE FROM delivery_due WHERE did = ?').run(dropped.did)
  keep(connection, kept, row, into, now)
}

/** Writes a row under the unit that it now belongs to, raised as `from` was. */
const keep = (connection: Connection, row: DeliveryRow, from: DeliveryRow, unit: number, now: number): void => {
  const before = countKey(row)
  const held = row.state === state.held || row.guarded === 1
  if (row.unit !== unit) {
    row.unit = unit
    connection.prepare<number[]>('UPDATE delivery SET unit = ? WHERE did = ?').run(unit, row.did)
  }
  raiseRow(row, { cause: from.cause, claimOrder: from.claim_order, held, dueAt: now }, now)
  updateDelivery(connection, row)
  connection.tally.move(before, countKey(row))
}

/** The name that a unit bears after the joins of a page. */
export const joinedUnit = (joins: IngestPage['joins'], connection: string, unit: string): string =>
  joins.reduce((name, join) => (join.from === name && join.connections.includes(connection) ? join.into : name), unit)
