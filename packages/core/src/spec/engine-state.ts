/**
 * A connection whose destination is down or refuses us. It is asked again with one row at `probeAt`, a little later each time; never before `notBefore`, which
 * is the vendor's own wish. Times are epoch ms.
 */
export interface Breaker {
  since: number
  probeAt: number
  notBefore: number
  probes: number
  code: string
  message: string
  /** False: it needs a person (credentials, scopes). */
  retryable: boolean
}

/** An alert that is open. `key` of the state is `<kind>:<connection>:<code>`. `since` = first seen, `toldAt` = last told. Epoch ms. */
export interface OpenAlert {
  since: number
  toldAt: number
}

/** A credential by a keyed hash of it (never its value), and since when it is in use here, epoch ms. */
export interface SeenCredential {
  mark: string
  since: number
}

/** A connection that only observes, since when, and when it went live; null or absent = it still observes. Epoch ms. */
export interface Observing {
  since: number
  until?: number | null
}

/** When a connection was last compared with the source, epoch ms, by name `<reconcile|audit>:<connection>`; `message` = what it found beyond the threshold. */
export interface Compared {
  at: number
  message: string | null
}

/** What must survive of a vendor account's budgets, by budget. Each is for one calendar day of the vendor. */
export type StoredBudget = Record<string, { day: string; used: number; blockedUntil: number }>

/**
 * Kinds of {@link EngineState} and what they hold. `seal` is the random key of the credentials' hashes, `pruned` when old history was last removed, `job` when a
 * rare job of the schedule was last done.
 */
export interface EngineStates {
  breaker: Breaker
  alert: OpenAlert
  credential: SeenCredential
  budget: StoredBudget
  observing: Observing
  compared: Compared
  seal: string
  pruned: number
  job: number
}

/**
 * One thing that the engine itself remembers beyond the process, by kind and name (of a connection, account, alert); plain data, a handful of rows.
 * `value: null` forgets it.
 */
export type EngineState = {
  [Kind in keyof EngineStates]: { kind: Kind; name: string; value: EngineStates[Kind] | null }
}[keyof EngineStates]
