import { type Clock, systemClock } from '@millrace/core'

/** The machine's clock, `factor` times faster: for tests that wait through real input and output. 10 turns a minute into six seconds. */
export function scaledClock(factor: number): Clock {
  const wall = systemClock.now()
  const start = systemClock.monotonic()
  const monotonic = (): number => (systemClock.monotonic() - start) * factor
  return { monotonic, now: () => Math.floor(wall + monotonic()), sleep: (ms, signal) => systemClock.sleep(ms / factor, signal) }
}
