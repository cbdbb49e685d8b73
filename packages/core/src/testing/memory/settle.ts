import type { JournalEntry, Problem, Settlement } from '../../spec/store.ts'
import { raiseRow } from './raise.ts'
import { countEvent } from './history.ts'
import { findDelivery, inFlight } from './state.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

/** Writes one outcome; a row that is no longer in flight with that revision is left alone. */
export const settleRow = (state: MemoryState, run: string | null, settlement: Settlement, now: number): void => {
  const row = state.deliveries.get(settlement.did)
  if (row === undefined || !inFlight(row) || row.sending !== settlement.sending) return
  const moved = row.wanted > settlement.sending
  if (settlement.remoteId !== undefined) row.remoteId = settlement.remoteId
  if (settlement.objects !== undefined) row.objects = settlement.objects
  if (settlement.progress !== undefined) row.progress = settlement.progress
  if (settlement.to === 'sending') return
  row.updatedAt = now
  const { exchanges, changedAt } = settlement
  writeJournal(state, run, row, eventOf(settlement, moved), settlement.sending, problemOf(settlement), now, {
    ...(exchanges === undefined || exchanges.length === 0 ? {} : { exchanges: [...exchanges] }),
    ...(changedAt === undefined ? {} : { changedAt }),
  })
  if (settlement.to === 'pending') {
    row.state = 'pending'
    row.ticket = settlement.ticket
    row.nextAt = settlement.nextAt
    return
  }
  row.ticket = null
  row.sending = null
  applyOutcome(state, row, settlement, moved, now)
  if (moved && row.guarded && row.remoteId !== null) row.state = 'held'
  row.guarded = false
  if (settlement.to === 'settled' || row.state === 'dead') releaseWaiting(state, row, now)
}

const applyOutcome = (
  state: MemoryState,
  row: DeliveryRow,
  settlement: Exclude<Settlement, { to: 'pending' | 'sending' }>,
  moved: boolean,
  now: number,
): void => {
  switch (settlement.to) {
    case 'settled': {
      row.settled = settlement.sending
      row.result = settlement.result
      if (settlement.fingerprint !== undefined) row.fingerprint = settlement.fingerprint
      row.problem = settlement.problem ?? null
      row.attempts = 0
      row.failedSince = null
      if (settlement.result !== 'skipped' && settlement.result !== 'superseded') row.uncertain = false
      if (moved) return readyNow(row, now)
      row.state = 'settled'
      row.waitsFor = settlement.waitsFor ?? null
      if (row.waitsFor !== null && linkedNow(state, row)) raiseRow(row, followUp, now)
      return
    }
    case 'ready': {
      row.state = 'ready'
      row.nextAt = settlement.nextAt
      row.attempts = settlement.attempts
      row.uncertain ||= settlement.unconfirmed ?? false
      if (settlement.problem === undefined) return
      row.problem = settlement.problem
      row.failedSince ??= now
      return
    }
    case 'parked': {
      row.problem = settlement.problem
      if (moved || !staysParked(state, row, settlement)) return readyNow(row, now)
      row.state = 'parked'
      row.waitsFor = settlement.waitsFor
      return
    }
    case 'dead': {
      row.failedSince ??= now
      row.problem = moved ? null : settlement.problem
      row.attempts = moved ? 0 : settlement.attempts
      if (moved) readyNow(row, now)
      else row.state = 'dead'
      return
    }
    case 'held': {
      row.problem = settlement.problem
      if (moved) readyNow(row, now)
      else row.state = 'held'
    }
  }
}

/** Looked at again because what it went without is there. */
const followUp = { cause: 'signals', priority: 2 } as const

const linkedNow = (state: MemoryState, { connection, waitsFor }: DeliveryRow): boolean =>
  waitsFor !== null && (findDelivery(state, connection, waitsFor.object, waitsFor.unit)?.remoteId ?? null) !== null

const readyNow = (row: DeliveryRow, now: number): void => {
  row.state = 'ready'
  row.nextAt = now
}

/** Whether the object that a row waits for is still to come, or is known to be missing by the one who parks (`parent_...`). */
const staysParked = (state: MemoryState, row: DeliveryRow, { waitsFor, problem }: Extract<Settlement, { to: 'parked' }>): boolean => {
  if (waitsFor === null) return true
  const parent = findDelivery(state, row.connection, waitsFor.object, waitsFor.unit)
  if (parent === undefined || parent.state === 'dead') return problem.code.startsWith('parent_')
  return parent.state !== 'settled'
}

/** Makes the rows ready that wait for this one. */
export const releaseWaiting = (state: MemoryState, parent: DeliveryRow, now: number): void => {
  for (const row of state.deliveries.values()) {
    if (row.connection !== parent.connection || row.waitsFor?.object !== parent.object || row.waitsFor.unit !== parent.unit) continue
    if (row.state === 'settled' && parent.state !== 'dead' && parent.remoteId !== null) raiseRow(row, followUp, now)
    if (row.state !== 'parked') continue
    row.waitsFor = null
    row.updatedAt = now
    readyNow(row, now)
  }
}

const problemOf = (settlement: Settlement): Problem | null => ('problem' in settlement ? (settlement.problem ?? null) : null)

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

/** Writes one line into the journal. */
export const writeJournal = (
  state: MemoryState,
  run: string | null,
  row: DeliveryRow,
  event: string,
  revision: number,
  problem: Problem | null,
  now: number,
  measured: Pick<JournalEntry, 'exchanges' | 'changedAt'> = {},
): void => {
  state.journal.push({
    at: now,
    run,
    connection: row.connection,
    object: row.object,
    unit: row.unit,
    revision,
    event,
    problem,
    ...measured,
  })
  countEvent(state, row.connection, event, problem?.code ?? null, now)
}
