import type { Clock } from '@millrace/core'

/** What a budget sees of an answer. `now` is epoch ms when it came. */
export interface BudgetReply {
  status: number
  headers: Readonly<Record<string, string>>
  body: unknown
  now: number
}

/** What an answer says about a budget. Give only what the vendor stated. */
export interface BudgetLesson {
  /** The vendor's own limit: replaces the configured one. */
  limit?: number
  /** How many more requests the vendor would take now. What is missing beyond our own use is foreign use. */
  remaining?: number
  /** The vendor takes none for this long, in ms. */
  blockedForMs?: number
}

/** Reads the vendor's rate headers and refusals. `undefined` = the answer does not speak of this budget. */
export type BudgetLearner = (reply: BudgetReply) => BudgetLesson | undefined

/** State that outlives the process; plain data. */
export interface BudgetState {
  day: string
  used: number
  blockedUntil: number
}

/** One limit of one vendor account. Made by `rolling`, `daily` or `concurrency`, driven by {@link createBudgets}. */
export interface Budget {
  /** Whether one more request may start now. `urgent` may use the reserve. */
  hasRoom(urgent: boolean): boolean
  /** Milliseconds until time alone gives room; `Infinity` when only a finished request does. */
  waitMs(urgent: boolean): number
  take(): void
  /** A request that was taken is over: answered, or its socket is destroyed. */
  done(reply: BudgetReply | undefined): void
  /** When set, a request is refused at once with this code instead of waiting. */
  readonly refusal?: string
  /** Used and limit now, for status reports. */
  usage(): { used: number; limit: number }
  snapshot?(): BudgetState
  restore?(state: BudgetState): void
}

/** A budget that is waiting for its clock. */
export type BudgetDefinition = (clock: Clock) => Budget
