import type { BudgetDefinition, BudgetLearner } from './budget.ts'

/** A limit per calendar day of the vendor. */
export interface DailyOptions {
  limit: number
  /** IANA zone in which the vendor's day turns. Default UTC. */
  timeZone?: string
  /** Share kept for urgent requests. Default 0.05 (design §7.9). */
  reserve?: number
  /** Default: learns nothing; a 429 belongs to the rolling budget unless the vendor says otherwise. */
  learn?: BudgetLearner
}

/**
 * At most `limit` requests per calendar day. When it is used up, requests are refused at once with MillraceError `daily_budget_exhausted` and
 * `retryAfterMs` until the day turns, so that a pass stops early and goes on where it was. Its state survives by `snapshot` and `restore`.
 */
export const daily =
  (options: DailyOptions): BudgetDefinition =>
  (clock) => {
    const { timeZone = 'UTC', reserve = 0.05, learn } = options
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    const dayOf = (at: number): string => format.format(at)
    let limit = options.limit
    let state = { day: dayOf(clock.now()), used: 0, blockedUntil: 0 }

    function today(): typeof state {
      const day = dayOf(clock.now())
      // A clock that was set back must not grant the day twice.
      if (day > state.day) state = { day, used: 0, blockedUntil: 0 }
      return state
    }
    const hasRoom = (urgent: boolean): boolean => {
      const { used, blockedUntil } = today()
      return used < (urgent ? limit : Math.floor(limit * (1 - reserve))) && clock.now() >= blockedUntil
    }
    return {
      refusal: 'daily_budget_exhausted',
      hasRoom,
      waitMs(urgent) {
        if (hasRoom(urgent)) return 0
        const now = clock.now()
        const { used, blockedUntil } = today()
        return blockedUntil > now && used < limit ? blockedUntil - now : nextDay(now, dayOf) - now
      },
      take() {
        today().used += 1
      },
      done(reply) {
        const lesson = reply === undefined ? undefined : learn?.(reply)
        if (lesson === undefined) return
        const current = today()
        if (lesson.limit !== undefined && lesson.limit > 0) limit = lesson.limit
        if (lesson.remaining !== undefined) current.used = Math.max(current.used, limit - lesson.remaining)
        if (lesson.blockedForMs !== undefined) current.blockedUntil = Math.max(current.blockedUntil, clock.now() + lesson.blockedForMs)
      },
      usage: () => ({ used: today().used, limit }),
      snapshot: () => ({ ...today() }),
      restore(saved) {
        const current = today()
        if (saved.day < current.day) return
        state = { day: saved.day, used: current.used + saved.used, blockedUntil: Math.max(current.blockedUntil, saved.blockedUntil) }
      },
    }
  }

/** First millisecond of the next calendar day; days have 23 to 25 hours, so it is searched for rather than added. */
function nextDay(now: number, dayOf: (at: number) => string): number {
  const today = dayOf(now)
  let low = now
  let high = now + 26 * 3_600_000
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (dayOf(middle) > today) high = middle
    else low = middle
  }
  return high
}
