import type { Cause } from '../../spec/destination.ts'
import type { Raise } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { findDelivery, inFlight, keyOf, putDelivery } from './state.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

/** Raises one row: what `raise` in the contract says. */
export const raiseRow = (
  row: DeliveryRow,
  raise: Pick<Raise, 'cause' | 'priority' | 'held' | 'dueAt' | 'changedAt'>,
  now: number,
): void => {
  const held = (raise.held ?? row.state === 'held') && row.remoteId !== null
  row.priority = row.state === 'settled' ? raise.priority : Math.min(row.priority, raise.priority)
  row.changedAt = earliestChange(row, raise.changedAt)
  row.wanted += 1
  row.cause = raise.cause
  row.updatedAt = now
  if (inFlight(row)) {
    row.guarded = raise.held ?? row.guarded
    return
  }
  const due = raise.dueAt ?? now
  const backingOff = row.state === 'ready' && (row.attempts > 0 || row.problem !== null)
  if (!backingOff) row.nextAt = row.state === 'ready' ? Math.min(row.nextAt, due) : due
  if (row.state === 'dead' || row.state === 'parked' || row.state === 'settled') row.attempts = 0
  if (row.state !== 'ready') row.problem = null
  row.waitsFor = null
  row.state = held ? 'held' : 'ready'
}

/** The earliest change that nobody has taken along yet. */
const earliestChange = (row: DeliveryRow, changedAt: number | undefined): number | null => {
  const carried = inFlight(row) ? row.wanted === row.sending : row.state === 'settled' || row.state === 'dead' || row.state === 'held'
  if (carried || row.changedAt === null) return changedAt ?? null
  return Math.min(row.changedAt, changedAt ?? row.changedAt)
}

/** Raises rows, creating those that are not there. Returns how many rows were raised. */
export const applyRaises = (state: MemoryState, raises: readonly Raise[], now: number): number => {
  for (const raise of raises.toSorted((a, b) => compareBy(keyParts(a), keyParts(b)))) {
    const row = findDelivery(state, raise.connection, raise.object, raise.unit)
    if (row === undefined) createRow(state, raise, now)
    else raiseRow(row, raise, now)
  }
  return new Set(raises.map((raise) => keyOf(...keyParts(raise)))).size
}

const keyParts = (raise: Raise): string[] => [raise.unit, raise.connection, raise.object]

/** Brings what was there before. */
export const isOfBackfill = (cause: Cause): boolean => cause === 'backfill' || cause === 'contract'

const createRow = (state: MemoryState, raise: Raise, now: number): void => {
  const did = ++state.lastDid
  putDelivery(state, {
    did,
    connection: raise.connection,
    object: raise.object,
    unit: raise.unit,
    kind: raise.kind,
    state: 'ready',
    wanted: 1,
    settled: 0,
    sending: null,
    priority: raise.priority,
    cause: raise.cause,
    origin: isOfBackfill(raise.cause) ? 'backfill' : 'live',
    attempts: 0,
    nextAt: raise.dueAt ?? now,
    result: null,
    remoteId: null,
    objects: {},
    fingerprint: null,
    progress: null,
    problem: null,
    waitsFor: null,
    ticket: null,
    failedSince: null,
    updatedAt: now,
    uncertain: false,
    guarded: false,
    changedAt: raise.changedAt ?? null,
  })
}
