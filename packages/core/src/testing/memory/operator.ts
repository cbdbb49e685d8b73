import type { Audited, Pause } from '../../spec/operator.ts'
import { compareBy } from './order.ts'
import type { MemoryState } from './state.ts'

/** Adds a line to the audit log, where one was asked for. */
export const writeAudit = (state: MemoryState, audited: Audited | undefined, now: number, count: number | null): void => {
  if (audited !== undefined) state.audit.push({ ...structuredClone(audited), at: now, count })
}

/** Runs a command and adds its line. What is no number is not counted. */
export const auditing = <T>(state: MemoryState, audited: Audited | undefined, now: number, work: () => T): T => {
  const result = work()
  writeAudit(state, audited, now, typeof result === 'number' ? result : null)
  return result
}

/** Keeps that a connection is paused, unless it is. */
export const pauseConnection = (state: MemoryState, pause: Pause, audited: Audited | undefined): Pause => {
  const held = state.pauses.get(pause.connection)
  if (held !== undefined) return held
  state.pauses.set(pause.connection, structuredClone(pause))
  writeAudit(state, audited, pause.since, null)
  return pause
}

/** Ends a pause. */
export const resumeConnection = (state: MemoryState, connection: string, now: number, audited: Audited | undefined): boolean => {
  if (!state.pauses.delete(connection)) return false
  writeAudit(state, audited, now, null)
  return true
}

/** Paused connections by name. */
export const pausesOf = (state: MemoryState): Pause[] =>
  [...state.pauses.values()].toSorted((a, b) => compareBy([a.connection], [b.connection]))
