import { createHash } from 'node:crypto'
import { accountBudgets, retryAfterMs, rolling, type BudgetLearner, type BudgetReply, type BudgetSet } from '@millrace/adapter-kit'
import type { Clock } from '@millrace/core'
import { errorWord, isUsageExceeded } from './errors.ts'
import type { Settings } from './settings.ts'

/** Tiers of calls, each with a budget of its own (vendor notes, "Transport"). Polls of imports have none. */
export type Tier = 'low' | 'medium' | 'high'

const windowMs = 60_000

/** Of the deprecated rate scheme, which names no time: per hour, and it does not say when the hour began. */
const flatPauseMs = 5 * 60_000

const header = ({ headers }: BudgetReply, name: string): number | undefined => {
  const value = headers[`x-ratelimit-${name}`]
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}

/** The vendor says "UTC epoch" and not of which unit: a time in seconds lies far below one in milliseconds. */
const epochMs = (epoch: number): number => (epoch < 100_000_000_000 ? epoch * 1000 : epoch)

/** Learns limit and foreign use from the headers. A refusal waits for `X-RateLimit-Reset` (epoch seconds): there is no Retry-After. Full import slots are no rate. */
const learnTier: BudgetLearner = (reply) => {
  const refused = reply.status === 429 && !/tooMany/i.test(errorWord(reply.body))
  const reset = header(reply, 'reset')
  const untilReset = reset === undefined ? windowMs : Math.max(0, epochMs(reset) - reply.now)
  const [limit, remaining] = [header(reply, 'limit'), header(reply, 'remaining')]
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(refused ? { blockedForMs: retryAfterMs(reply.headers, reply.now) ?? untilReset } : {}),
  }
}

const learnFlat: BudgetLearner = (reply) => (isUsageExceeded(reply) ? { blockedForMs: flatPauseMs } : undefined)

/** Never the limit itself: only stops everything while the deprecated scheme refuses. */
const account = rolling({ limit: 2_000, windowMs: 1_000, learn: learnFlat })

/** The budgets of an account, shared by everything in this process that uses its API user. They start low, since the numbers are not public, and learn. */
export const dotdigitalBudgets = ({ baseUrl, username }: Settings, clock: Clock): BudgetSet => {
  const name = createHash('sha256').update(username).digest('hex').slice(0, 16)
  const tier = (limit: number) => rolling({ limit, windowMs, learn: learnTier })
  return accountBudgets(`dotdigital:${baseUrl}:${name}`, { clock, budgets: { low: tier(60), medium: tier(240), high: tier(480), account } })
}
