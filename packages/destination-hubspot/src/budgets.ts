import { createHash } from 'node:crypto'
import { daily, retryAfterMs, rolling, type BudgetLearner, type BudgetReply, type BudgetSet, type KeptBudgets } from '@millrace/adapter-kit'
import type { Clock } from '@millrace/core'
import type { Account } from './account.ts'
import { asText, member } from './json.ts'
import type { Settings } from './settings.ts'

/** Budgets that a call takes from: associations have a table of their own (vendor notes, "Rate limits"). */
export type Bucket = 'general' | 'associations' | 'events' | 'search'

/** Names of the budgets of a bucket. */
export const bucketBudgets: Readonly<Record<Bucket, readonly string[]>> = {
  general: ['burst', 'daily'],
  associations: ['association burst', 'association daily'],
  events: ['event burst', 'daily'],
  search: ['burst', 'daily', 'search'],
}

const windowMs = 10_000

const policyOf = (body: unknown): string => (asText(member(body, 'policyName')) ?? asText(member(body, 'message')) ?? '').toLowerCase()

/** A number header, undefined when absent or broken. */
const numberHeader = ({ headers }: BudgetReply, name: string): number | undefined => {
  const value = headers[`x-hubspot-ratelimit-${name}`]
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}

const lesson = (limit: number | undefined, remaining: number | undefined, blockedForMs?: number) => ({
  ...(limit === undefined ? {} : { limit }),
  ...(remaining === undefined ? {} : { remaining }),
  ...(blockedForMs === undefined ? {} : { blockedForMs }),
})

/** Learns the tier's limit and foreign use from the headers. A refusal waits for its Retry-After, which HubSpot does not promise, else for the window. */
const learnBurst: BudgetLearner = (reply) => {
  const refused = reply.status === 429 && !policyOf(reply.body).includes('daily')
  const interval = numberHeader(reply, 'interval-milliseconds') ?? windowMs
  const wait = refused ? (retryAfterMs(reply.headers, reply.now) ?? interval) : undefined
  return lesson(numberHeader(reply, 'max'), numberHeader(reply, 'remaining'), wait)
}

const learnDaily: BudgetLearner = (reply) => {
  const refused = reply.status === 429 && policyOf(reply.body).includes('daily')
  return lesson(numberHeader(reply, 'daily'), refused ? 0 : numberHeader(reply, 'daily-remaining'))
}

/**
 * The budgets of a portal, shared by everything in this process that writes to it. They start at the smallest tier's figures and learn the portal's own from
 * the first answers.
 */
export const portalBudgets = (kept: KeptBudgets, settings: Settings, account: Account, clock: Clock): BudgetSet => {
  const { timeZone } = account
  const token = typeof settings.accessToken === 'string' ? settings.accessToken : settings.baseUrl
  const name = account.portalId ?? createHash('sha256').update(token).digest('hex').slice(0, 16)
  return kept.of(`hubspot:${settings.baseUrl}:${name}`, {
    clock,
    budgets: {
      burst: rolling({ limit: 100, windowMs, learn: learnBurst }),
      daily: daily({ limit: 250_000, timeZone, learn: learnDaily }),
      'event burst': rolling({ limit: 1_250, windowMs: 1_000 }),
      // Search answers carry no rate headers.
      search: rolling({ limit: 5, windowMs: 1_000 }),
      'association burst': rolling({ limit: 100, windowMs, learn: learnBurst }),
      'association daily': daily({ limit: 500_000, timeZone, learn: learnDaily }),
    },
  })
}
