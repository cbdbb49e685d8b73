import type { Settlement } from '@millrace/core'
import { causeCodes, claimOrder, kindCodes, state } from './codes.ts'
import type { Connection } from './connection.ts'
import { columns, findDelivery, tables, updateDelivery } from './delivery-row.ts'
import { raiseRow } from './raise.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { countKey } from './tally.ts'
import { findUnit, putUnit } from './units.ts'

/** Whether a row that is to be parked stays so: what it waits for is still to come, or the one who parks knows that it is missing (`parent_...`). */
export const staysParked = (
  connection: Connection,
  row: DeliveryRow,
  { waitsFor, problem }: Extract<Settlement, { to: 'parked' }>,
): boolean => {
  if (waitsFor === null) return true
  const unit = findUnit(connection, waitsFor.unit)
  const object = connection.names.find(waitsFor.object)
  const parent = unit === undefined || object === undefined ? undefined : findDelivery(connection, unit, row.connection, object)
  if (parent === undefined || parent.state === state.dead) return problem.code.startsWith('parent_')
  return parent.state !== state.settled
}

const withoutSql = `
  SELECT ${columns} FROM ${tables} WHERE state = 4 AND waits_unit IS NOT NULL AND waits_unit = ? AND connection = ? AND waits_object = ?`

/** Looked at again because what it went without is there. */
const followUp = (row: DeliveryRow, now: number): Parameters<typeof raiseRow>[1] => ({
  cause: causeCodes.of('signals'),
  claimOrder: claimOrder(2, kindCodes.word(row.kind)),
  held: undefined,
  dueAt: now,
})

/** Notes what a settled row went without; if that is there by now, the row is raised at once. */
export const goneWithout = (connection: Connection, row: DeliveryRow, missing: { object: string; unit: string }, now: number): void => {
  row.waits_object = connection.names.put(missing.object)
  row.waits_unit = putUnit(connection, missing.unit)
  const parent = findDelivery(connection, row.waits_unit, row.connection, row.waits_object)
  if (parent !== undefined && parent.remote_id !== null) raiseRow(row, followUp(row, now), now)
}

const raiseThoseWithout = (connection: Connection, parent: Parent, now: number): void => {
  const rows = connection.prepare<number[], DeliveryRow>(withoutSql).all(parent.unit, parent.connection, parent.object)
  for (const row of rows) {
    const before = countKey(row)
    raiseRow(row, followUp(row, now), now)
    updateDelivery(connection, row)
    connection.tally.move(before, countKey(row))
  }
}

const releaseSql = `
  UPDATE delivery SET state = 2, next_at = ?, waits_object = NULL, waits_unit = NULL, updated_at = ?
  WHERE state = 6 AND waits_unit = ? AND connection = ? AND waits_object = ?
  RETURNING connection, object, state, result, code`

type Parent = Pick<DeliveryRow, 'unit' | 'connection' | 'object' | 'state' | 'remote_id'>

type Released = Pick<DeliveryRow, 'connection' | 'object' | 'state' | 'result' | 'code'>

// Mostly nobody waits: looking costs a quarter of an update that changes nothing.
const anySql = 'SELECT 1 FROM delivery WHERE state = 6 AND waits_unit = ? AND connection = ? AND waits_object = ? LIMIT 1'

/** Makes the rows ready that wait for this one. */
export const releaseWaiting = (connection: Connection, parent: Parent, now: number): void => {
  if (parent.state !== state.dead && parent.remote_id !== null) raiseThoseWithout(connection, parent, now)
  if (connection.prepare<number[]>(anySql).get(parent.unit, parent.connection, parent.object) === undefined) return
  const released = connection.prepare<number[], Released>(releaseSql).all(now, now, parent.unit, parent.connection, parent.object)
  for (const row of released) connection.tally.move(countKey({ ...row, state: state.parked }), countKey(row))
}
