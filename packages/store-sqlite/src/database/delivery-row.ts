import type { Claimed, Delivery, Problem } from '@millrace/core'
import type { Connection } from './connection.ts'
import { causeCodes, kindCodes, originCodes, priorityOf, resultCodes, state, stateCodes } from './codes.ts'
import { unitName } from './units.ts'

/** A row of `delivery` as it lies in the file. */
export interface DeliveryRow {
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
  remote_unit: number | null
  sent_as: number | null
  remote_id: string | null
  fingerprint: string | null
  ticket: string | null
  problem: string | null
  objects: string | null
  progress: string | null
}

/** The row of (unit, connection, object). */
export const findDelivery = (connection: Connection, unit: number, connectionId: number, object: number): DeliveryRow | undefined =>
  connection
    .prepare<[number, number, number], DeliveryRow>('SELECT * FROM delivery WHERE unit = ? AND connection = ? AND object = ?')
    .get(unit, connectionId, object)

const updateSql = `
  UPDATE delivery SET
    claim_order = :claim_order, cause = :cause, origin = :origin, state = :state, wanted = :wanted, settled = :settled, sending = :sending,
    attempts = :attempts, next_at = :next_at, updated_at = :updated_at, failed_since = :failed_since, uncertain = :uncertain, guarded = :guarded,
    result = :result, code = :code, waits_object = :waits_object, waits_unit = :waits_unit, remote_unit = :remote_unit, sent_as = :sent_as,
    remote_id = :remote_id, fingerprint = :fingerprint, ticket = :ticket, problem = :problem, objects = :objects, progress = :progress
  WHERE did = :did`

/** Writes everything but the key of a row. */
export const updateDelivery = (connection: Connection, row: DeliveryRow): void => {
  connection.prepare<[DeliveryRow]>(updateSql).run(row)
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
  state: stateCodes.word(row.state),
  wanted: row.wanted,
  settled: row.settled,
  priority: priorityOf(row.claim_order),
  cause: causeCodes.word(row.cause),
  origin: originCodes.word(row.origin),
  attempts: row.attempts,
  nextAt: row.next_at,
  result: row.result === null ? null : resultCodes.word(row.result),
  remoteId: row.remote_id,
  remoteUnit: row.remote_unit === null ? null : row.remote_unit === row.unit ? unit : unitName(connection, row.remote_unit),
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
export const toClaimed = (connection: Connection, row: DeliveryRow, unit?: string): Claimed => ({
  ...toDelivery(connection, row, unit),
  sending: row.sending ?? row.wanted,
  uncertain: row.uncertain === 1,
})
