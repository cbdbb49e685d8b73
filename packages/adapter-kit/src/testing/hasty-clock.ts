import { systemClock, type Clock } from '@millrace/core'

/** A clock on which waits below half a minute pass at once. Longer ones (request timeouts) are the machine's. */
export const hastyClock = (): Clock => {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    monotonic: () => systemClock.monotonic() + ahead,
    sleep: async (ms, signal) => {
      if (ms >= 30_000) return systemClock.sleep(ms, signal)
      signal?.throwIfAborted()
      ahead += ms
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
