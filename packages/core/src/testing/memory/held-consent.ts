import type { HeldConsent, HeldConsentRow } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { keyOf } from './state.ts'
import type { MemoryState } from './state.ts'

const slot = (connection: string, { unit, channel, target }: Pick<HeldConsentRow, 'unit' | 'channel' | 'target'>): string =>
  keyOf(connection, unit, channel, ...(target === null ? [] : [target]))

/** What a destination holds of the consent of one unit. */
export const heldOf = (state: MemoryState, connection: string, unit: string): HeldConsent[] =>
  [...state.held.values()]
    .filter((row) => row.connection === connection && row.unit === unit)
    .toSorted((a, b) => compareBy([a.channel, a.target], [b.channel, b.target]))
    .map(({ connection: _connection, unit: _unit, ...held }) => held)

/** Keeps rows; each replaces that of its unit, channel and target. */
export const putHeld = (state: MemoryState, connection: string, rows: readonly HeldConsentRow[]): void => {
  for (const row of rows) state.held.set(slot(connection, row), { ...row, connection })
}

/** Moves the consent of a unit to the one it joins. A denial stays before anything else, then what was seen last, then what the unit had that stays. */
export const joinHeld = (state: MemoryState, connections: ReadonlySet<string>, from: string, into: string): void => {
  for (const [key, row] of state.held) {
    if (row.unit !== from || !connections.has(row.connection)) continue
    state.held.delete(key)
    const moved = { ...row, unit: into }
    const other = state.held.get(slot(row.connection, moved))
    if (other === undefined || counts(moved, other)) state.held.set(slot(row.connection, moved), moved)
  }
}

const counts = (a: HeldConsent, b: HeldConsent): boolean => {
  if ((a.status === 'denied') !== (b.status === 'denied')) return a.status === 'denied'
  return a.firstSeenAt > b.firstSeenAt
}
