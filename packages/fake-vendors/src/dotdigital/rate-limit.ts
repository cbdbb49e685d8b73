import { createRollingWindow } from '../http/index.ts'
import { Refusal, refuse } from './errors.ts'
import type { Settings, Tier } from './options.ts'

const minute = 60_000
const hour = 3_600_000

/** The budgets as tests see them. */
export interface RateLimitState {
  /** Uses up calls as another integration of the account does. */
  consume(tier: 'low' | 'medium' | 'high', calls: number): void
}

/** The budgets as the server uses them. */
export interface RateLimiter extends RateLimitState {
  /** Counts a call, or refuses it: 429, or 400 in the flat scheme. */
  spend(tier: Tier): void
  /** Rate headers of an answer; none for unlimited calls and in the flat scheme. */
  headers(tier: Tier): Record<string, string>
}

interface Window {
  opened: number
  used: number
}

/**
 * Creates the budgets of an account. A minute begins with the first call of a tier; at its end the whole limit is there again.
 * Refused calls use nothing up.
 */
export function createRateLimiter(settings: Settings): RateLimiter {
  const { limits, now, rateScheme } = settings
  const flat = createRollingWindow(settings.flatPerHour, hour)
  const windows: Record<'low' | 'medium' | 'high', Window> = {
    low: { opened: -Infinity, used: 0 },
    medium: { opened: -Infinity, used: 0 },
    high: { opened: -Infinity, used: 0 },
  }

  function current(tier: 'low' | 'medium' | 'high'): Window {
    const window = windows[tier]
    if (now() < window.opened + minute) return window
    window.opened = now()
    window.used = 0
    return window
  }

  return {
    consume(tier, calls) {
      if (rateScheme === 'flat') flat.consume(now(), calls)
      else current(tier).used += calls
    },
    spend(tier) {
      if (rateScheme === 'flat') {
        if (flat.take(now())) return
        throw new Refusal('rate-flat-400', {
          status: 400,
          body: {
            message:
              'Your account has generated excess API activity and is being temporarily capped. Please contact support. ERROR_APIUSAGE_EXCEEDED',
          },
        })
      }
      if (tier === 'unlimited') return
      const window = current(tier)
      if (window.used >= limits[tier]) {
        refuse('rate-429', 429, 'rateLimitExceeded', `The limit of ${limits[tier]} calls per minute has been exceeded.`)
      }
      window.used += 1
    },
    headers(tier) {
      if (rateScheme === 'flat' || tier === 'unlimited' || limits[tier] === Infinity) return {}
      const window = current(tier)
      return {
        'x-ratelimit-limit': String(limits[tier]),
        'x-ratelimit-remaining': String(Math.max(0, limits[tier] - window.used)),
        'x-ratelimit-reset': String(Math.ceil((window.opened + minute) / 1000)),
        'x-ratelimit-scope': `${tier}CallRate`,
      }
    },
  }
}
