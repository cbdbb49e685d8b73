import type { MillraceError } from '../error.ts'

/** A delivery that failed: `attempts` counts this one, `random` is from 0 to below 1, for jitter. */
export interface Failure {
  error: MillraceError
  attempts: number
  random: number
}

/**
 * When a failed delivery is tried again, in ms from now. `undefined` = never: it becomes a dead letter. It is not asked about failures of the whole
 * destination, which cost no record an attempt.
 */
export type RetryPolicy = (failure: Failure) => { delayMs: number } | undefined

const baseMs = 2_000
const capMs = 60 * 60_000
const maxAttempts = 14
const maxRefusedTogether = 5

/**
 * The default: a refusal of one record is a dead letter at once; what can be retried waits exponentially longer with full jitter, up to an hour at a time, about half a
 * day in all, and never less than the vendor asked for. A refusal of a whole call that names no record blames nobody: those records are sent a few times more, in
 * whatever company they then are.
 */
export const defaultRetryPolicy: RetryPolicy = ({ error, attempts, random }) => {
  const most = error.retryable ? maxAttempts : error.scope === 'batch' ? maxRefusedTogether : 0
  if (attempts >= most) return undefined
  const delayMs = Math.ceil(random * Math.min(capMs, baseMs * 2 ** attempts))
  return { delayMs: Math.max(delayMs, error.retryAfterMs ?? 0) }
}
