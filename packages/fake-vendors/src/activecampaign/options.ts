import type { HttpRequest } from '../http/index.ts'

/** Request budgets. `Infinity` switches one off. */
export interface RateLimits {
  /** Requests per account in any second, REST and GraphQL together. */
  readonly perSecond: number
  /** Refused requests in any ten seconds after which the account answers 503 with HTML. */
  readonly refusals: number
  /** Bulk imports of several contacts in any minute. */
  readonly imports: number
  /** Bulk imports of one contact in any minute. */
  readonly singleImports: number
}

/** Settings of a fake account. Everything has a default; the defaults are the strictest reading of the vendor notes. */
export interface FakeActiveCampaignOptions {
  /** The one API token the account knows. Default `fake-api-token`. */
  readonly apiToken?: string
  /** Account id of event tracking. Default `610000001`. */
  readonly accountId?: string
  /** Event key of event tracking: not the API token. Default `fake-event-key`. */
  readonly eventKey?: string
  /** Budgets that differ from the vendor's. */
  readonly limits?: Partial<RateLimits>
  /** Delay of every answer in milliseconds, fixed or per request. Default 0. */
  readonly latencyMs?: number | ((request: HttpRequest) => number)
  /** Clock in epoch milliseconds, for windows, stamps and everything that happens later. Default `Date.now`. */
  readonly now?: () => number
  /** Seed of everything random: first ids, key case, probabilistic faults. Default 1. */
  readonly seed?: number
  /** Time until a bulk import is applied and completed. Default 5,000 ms. */
  readonly importDelayMs?: number
  /** Time until an order written by GraphQL can be read by GraphQL. Default 2,000 ms. */
  readonly orderLagMs?: number
  /** Time from then until it is copied to Deep Data. Default 3,000 ms. */
  readonly deepDataLagMs?: number
  /** Which spelling of the abandoned date of a cart counts; another one is ignored. Default `both`. */
  readonly abandonedDateKey?: 'both' | 'abandonedDate' | 'abandoned_date'
  /** What event tracking does with a name the account does not know. Default `refuse`. */
  readonly unknownEvents?: 'refuse' | 'accept'
  /** Keeps request bodies in `requests`. Default false. */
  readonly recordBodies?: boolean
}

/** Options with every default filled in. */
export type Settings = Required<Omit<FakeActiveCampaignOptions, 'limits' | 'latencyMs' | 'apiToken' | 'recordBodies'>> & {
  readonly limits: RateLimits
}

/** Limits that never refuse, for tests that are not about rates. */
export const unlimited: RateLimits = { perSecond: Infinity, refusals: Infinity, imports: Infinity, singleImports: Infinity }

/** What the vendor documents; the number of refusals that turns 429 into 503 is a guess. */
export const vendorLimits: RateLimits = { perSecond: 5, refusals: 50, imports: 100, singleImports: 20 }

/** Fills in the defaults. */
export function resolveOptions(options: FakeActiveCampaignOptions): Settings {
  return {
    accountId: options.accountId ?? '610000001',
    eventKey: options.eventKey ?? 'fake-event-key',
    limits: { ...vendorLimits, ...options.limits },
    now: options.now ?? Date.now,
    seed: options.seed ?? 1,
    importDelayMs: options.importDelayMs ?? 5000,
    orderLagMs: options.orderLagMs ?? 2000,
    deepDataLagMs: options.deepDataLagMs ?? 3000,
    abandonedDateKey: options.abandonedDateKey ?? 'both',
    unknownEvents: options.unknownEvents ?? 'refuse',
  }
}
