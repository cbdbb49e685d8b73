import type { Cause, UnitKind } from '../destination.ts'

/** State of a delivery (design §1): `ready` waits for its time, `sending` is in flight. */
export type DeliveryState = 'ready' | 'sending' | 'settled' | 'parked' | 'pending' | 'dead' | 'held'

/** What became of a delivery the last time it was settled. */
export type SettledResult = 'created' | 'updated' | 'unchanged' | 'skipped' | 'superseded' | 'archived'

/** The durable row of (connection, object, unit). */
export interface Delivery {
  did: number
  connection: string
  object: string
  unit: string
  kind: UnitKind
  state: DeliveryState
  wanted: number
  settled: number
  priority: number
  cause: Cause
  /** What first raised the row: objects that a backfill or a new contract brought stay marked as historical. */
  origin: 'backfill' | 'live'
  attempts: number
  nextAt: number
  result: SettledResult | null
  remoteId: string | null
  objects: Record<string, string>
  fingerprint: string | null
  progress: unknown
  /** Code, message, field and context of the last failure, parking or skip. */
  problem: Problem | null
  waitsFor: { object: string; unit: string } | null
  ticket: string | null
  /** Epoch ms: first failure since the last success, and last change of the row. */
  failedSince: number | null
  updatedAt: number
}

export interface Problem {
  code: string
  message: string
  field?: string
  context?: Record<string, string | number | boolean>
}

/** A delivery that was handed out: `sending` is the revision it stands for. */
export interface Claimed extends Delivery {
  sending: number
  /** An earlier attempt may have been applied. Stays until an attempt is settled as created, updated, unchanged or archived. */
  uncertain: boolean
  /** Number of the claim: of a connection it only grows, and it is never below the epoch ms of the claim, so that a store made anew goes on above a lost one. 0 where nothing was claimed (`tickets`). */
  fence: number
  /** When the source made the earliest change that this revision carries, epoch ms; null where nobody measures (backfill, signals, replay). */
  changedAt: number | null
}

/**
 * What `settle` does with a row in flight (claimed, or pending at the vendor). Of the parts that are absent the stored ones stay; `null` (`{}` for objects)
 * clears them. A row whose `wanted` moved on is ready again whatever was settled, except while it is pending; a dead letter is then superseded. The problem of
 * a row that is settled goes (unless one is given, for a skip); a row put back without a problem keeps the one it had.
 */
export type Settlement = {
  did: number
  sending: number
  remoteId?: string | null
  objects?: Record<string, string>
  progress?: unknown
  /** Ids of the vendor exchanges that this row was part of. Into the journal. */
  exchanges?: readonly number[]
  /** Of a change that reached the vendor: when the source made it, epoch ms. Into the journal. */
  changedAt?: number
} & (
  | {
      to: 'settled'
      result: SettledResult
      fingerprint?: string | null
      problem?: Problem
      waitsFor?: { object: string; unit: string } | null
    }
  | { to: 'ready'; nextAt: number; attempts: number; problem?: Problem; unconfirmed?: boolean }
  | { to: 'parked'; waitsFor: { object: string; unit: string } | null; problem: Problem }
  | { to: 'pending'; ticket: string; nextAt: number }
  | { to: 'dead'; attempts: number; problem: Problem }
  | { to: 'held'; problem: Problem }
  /** Stays in flight: only what is given of `remoteId`, `objects` and `progress` is noted, so that it survives a crash. Not in the journal. */
  | { to: 'sending' }
)

export interface LinkState {
  object: string
  unit: string
  state: DeliveryState
  result: SettledResult | null
  remoteId: string | null
  /** What was settled last, as the engine wrote it; it tells by which key the vendor knows the object. */
  fingerprint: string | null
}

/** Rows by connection, object, state, result (of settled rows) and code of the problem. */
export interface DeliveryCounts {
  connection: string
  object: string
  state: DeliveryState
  result: SettledResult | null
  code: string | null
  count: number
}

export interface DeliveryFilter {
  connection?: string
  object?: string
  state?: DeliveryState
  code?: string
  unit?: string
  dids?: number[]
  /** Leaves out dead letters that were replayed (cause `replay`) at least so often at this revision and died of the same code each time. */
  replayedLess?: number
}
