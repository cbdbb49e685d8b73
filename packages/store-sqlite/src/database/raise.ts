import type { Raise } from '@millrace/core'
import { causeCodes, claimOrder, isOfBackfill, kindCodes, originCodes, state } from './codes.ts'
import type { Connection } from './connection.ts'
import { findDelivery, inFlight, updateDelivery } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { sortedBy } from './sorting.ts'
import { countKey } from './tally.ts'
import { putUnit } from './units.ts'

/** What raising a row that is there needs to know. */
export interface RaiseOfRow {
  cause: number
  claimOrder: number
  held: boolean | undefined
  dueAt: number
  changedAt?: number | undefined
}

/** Changes a row to what raising it makes of it; the caller writes it. */
export const raiseRow = (row: DeliveryRow, raise: RaiseOfRow, now: number): void => {
  row.claim_order = row.state === state.settled ? raise.claimOrder : Math.min(row.claim_order, raise.claimOrder)
  row.changed_at = earliestChange(row, raise.changedAt)
  row.wanted += 1
  row.cause = raise.cause
  row.updated_at = now
  if (inFlight(row)) {
    if (raise.held !== undefined) row.guarded = Number(raise.held)
    return
  }
  const ready = row.state === state.ready
  const backingOff = ready && (row.attempts > 0 || row.problem !== null)
  if (!backingOff) row.next_at = ready ? Math.min(row.next_at, raise.dueAt) : raise.dueAt
  if (row.state === state.dead || row.state === state.parked || row.state === state.settled) row.attempts = 0
  if (!ready) {
    row.problem = null
    row.code = null
  }
  row.waits_object = null
  row.waits_unit = null
  const held = raise.held ?? row.state === state.held
  row.state = held && row.remote_id !== null ? state.held : state.ready
}

/** The earliest change that nobody has taken along yet. */
const earliestChange = (row: DeliveryRow, changedAt: number | undefined): number | null => {
  const carried = inFlight(row)
    ? row.wanted === row.sending
    : row.state === state.settled || row.state === state.dead || row.state === state.held
  if (carried || row.changed_at === null) return changedAt ?? null
  return Math.min(row.changed_at, changedAt ?? row.changed_at)
}

/** Raises rows, creating those that are not there. Returns how many rows were raised. */
export const applyRaises = (connection: Connection, raises: readonly Raise[], now: number): number => {
  const { names } = connection
  let rows = 0
  let lastDid = 0
  let unit = { name: '', id: 0 }
  for (const raise of sortedBy(raises, (each) => `${each.unit}\0${each.connection}\0${each.object}`)) {
    if (unit.id === 0 || unit.name !== raise.unit) unit = { name: raise.unit, id: putUnit(connection, raise.unit) }
    const key: Key = { unit: unit.id, connection: names.put(raise.connection), object: names.put(raise.object) }
    const row = findDelivery(connection, key.unit, key.connection, key.object)
    const did = row?.did ?? insert(connection, key, raise, now)
    if (row !== undefined) {
      const before = countKey(row)
      const { cause, priority, held, dueAt = now, changedAt } = raise
      raiseRow(row, { cause: causeCodes.of(cause), claimOrder: claimOrder(priority, raise.kind), held, dueAt, changedAt }, now)
      updateDelivery(connection, row)
      connection.tally.move(before, countKey(row))
    }
    if (did !== lastDid) rows += 1
    lastDid = did
  }
  return rows
}

interface Key {
  unit: number
  connection: number
  object: number
}

const insertSql = `
  INSERT INTO delivery (unit, connection, object, kind, claim_order, cause, origin, state, wanted, settled, attempts, next_at, updated_at, uncertain, guarded, changed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, 2, 1, 0, 0, ?, ?, 0, 0, ?)`

const insert = (connection: Connection, key: Key, raise: Raise, now: number): number => {
  connection.tally.move(undefined, countKey({ ...key, state: state.ready, result: null, code: null }))
  return Number(
    connection
      .prepare<(number | null)[]>(insertSql)
      .run(
        key.unit,
        key.connection,
        key.object,
        kindCodes.of(raise.kind),
        claimOrder(raise.priority, raise.kind),
        causeCodes.of(raise.cause),
        originCodes.of(isOfBackfill(raise.cause) ? 'backfill' : 'live'),
        raise.dueAt ?? now,
        now,
        raise.changedAt ?? null,
      ).lastInsertRowid,
  )
}
