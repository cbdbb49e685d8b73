import { accountBudgets, retryAfterMs, rolling, type BudgetLearner, type BudgetReply, type BudgetSet } from '@millrace/adapter-kit'
import type { Clock } from '@millrace/core'
import { asList, textOf } from './json.ts'
import type { Settings } from './settings.ts'

/** What a call takes from. Imports have limits of their own besides the account's (vendor notes, "Bulk import"). */
export type Bucket = 'general' | 'import' | 'single import' | 'events'

/** Names of the budgets of a bucket. */
export const bucketBudgets: Readonly<Record<Bucket, readonly string[]>> = {
  general: ['requests'],
  import: ['requests', 'imports'],
  'single import': ['requests', 'single imports'],
  events: ['events'],
}

/** Requests per second that the vendor documents for every account. */
export const perSecond = 5

const minuteMs = 60_000
/** A hammered account answers 503 with a page; it has no Retry-After (vendor notes, "Transport"). */
const outageMs = 5_000
/** A refused import is tried again after a part of its minute, so that one wait fits into a call. */
const importPauseMs = 15_000
/** A larger figure can only be of another window than a second. */
const mostPerSecond = 50

const numberHeader = ({ headers }: BudgetReply, name: string): number | undefined => {
  const value = /^\s*(\d+)/.exec(headers[name] ?? '')?.[1]
  return value === undefined ? undefined : Number(value)
}

const learnRequests: BudgetLearner = (reply) => {
  const { status, headers, now } = reply
  const limit = numberHeader(reply, 'ratelimit-limit')
  const remaining = numberHeader(reply, 'ratelimit-remaining')
  const isKnown = limit !== undefined && limit > 0 && limit <= mostPerSecond
  const wait =
    status === 429 ? (retryAfterMs(headers, now) ?? 1_000) : status === 503 ? (retryAfterMs(headers, now) ?? outageMs) : undefined
  return {
    ...(isKnown ? { limit } : {}),
    ...(isKnown && remaining !== undefined && status < 300 ? { remaining } : {}),
    ...(wait === undefined ? {} : { blockedForMs: wait }),
  }
}

/** Whether a 400 is the limit of imports: a list with one sentence (vendor notes, "Errors"), or the sentence as the message of an object. */
export const isImportLimit = ({ status, body }: { status: number; body: unknown }): boolean =>
  status === 400 &&
  (asList(body).some((line) => typeof line === 'string' && /per minute|rate|too many/i.test(line)) ||
    /per minute|rate limit|too many/i.test(textOf(body, 'message') ?? ''))

const learnImports: BudgetLearner = (reply) => (isImportLimit(reply) ? { blockedForMs: importPauseMs } : undefined)

const learnEvents: BudgetLearner = ({ status, headers, now }) =>
  status === 429 || status === 503 ? { blockedForMs: retryAfterMs(headers, now) ?? 1_000 } : undefined

/** The budgets of an account, shared by everything in this process that talks to it, REST and GraphQL alike. */
export const accountLimits = (settings: Settings, clock: Clock): BudgetSet =>
  accountBudgets(`activecampaign:${settings.apiUrl}`, {
    clock,
    budgets: {
      requests: rolling({ limit: perSecond, windowMs: 1_000, learn: learnRequests }),
      imports: rolling({ limit: 100, windowMs: minuteMs, learn: learnImports }),
      'single imports': rolling({ limit: 20, windowMs: minuteMs, learn: learnImports }),
      // Another host, whose limit nobody states (vendor notes, "Unverified").
      events: rolling({ limit: perSecond, windowMs: 1_000, learn: learnEvents }),
    },
  })
