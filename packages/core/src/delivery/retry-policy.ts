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

/**
 * The default: what cannot be retried is a dead letter at once; the rest waits exponentially longer with full jitter, up to an hour at a time, about half a
 * day in all, and never less than the vendor asked for.
 */
export const defaultRetryPolicy: RetryPolicy = ({ error, attempts, random }) => {
  if (!error.retryable || attempts >= maxAttempts) return undefined
  const delayMs = Math.ceil(random * Math.min(capMs, baseMs * 2 ** attempts))
  return { delayMs: Math.max(delayMs, error.retryAfterMs ?? 0) }
}
