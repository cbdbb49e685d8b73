import { createRollingWindow } from '../http/index.ts'
import { createAccountDay } from './account-day.ts'
import { refuse } from './errors.ts'
import type { Settings } from './options.ts'
import type { RuleId } from './rules.ts'

/** Which budget a request draws from. Associations and event sends have their own; search draws from the general one as well. */
export type Bucket = 'general' | 'search' | 'associations' | 'events'

/** The budgets as tests see them. */
export interface RateLimitState {
  /** Uses up budget as another app of the account does. */
  consume(use: { burst?: number; daily?: number; associations?: number }): void
  /** Requests counted today. */
  readonly usedToday: number
  /** Epoch ms of the next reset of the daily counters. */
  readonly resetsAt: number
}

/** The budgets as the server uses them. */
export interface RateLimiter extends RateLimitState {
  /** Counts a request, or refuses it with 429. */
  spend(bucket: Bucket): void
  /** Rate headers of an answer; none for search. */
  headers(bucket: Bucket): Record<string, string>
}

function limited(rule: RuleId, policyName: 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY', portalId: number): never {
  return refuse({
    rule,
    status: 429,
    category: 'RATE_LIMITS',
    message: `You have reached your ${policyName.toLowerCase()} limit.`,
    extra: { errorType: 'RATE_LIMIT', policyName, groupName: `publicapi:private-apps:calls:api-key:${portalId}` },
  })
}

/** Creates the budgets of a portal: true rolling windows and a counter from midnight to midnight of the account. Refused requests use nothing up. */
export function createRateLimiter(settings: Settings): RateLimiter {
  const { limits, now, portalId } = settings
  const day = createAccountDay(settings.timeZone)
  const burst = createRollingWindow(limits.burst, 10_000)
  const associationBurst = createRollingWindow(limits.associationBurst, 10_000)
  const search = createRollingWindow(limits.search, 1000)
  const events = createRollingWindow(limits.events, 1000)
  let resetsAt = day.nextMidnight(now())
  let today = 0
  let associationsToday = 0

  function turnDay(at: number): void {
    if (at < resetsAt) return
    resetsAt = day.nextMidnight(at)
    today = 0
    associationsToday = 0
  }

  return {
    get usedToday() {
      turnDay(now())
      return today
    },
    get resetsAt() {
      turnDay(now())
      return resetsAt
    },
    consume(use) {
      const at = now()
      turnDay(at)
      burst.consume(at, use.burst ?? 0)
      associationBurst.consume(at, use.associations ?? 0)
      today += use.daily ?? use.burst ?? 0
      associationsToday += use.associations ?? 0
    },
    spend(bucket) {
      const at = now()
      turnDay(at)
      if (bucket === 'associations') {
        if (associationsToday >= limits.associationDaily) limited('rate-associations-daily', 'DAILY', portalId)
        if (!associationBurst.take(at)) limited('rate-associations-burst', 'TEN_SECONDLY_ROLLING', portalId)
        associationsToday += 1
        return
      }
      if (today >= limits.daily) limited('rate-daily', 'DAILY', portalId)
      if (bucket === 'events') {
        if (!events.take(at)) limited('rate-events', 'SECONDLY', portalId)
      } else {
        if (bucket === 'search' && search.remaining(at) <= 0) limited('rate-search', 'SECONDLY', portalId)
        if (!burst.take(at)) limited('rate-burst-rolling', 'TEN_SECONDLY_ROLLING', portalId)
        if (bucket === 'search') search.take(at)
      }
      today += 1
    },
    headers(bucket) {
      if (bucket === 'search' || bucket === 'events') return {}
      const window = bucket === 'associations' ? associationBurst : burst
      const max = bucket === 'associations' ? limits.associationBurst : limits.burst
      const daily = bucket === 'associations' ? limits.associationDaily : limits.daily
      const used = bucket === 'associations' ? associationsToday : today
      return {
        ...(max !== Infinity && {
          'x-hubspot-ratelimit-max': String(max),
          'x-hubspot-ratelimit-remaining': String(window.remaining(now())),
          'x-hubspot-ratelimit-interval-milliseconds': '10000',
        }),
        ...(daily !== Infinity && {
          'x-hubspot-ratelimit-daily': String(daily),
          'x-hubspot-ratelimit-daily-remaining': String(Math.max(0, daily - used)),
        }),
      }
    },
  }
}
