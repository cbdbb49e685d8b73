import type { Settlement } from '@millrace/core'
import { state } from './codes.ts'
import type { Connection } from './connection.ts'
import { findDelivery } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { countKey } from './tally.ts'
import { findUnit } from './units.ts'

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

const releaseSql = `
  UPDATE delivery SET state = 2, next_at = ?, waits_object = NULL, waits_unit = NULL, updated_at = ?
  WHERE state = 6 AND waits_unit = ? AND connection = ? AND waits_object = ?
  RETURNING connection, object, state, result, code`

type Released = Pick<DeliveryRow, 'connection' | 'object' | 'state' | 'result' | 'code'>

// Mostly nobody waits: looking costs a quarter of an update that changes nothing.
const anySql = 'SELECT 1 FROM delivery WHERE state = 6 AND waits_unit = ? AND connection = ? AND waits_object = ? LIMIT 1'

/** Makes the rows ready that wait for this one. */
export const releaseWaiting = (connection: Connection, parent: Pick<DeliveryRow, 'unit' | 'connection' | 'object'>, now: number): void => {
  if (connection.prepare<number[]>(anySql).get(parent.unit, parent.connection, parent.object) === undefined) return
  const released = connection.prepare<number[], Released>(releaseSql).all(now, now, parent.unit, parent.connection, parent.object)
  for (const row of released) connection.tally.move(countKey({ ...row, state: state.parked }), countKey(row))
}
