import type { Problem } from './deliveries.ts'

/** A pass, as `--json` ends with it and `status` lists it. */
export interface RunRow {
  id: string
  kind: string
  startedAt: number
  finishedAt: number | null
  status: string
  summary: string | null
}

/**
 * One transition of one delivery. `event`: the result of a settlement (`created` ... `archived`), `retrying`, `unconfirmed`, `deferred` (put back without a
 * problem), `parked`, `pending`, `dead-lettered`, `held`, or an intervention: `requeued`, `released`, `superseded`. `unit` is its name at that time.
 */
export interface JournalEntry {
  at: number
  run: string | null
  connection: string
  object: string
  unit: string
  revision: number
  event: string
  problem: Problem | null
  exchanges?: number[]
  changedAt?: number
}

/** How long one change took from the source's own stamp to the vendor's answer. */
export interface Latency {
  connection: string
  object: string
  changedAt: number
  settledAt: number
}

/** How many journal entries of a sort there were in the five minutes from `at` (epoch ms, a multiple of five minutes). `code` = of the problem. */
export interface EventCount {
  at: number
  connection: string
  event: string
  code: string | null
  count: number
}

/** What history is older than may go, epoch ms. */
export interface PruneBefore {
  journal: number
  exchanges: number
  runs: number
  counts: number
  /** Bodies of events that happened before; the events stay, since they say what was told. */
  events: number
  /** Held events that happened before and of whose unit there is no delivery: nobody was told of them, so they go whole. */
  held: number
}
