import type { Problem, Settlement } from '@millrace/core'
import { resultCodes, state } from './codes.ts'
import type { Connection } from './connection.ts'
import { columns, inFlight, setProblem, tables, updateDelivery, updateRemote, updateSettled } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { writeJournal } from './journal.ts'
import { countKey } from './tally.ts'
import { putUnit } from './units.ts'
import { goneWithout, releaseWaiting, staysParked } from './waiting.ts'

const selectSql = `SELECT ${columns} FROM ${tables} WHERE delivery.did IN (SELECT value FROM json_each(?))`

/** Writes outcomes. Rows that are no longer in flight with the revision of their settlement are left alone. */
export const settle = (connection: Connection, run: string | null, settlements: readonly Settlement[], now: number): void => {
  const runId = run === null ? null : connection.names.put(run)
  const dids = JSON.stringify(settlements.map((settlement) => settlement.did))
  const rows = new Map(
    connection
      .prepare<[string], DeliveryRow>(selectSql)
      .all(dids)
      .map((row) => [row.did, row]),
  )
  for (const settlement of settlements.toSorted((a, b) => a.did - b.did)) {
    const row = rows.get(settlement.did)
    if (row !== undefined && inFlight(row) && row.sending === settlement.sending) settleRow(connection, row, settlement, runId, now)
  }
}

const settleRow = (connection: Connection, row: DeliveryRow, settlement: Settlement, run: number | null, now: number): void => {
  const before = countKey(row)
  const moved = row.wanted > settlement.sending
  const problem: Problem | undefined = 'problem' in settlement ? settlement.problem : undefined
  applyRemote(connection, row, settlement)
  if (settlement.to === 'sending') return
  row.updated_at = now
  writeJournal(connection, row, {
    at: now,
    run,
    revision: settlement.sending,
    event: eventOf(settlement, moved),
    problem: problem === undefined ? null : JSON.stringify(problem),
    code: problem === undefined ? null : connection.names.put(problem.code),
    exchanges: settlement.exchanges === undefined || settlement.exchanges.length === 0 ? null : JSON.stringify(settlement.exchanges),
    changedAt: settlement.changedAt ?? null,
  })
  if (settlement.to === 'pending') {
    row.state = state.pending
    row.ticket = settlement.ticket
    row.next_at = settlement.nextAt
    connection.tally.move(before, countKey(row))
    return updateDelivery(connection, row)
  }
  row.ticket = null
  row.sending = null
  applyOutcome(connection, row, settlement, moved, now)
  if (moved && row.guarded === 1 && row.remote_id !== null) row.state = state.held
  row.guarded = 0
  connection.tally.move(before, countKey(row))
  if (row.state === state.settled && row.waits_unit === null) updateSettled(connection, row)
  else updateDelivery(connection, row)
  if (settlement.to === 'settled' || row.state === state.dead) releaseWaiting(connection, row, now)
}

const applyRemote = (connection: Connection, row: DeliveryRow, settlement: Settlement): void => {
  const { remote_id, fingerprint, objects, progress } = row
  if (settlement.remoteId !== undefined) row.remote_id = settlement.remoteId
  if (settlement.objects !== undefined) row.objects = jsonOf(settlement.objects)
  if (settlement.progress !== undefined) row.progress = settlement.progress === null ? null : JSON.stringify(settlement.progress)
  if (settlement.to === 'settled' && settlement.fingerprint !== undefined) row.fingerprint = settlement.fingerprint
  const same = row.remote_id === remote_id && row.fingerprint === fingerprint && row.objects === objects && row.progress === progress
  if (!same) updateRemote(connection, row)
}

const applyOutcome = (
  connection: Connection,
  row: DeliveryRow,
  settlement: Exclude<Settlement, { to: 'pending' | 'sending' }>,
  moved: boolean,
  now: number,
): void => {
  switch (settlement.to) {
    case 'settled': {
      const { result } = settlement
      row.settled = settlement.sending
      row.result = resultCodes.of(result)
      if (result !== 'skipped' && result !== 'superseded') row.uncertain = 0
      setProblem(connection, row, settlement.problem ?? null)
      row.attempts = 0
      row.failed_since = null
      put(row, moved ? state.ready : state.settled, now)
      if (!moved && settlement.waitsFor != null) goneWithout(connection, row, settlement.waitsFor, now)
      return
    }
    case 'ready': {
      row.state = state.ready
      row.next_at = settlement.nextAt
      row.attempts = settlement.attempts
      if (settlement.unconfirmed === true) row.uncertain = 1
      if (settlement.problem === undefined) return
      setProblem(connection, row, settlement.problem)
      row.failed_since ??= now
      return
    }
    case 'parked': {
      setProblem(connection, row, settlement.problem)
      if (moved || !staysParked(connection, row, settlement)) return put(row, state.ready, now)
      row.state = state.parked
      row.waits_object = settlement.waitsFor && connection.names.put(settlement.waitsFor.object)
      row.waits_unit = settlement.waitsFor && putUnit(connection, settlement.waitsFor.unit)
      return
    }
    case 'dead': {
      row.failed_since ??= now
      row.attempts = moved ? 0 : settlement.attempts
      setProblem(connection, row, moved ? null : settlement.problem)
      return put(row, moved ? state.ready : state.dead, now)
    }
    case 'held': {
      setProblem(connection, row, settlement.problem)
      put(row, moved ? state.ready : state.held, now)
    }
  }
}

const put = (row: DeliveryRow, next: number, now: number): void => {
  row.state = next
  if (next === state.ready) row.next_at = now
}

const jsonOf = (objects: Record<string, string>): string | null => {
  const text = JSON.stringify(objects)
  return text === '{}' ? null : text
}

const eventOf = (settlement: Settlement, moved: boolean): string => {
  switch (settlement.to) {
    case 'settled':
      return settlement.result
    case 'ready':
      return settlement.unconfirmed === true ? 'unconfirmed' : settlement.problem === undefined ? 'deferred' : 'retrying'
    case 'dead':
      return moved ? 'superseded' : 'dead-lettered'
    default:
      return settlement.to
  }
}
