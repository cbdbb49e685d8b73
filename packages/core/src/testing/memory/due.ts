import { raiseRow } from './raise.ts'
import type { MemoryState } from './state.ts'

/** Notes when rows have to be looked at again; null forgets it. */
export const scheduleRows = (state: MemoryState, times: readonly { did: number; at: number | null }[]): void => {
  for (const { did, at } of times) {
    if (at === null || !state.deliveries.has(did)) state.due.delete(did)
    else state.due.set(did, at)
  }
}

/** Raises the rows of a connection whose time has come. */
export const raiseDueRows = (state: MemoryState, connection: string, now: number): number => {
  let raised = 0
  for (const [did, at] of state.due) {
    const row = state.deliveries.get(did)
    if (at > now || row?.connection !== connection) continue
    state.due.delete(did)
    raiseRow(row, { cause: 'due', priority: 2 }, now)
    raised += 1
  }
  return raised
}
