import { createRollingWindow } from '../http/index.ts'
import { refuse } from './errors.ts'
import type { Settings } from './options.ts'

/** The budget as tests see it. */
export interface RateLimitState {
  /** Uses up requests of the current second as another integration of the account does. */
  consume(requests: number): void
}

/** The budget as the server uses it. */
export interface RateLimiter extends RateLimitState {
  /** Counts a request, or refuses it with 429, and with 503 when refusals were not obeyed. */
  spend(): void
  /** Rate headers of an answer. */
  headers(): Record<string, string>
}

/** Creates the budget of an account: one true rolling second for REST and GraphQL together. Refused requests use nothing up. */
export function createRateLimiter({ limits, now }: Settings): RateLimiter {
  const second = createRollingWindow(limits.perSecond, 1000)
  const refusals = createRollingWindow(limits.refusals, 10_000)
  return {
    consume: (requests) => second.consume(now(), requests),
    spend() {
      const at = now()
      if (second.take(at)) return
      if (!refusals.take(at)) {
        const html = { 'content-type': 'text/html; charset=UTF-8' }
        refuse('rate-hammering-503', 503, '<html><head><title>503 Service Temporarily Unavailable</title></head></html>', html)
      }
      const retryAfter = String(Math.max(1, Math.ceil(second.freeAfter(at) / 1000)))
      refuse('rate-per-second', 429, { message: 'You have exceeded the rate limit of this account.' }, { 'retry-after': retryAfter })
    },
    headers() {
      if (limits.perSecond === Infinity) return {}
      return { 'ratelimit-limit': String(limits.perSecond), 'ratelimit-remaining': String(second.remaining(now())) }
    },
  }
}
