import type { Cause } from '../../spec/destination.ts'
import type { DeliveryFilter } from '../../spec/store.ts'
import { isOfBackfill } from './raise.ts'
import { inFlight } from './state.ts'
import type { DeliveryRow, MemoryState } from './state.ts'
import { releaseWaiting, writeJournal } from './settle.ts'

/** Rows that match every given part of a filter, in the order of `did`. */
export const matching = (state: MemoryState, filter: DeliveryFilter): DeliveryRow[] => {
  const dids = filter.dids === undefined ? undefined : new Set(filter.dids)
  return [...state.deliveries.values()]
    .filter(
      (row) =>
        (filter.connection === undefined || row.connection === filter.connection) &&
        (filter.object === undefined || row.object === filter.object) &&
        (filter.state === undefined || row.state === filter.state) &&
        (filter.code === undefined || row.problem?.code === filter.code) &&
        (filter.unit === undefined || row.unit === filter.unit) &&
        (dids === undefined || dids.has(row.did)) &&
        (filter.replayedLess === undefined || row.state !== 'dead' || replaysOf(state, row) < filter.replayedLess),
    )
    .toSorted((a, b) => a.did - b.did)
}

/** How often a row was replayed at its revision and died of the same code. */
const replaysOf = (state: MemoryState, row: DeliveryRow): number => {
  const replays = state.replays.get(row.did)
  return replays?.wanted === row.wanted && replays.code === row.problem?.code ? replays.count : 0
}

/** Makes matching rows ready again, except those in flight and held removals. */
export const requeueRows = (state: MemoryState, filter: DeliveryFilter, cause: Cause, now: number): number => {
  const rows = matching(state, filter).filter((row) => !inFlight(row) && row.state !== 'held')
  for (const row of rows) {
    if (cause === 'replay' && row.state === 'dead')
      state.replays.set(row.did, { wanted: row.wanted, code: row.problem?.code, count: replaysOf(state, row) + 1 })
    if (row.wanted === row.settled) row.wanted += 1
    if (row.kind === 'event') row.uncertain = false
    if (isOfBackfill(cause) && row.remoteId === null) row.origin = 'backfill'
    writeJournal(state, null, row, 'requeued', row.wanted, row.problem, now)
    Object.assign(row, { state: 'ready', cause, attempts: 0, nextAt: now, problem: null, waitsFor: null, changedAt: null, updatedAt: now })
  }
  return rows.length
}

/** Settles matching dead letters, parked rows and held removals as superseded. */
export const discardRows = (state: MemoryState, filter: DeliveryFilter, now: number): number => {
  const rows = matching(state, filter).filter((row) => row.state === 'dead' || row.state === 'parked' || row.state === 'held')
  for (const row of rows) {
    writeJournal(state, null, row, 'superseded', row.wanted, row.problem, now)
    Object.assign(row, {
      state: 'settled',
      settled: row.wanted,
      result: 'superseded',
      attempts: 0,
      problem: null,
      waitsFor: null,
      failedSince: null,
      updatedAt: now,
    })
  }
  for (const row of rows) releaseWaiting(state, row, now)
  return rows.length
}

/** Lets the held removals of a connection go out. */
export const releaseHeldRows = (state: MemoryState, connection: string, now: number): number => {
  const rows = matching(state, { connection, state: 'held' })
  for (const row of rows) {
    writeJournal(state, null, row, 'released', row.wanted, row.problem, now)
    Object.assign(row, { state: 'ready', nextAt: now, problem: null, updatedAt: now })
  }
  return rows.length
}
