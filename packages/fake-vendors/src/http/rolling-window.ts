/** A true rolling window: at no moment do the last `windowMs` hold more than `limit` hits. */
export interface RollingWindow {
  /** Takes a slot at time `at` (epoch ms). False, and nothing taken, when the window is full. */
  take(at: number): boolean
  /** Takes `count` slots without asking, as use by somebody else does. */
  consume(at: number, count: number): void
  /** Slots left at time `at`. */
  remaining(at: number): number
  /** Milliseconds from `at` until the next slot is free; 0 when one is free now. */
  freeAfter(at: number): number
}

/**
 * Creates a rolling window. Unlike a fixed window it cannot be overspent across a border: a slot returns exactly `windowMs` after it was taken.
 * @param limit slots per window; `Infinity` never refuses
 * @param windowMs length of the window in milliseconds
 */
export function createRollingWindow(limit: number, windowMs: number): RollingWindow {
  let taken: number[] = []
  let head = 0

  function expire(at: number): number {
    while (head < taken.length && (taken[head] ?? 0) <= at - windowMs) head += 1
    if (head > 1024 && head * 2 > taken.length) {
      taken = taken.slice(head)
      head = 0
    }
    return taken.length - head
  }

  return {
    take(at) {
      if (limit === Infinity) return true
      if (expire(at) >= limit) return false
      taken.push(at)
      return true
    },
    consume(at, count) {
      if (limit === Infinity) return
      for (let slot = 0; slot < count; slot += 1) taken.push(at)
    },
    remaining(at) {
      return limit === Infinity ? Infinity : Math.max(0, limit - expire(at))
    },
    freeAfter(at) {
      if (limit === Infinity || expire(at) < limit) return 0
      // The window frees a slot when all but `limit - 1` of the taken ones have expired.
      return Math.max(0, (taken[taken.length - limit] ?? at) + windowMs - at)
    },
  }
}
