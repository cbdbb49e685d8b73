import { retryAfterMs } from '../http/retry-after.ts'
import type { BudgetDefinition, BudgetLearner } from './budget.ts'

/** A limit per rolling window. */
export interface RollingOptions {
  limit: number
  windowMs: number
  /** Default: a 429 blocks for its Retry-After, else for one window. */
  learn?: BudgetLearner
}

/** Timers may fire a millisecond early and vendor clocks tick coarsely: a slot rests this much longer. */
const marginMs = 5

/**
 * At most `limit` requests in any window of `windowMs`, as the vendor counts them. The vendor counts a request somewhere between its start and its answer,
 * so a slot returns one window after the ANSWER. That costs `latency / windowMs` of the throughput and never overspends; a fixed window can overspend twofold.
 */
export const rolling =
  (options: RollingOptions): BudgetDefinition =>
  (clock) => {
    const { windowMs, learn = obeyRetryAfter(options.windowMs) } = options
    let limit = options.limit
    let inFlight = 0
    /** When resting slots return, monotonic ms, ascending. */
    const returns: number[] = []
    let foreign = { count: 0, until: 0 }
    let blockedUntil = 0

    function used(): number {
      const now = clock.monotonic()
      const resting = returns.findIndex((at) => at > now)
      returns.splice(0, resting === -1 ? returns.length : resting)
      return inFlight + returns.length + (foreign.until > now ? foreign.count : 0)
    }
    // One request at a time always may go, else a misread header could stop everything for good.
    const isFull = (): boolean => used() >= limit && !(inFlight === 0 && returns.length === 0 && foreign.until <= clock.monotonic())

    return {
      hasRoom: () => clock.monotonic() >= blockedUntil && !isFull(),
      waitMs() {
        const now = clock.monotonic()
        const blocked = Math.max(0, blockedUntil - now)
        if (!isFull()) return blocked
        const next = Math.min(returns[0] ?? Infinity, foreign.until > now && foreign.count > 0 ? foreign.until : Infinity)
        return Math.max(blocked, next - now)
      },
      take() {
        inFlight += 1
      },
      done(reply) {
        const now = clock.monotonic()
        const held = used()
        inFlight -= 1
        returns.push(now + windowMs + marginMs)
        const lesson = reply === undefined ? undefined : learn(reply)
        if (lesson === undefined) return
        if (lesson.limit !== undefined && lesson.limit > 0) limit = lesson.limit
        if (lesson.remaining !== undefined) {
          const own = held - (foreign.until > now ? foreign.count : 0)
          // A tenth more than was seen: the other client goes on while our next request is under way.
          foreign = { count: Math.ceil(1.1 * Math.max(0, limit - lesson.remaining - own)), until: now + windowMs + marginMs }
        }
        if (lesson.blockedForMs !== undefined) blockedUntil = Math.max(blockedUntil, now + lesson.blockedForMs + marginMs)
      },
      usage: () => ({ used: used(), limit }),
    }
  }

const obeyRetryAfter =
  (windowMs: number): BudgetLearner =>
  ({ status, headers, now }) =>
    status === 429 ? { blockedForMs: retryAfterMs(headers, now) ?? windowMs } : undefined
