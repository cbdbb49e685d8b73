import type { HttpRequest } from '../http/index.ts'
import { allScopes } from './scopes.ts'

/** Subscription of the portal. Enterprise is needed for custom events and batch consent. */
export type Tier = 'free' | 'starter' | 'professional' | 'enterprise'

/** Request budgets. `Infinity` switches one off. */
export interface RateLimits {
  /** Requests per app in any 10 seconds. */
  readonly burst: number
  /** Requests per account from midnight to midnight of the account's time zone. */
  readonly daily: number
  /** Search requests per account in any second. */
  readonly search: number
  /** Association requests in any 10 seconds: a bucket of its own. */
  readonly associationBurst: number
  /** Association requests a day. */
  readonly associationDaily: number
  /** Custom event requests in any second. */
  readonly events: number
}

/** Settings of a fake portal. Everything has a default; the defaults are the strictest reading of the vendor notes. */
export interface FakeHubSpotOptions {
  /** Default `enterprise`. Decides rate limits and what is gated. */
  readonly tier?: Tier
  /** The one credential the portal knows. Default `pat-fake-token`. */
  readonly accessToken?: string
  /** What the credential may do. Default: everything. */
  readonly scopes?: readonly string[]
  /** The dated API version that is served beside the legacy paths. Default `2026-03`. */
  readonly apiVersion?: string
  /** Budgets that differ from the tier's. */
  readonly limits?: Partial<RateLimits>
  /** Delay of every answer in milliseconds, fixed or per request. Default 0. */
  readonly latencyMs?: number | ((request: HttpRequest) => number)
  /** Clock in epoch milliseconds, for windows, stamps and the search index. Default `Date.now`. */
  readonly now?: () => number
  /** Seed of everything random: order of results, ids, probabilistic faults. Default 1. */
  readonly seed?: number
  /** Default `Europe/Berlin`. The daily counter resets at its midnight. */
  readonly timeZone?: string
  /** Default `EUR`. */
  readonly companyCurrency?: string
  /** Further enabled currencies. Default none. */
  readonly currencies?: readonly string[]
  /** Default 4711001. Part of the names of custom events. */
  readonly portalId?: number
  /** Whether the data privacy setting is on, so that consent writes need a legal basis. Default true. */
  readonly dataPrivacy?: boolean
  /** Age in milliseconds at which a write is seen by search. Default 5,000. */
  readonly searchLagMs?: number
  /** Whether validation errors carry `errors[]` beside the JSON inside `message`. Default `always`. */
  readonly errorDetails?: 'always' | 'never' | 'sometimes'
  /** What an upsert by e-mail does to properties it does not name: undocumented, so the default is the harmful one. Default `blank`. */
  readonly partialUpsertByEmail?: 'blank' | 'keep'
  /** Whether upsert and read by e-mail find a contact by its additional e-mails: unknown at the vendor. Default `conflict`: not found, and a create conflicts. */
  readonly additionalEmails?: 'conflict' | 'match'
  /** True for portals with the Primary ID Preservation beta: a merge keeps the primary's id. Default false: a new id. */
  readonly mergeKeepsPrimaryId?: boolean
  /** Top level domains accepted in e-mail addresses beside the built-in list, such as `test`. */
  readonly topLevelDomains?: readonly string[]
  /** Keeps request bodies in `requests`. Default false. */
  readonly recordBodies?: boolean
}

/** Options with every default filled in. */
export type Settings = Required<Omit<FakeHubSpotOptions, 'limits' | 'latencyMs' | 'scopes' | 'accessToken' | 'recordBodies'>> & {
  readonly limits: RateLimits
}

/** Limits that never refuse, for tests that are not about rates. */
export const unlimited: RateLimits = {
  burst: Infinity,
  daily: Infinity,
  search: Infinity,
  associationBurst: Infinity,
  associationDaily: Infinity,
  events: Infinity,
}

const small = { burst: 100, daily: 250_000, search: 5, associationBurst: 100, associationDaily: 500_000, events: 1250 }
const large = { ...small, burst: 190, associationBurst: 150 }

/** Budgets of each tier without the API Limit Increase add-on. */
export const tierLimits: Readonly<Record<Tier, RateLimits>> = {
  free: small,
  starter: small,
  professional: { ...large, daily: 650_000 },
  enterprise: { ...large, daily: 1_000_000 },
}

/** Fills in the defaults. */
export function resolveOptions(options: FakeHubSpotOptions): Settings {
  const tier = options.tier ?? 'enterprise'
  return {
    tier,
    apiVersion: options.apiVersion ?? '2026-03',
    limits: { ...tierLimits[tier], ...options.limits },
    now: options.now ?? Date.now,
    seed: options.seed ?? 1,
    timeZone: options.timeZone ?? 'Europe/Berlin',
    companyCurrency: options.companyCurrency ?? 'EUR',
    currencies: options.currencies ?? [],
    portalId: options.portalId ?? 4_711_001,
    dataPrivacy: options.dataPrivacy ?? true,
    searchLagMs: options.searchLagMs ?? 5000,
    errorDetails: options.errorDetails ?? 'always',
    partialUpsertByEmail: options.partialUpsertByEmail ?? 'blank',
    additionalEmails: options.additionalEmails ?? 'conflict',
    mergeKeepsPrimaryId: options.mergeKeepsPrimaryId ?? false,
    topLevelDomains: options.topLevelDomains ?? [],
  }
}

/** Scopes of a credential without the option: all the fake knows. */
export const defaultScopes: readonly string[] = allScopes
