import type { Claimed, Delivery, Problem } from '@millrace/core'
import type { Connection } from './connection.ts'
import { causeCodes, kindCodes, originCodes, priorityOf, resultCodes, state, stateWord } from './codes.ts'
import { unitName } from './units.ts'

/** What is known at the vendor: a row of `delivery_remote`. */
export interface RemoteColumns {
  remote_id: string | null
  fingerprint: string | null
  objects: string | null
  progress: string | null
}

/** A row of `delivery` as it lies in the file, with its columns of `delivery_remote`. */
export interface DeliveryRow extends RemoteColumns {
  did: number
  unit: number
  connection: number
  object: number
  kind: number
  claim_order: number
  cause: number
  origin: number
  state: number
  wanted: number
  settled: number
  sending: number | null
  attempts: number
  next_at: number
  updated_at: number
  failed_since: number | null
  uncertain: number
  guarded: number
  result: number | null
  code: number | null
  waits_object: number | null
  waits_unit: number | null
  ticket: string | null
  problem: string | null
  changed_at: number | null
}

/** What a query selects from {@link tables} for a {@link DeliveryRow}. */
export const columns = 'delivery.*, remote_id, fingerprint, objects, progress'

/** The tables of a {@link DeliveryRow}. */
export const tables = 'delivery LEFT JOIN delivery_remote ON delivery_remote.did = delivery.did'

const findSql = 'SELECT * FROM delivery WHERE unit = ? AND connection = ? AND object = ?'
const remoteOfSql = 'SELECT remote_id, fingerprint, objects, progress FROM delivery_remote WHERE did = ?'
const nothingRemote: RemoteColumns = { remote_id: null, fingerprint: null, objects: null, progress: null }

/** The row of (unit, connection, object). Two look-ups: one join was measured ten times as slow. */
export const findDelivery = (connection: Connection, unit: number, connectionId: number, object: number): DeliveryRow | undefined => {
  const row = connection.prepare<[number, number, number], Omit<DeliveryRow, keyof RemoteColumns>>(findSql).get(unit, connectionId, object)
  return row && { ...row, ...(connection.prepare<[number], RemoteColumns>(remoteOfSql).get(row.did) ?? nothingRemote) }
}

/** What changes in the life of a row. Bound by position: binding this many by name costs more than the update itself. */
const changing = [
  'claim_order',
  'cause',
  'origin',
  'state',
  'wanted',
  'settled',
  'sending',
  'attempts',
  'next_at',
  'updated_at',
  'failed_since',
  'uncertain',
  'guarded',
  'result',
  'code',
  'waits_object',
  'waits_unit',
  'ticket',
  'problem',
  'changed_at',
] as const satisfies readonly (keyof DeliveryRow)[]

const updateSql = `UPDATE delivery SET ${changing.map((column) => `${column} = ?`).join(', ')} WHERE did = ?`

/** Writes what changes in the life of a row, except what is known at the vendor. */
export const updateDelivery = (connection: Connection, row: DeliveryRow): void => {
  connection.prepare<unknown[]>(updateSql).run([...changing.map((column) => row[column]), row.did])
}

const settledSql = `
  UPDATE delivery SET
    state = 4, settled = ?, result = ?, updated_at = ?, uncertain = ?, code = ?, problem = ?,
    sending = NULL, attempts = 0, failed_since = NULL, guarded = 0, ticket = NULL
  WHERE did = ?`

/** Writes a row that was in flight and is settled now: the most frequent change, and fewer columns than {@link updateDelivery}. */
export const updateSettled = (connection: Connection, row: DeliveryRow): void => {
  connection.prepare<unknown[]>(settledSql).run(row.settled, row.result, row.updated_at, row.uncertain, row.code, row.problem, row.did)
}

const remoteSql = 'INSERT OR REPLACE INTO delivery_remote (did, remote_id, fingerprint, objects, progress) VALUES (?, ?, ?, ?, ?)'

/** Writes what is known at the vendor. */
export const updateRemote = (connection: Connection, row: DeliveryRow): void => {
  connection.prepare<unknown[]>(remoteSql).run(row.did, row.remote_id, row.fingerprint, row.objects, row.progress)
}

/** Whether the row is at the vendor, or on its way there. */
export const inFlight = (row: Pick<DeliveryRow, 'state'>): boolean => row.state === state.sending || row.state === state.pending

/** Sets the problem of a row, or clears it. */
export const setProblem = (connection: Connection, row: DeliveryRow, problem: Problem | null): void => {
  row.problem = problem === null ? null : JSON.stringify(problem)
  row.code = problem === null ? null : connection.names.put(problem.code)
}

/** The row as callers know it. */
export const toDelivery = (connection: Connection, row: DeliveryRow, unit: string = unitName(connection, row.unit)): Delivery => ({
  did: row.did,
  connection: connection.names.text(row.connection),
  object: connection.names.text(row.object),
  unit,
  kind: kindCodes.word(row.kind),
  state: stateWord(row.state),
  wanted: row.wanted,
  settled: row.settled,
  priority: priorityOf(row.claim_order),
  cause: causeCodes.word(row.cause),
  origin: originCodes.word(row.origin),
  attempts: row.attempts,
  nextAt: row.next_at,
  result: row.result === null ? null : resultCodes.word(row.result),
  remoteId: row.remote_id,
  objects: row.objects === null ? {} : JSON.parse(row.objects),
  fingerprint: row.fingerprint,
  progress: row.progress === null ? null : JSON.parse(row.progress),
  problem: row.problem === null ? null : JSON.parse(row.problem),
  waitsFor:
    row.waits_object === null || row.waits_unit === null
      ? null
      : { object: connection.names.text(row.waits_object), unit: unitName(connection, row.waits_unit) },
  ticket: row.ticket,
  failedSince: row.failed_since,
  updatedAt: row.updated_at,
})

/** A row in flight as callers know it. */
export const toClaimed = (connection: Connection, row: DeliveryRow, fence: number, unit?: string): Claimed => ({
  ...toDelivery(connection, row, unit),
  sending: row.sending ?? row.wanted,
  uncertain: row.uncertain === 1,
  fence,
  changedAt: row.changed_at,
})
