import type { Cause, DeliveryFilter } from '@millrace/core'
import { causeCodes, isOfBackfill, kindCodes, originCodes, resultCodes, state } from './codes.ts'
import type { Connection } from './connection.ts'
import { matching } from './deliveries.ts'
import { inFlight, setProblem, updateDelivery } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { writeJournal } from './journal.ts'
import { countKey } from './tally.ts'
import { releaseWaiting } from './waiting.ts'

const pageSize = 1000

/** Changes matching rows that `change` accepts, in pages, and writes the journal. Returns how many. */
const changeRows = (
  connection: Connection,
  filter: DeliveryFilter,
  event: string,
  now: number,
  change: (row: DeliveryRow) => boolean,
): number => {
  const settled: DeliveryRow[] = []
  let changed = 0
  let afterDid = 0
  for (;;) {
    const rows = matching(connection, filter, { afterDid, limit: pageSize })
    for (const row of rows) {
      const { problem, code } = row
      const before = countKey(row)
      if (!change(row)) continue
      row.updated_at = now
      updateDelivery(connection, row)
      connection.tally.move(before, countKey(row))
      writeJournal(connection, row, { at: now, run: null, revision: row.wanted, event, problem, code })
      if (row.state === state.settled) settled.push(row)
      changed += 1
    }
    if (rows.length < pageSize) break
    afterDid = rows.at(-1)?.did ?? afterDid
  }
  for (const row of settled) releaseWaiting(connection, row, now)
  return changed
}

const putFresh = (connection: Connection, row: DeliveryRow, next: number): void => {
  row.state = next
  row.waits_object = null
  row.waits_unit = null
  setProblem(connection, row, null)
}

const replayedSql = `
  INSERT INTO replay (did, wanted, code, count) VALUES (?, ?, ?, 1)
  ON CONFLICT (did) DO UPDATE SET
    count = CASE WHEN wanted = excluded.wanted AND code IS excluded.code THEN count + 1 ELSE 1 END, wanted = excluded.wanted, code = excluded.code`

/** Makes matching rows ready now, except those in flight and held removals. */
export const requeue = (connection: Connection, filter: DeliveryFilter, cause: Cause, now: number): number =>
  changeRows(connection, filter, 'requeued', now, (row) => {
    if (inFlight(row) || row.state === state.held) return false
    if (cause === 'replay' && row.state === state.dead) connection.prepare<unknown[]>(replayedSql).run(row.did, row.wanted, row.code)
    if (row.wanted === row.settled) row.wanted += 1
    if (row.kind === kindCodes.of('event')) row.uncertain = 0
    if (isOfBackfill(cause) && row.remote_id === null) row.origin = originCodes.of('backfill')
    row.cause = causeCodes.of(cause)
    row.attempts = 0
    row.next_at = now
    row.changed_at = null
    putFresh(connection, row, state.ready)
    return true
  })

/** Settles matching dead, parked and held rows as superseded. */
export const discard = (connection: Connection, filter: DeliveryFilter, now: number): number =>
  changeRows(connection, filter, 'superseded', now, (row) => {
    if (row.state !== state.dead && row.state !== state.parked && row.state !== state.held) return false
    putFresh(connection, row, state.settled)
    row.settled = row.wanted
    row.result = resultCodes.of('superseded')
    row.attempts = 0
    row.failed_since = null
    return true
  })

/** Lets the held removals of a connection go out. */
export const releaseHeld = (connection: Connection, name: string, now: number): number =>
  changeRows(connection, { connection: name, state: 'held' }, 'released', now, (row) => {
    row.next_at = now
    putFresh(connection, row, state.ready)
    return true
  })
