import { type Clock, systemClock } from '@millrace/core'

/** A clock that runs `factor` times faster since `start` (epoch ms) and is the same in every process: rows that are due later do not wait longer after a restart. */
export const sharedClock = (start: number, factor: number): Clock => ({
  now: () => Math.floor(start + (Date.now() - start) * factor),
  monotonic: () => performance.now() * factor,
  sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
})
