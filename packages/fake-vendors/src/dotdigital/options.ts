import type { HttpRequest } from '../http/index.ts'

/** Region of an account: part of the host name at the vendor. */
export type Region = 'r1' | 'r2' | 'r3'

/** Tiers of API calls; each has a budget of its own. Polls of imports are unlimited. */
export type Tier = 'low' | 'medium' | 'high' | 'unlimited'

/** Calls per minute of each tier. The vendor does not publish numbers. `Infinity` switches one off. */
export interface RateLimits {
  /** Imports, bulk reads, bulk deletes. Default 150. */
  readonly low: number
  /** Writes of single things. Default 600. */
  readonly medium: number
  /** Reads of single things. Default 1,200. */
  readonly high: number
}

/** What an asynchronous job is: known to `importMs`. */
export interface JobInfo {
  /** 1 for the first job of the account, then counting up. */
  readonly number: number
  readonly kind: 'contacts' | 'insightData' | 'events'
  readonly rows: number
}

/** Bounds of insight data records. The vendor names the failures but not the numbers; these are assumed. */
export interface InsightLimits {
  /** Characters of a record's key. Default 255. */
  readonly recordKey: number
  /** Characters of a name inside the JSON. Default 128. */
  readonly jsonKey: number
  /** Characters of a text inside the JSON. Default 4,000. */
  readonly jsonValue: number
  /** Largest absolute number. Default `Number.MAX_SAFE_INTEGER`. */
  readonly number: number
  /** Collections of an account. Default 1,000. */
  readonly collections: number
}

/** Settings of a fake account. Everything has a default; the defaults are the strictest reading of the vendor notes. */
export interface FakeDotdigitalOptions {
  /** Name of the API user. Default `apiuser-fake@apiconnector.com`. */
  readonly username?: string
  /** Password of the API user. Default `fake-password`. */
  readonly password?: string
  /** Where the account lives: `url` is that region, `otherRegionUrl` is `r1`, or `r2` for accounts of `r1`. Default `r1`. */
  readonly region?: Region
  /** Rate scheme of the API user. `flat` is the deprecated one: calls per hour, refused with 400. Default `tiered`. */
  readonly rateScheme?: 'tiered' | 'flat'
  /** Budgets that differ from the defaults. */
  readonly limits?: Partial<RateLimits>
  /** Calls in any hour of the flat scheme. Default 2,000. */
  readonly flatPerHour?: number
  /** Delay of every answer in milliseconds, fixed or per request. Default 0. */
  readonly latencyMs?: number | ((request: HttpRequest) => number)
  /** Clock in epoch milliseconds, for windows, stamps and imports. Default `Date.now`. */
  readonly now?: () => number
  /** Seed of everything random: ids, order of rows in reports, probabilistic faults. Default 1. */
  readonly seed?: number
  /**
   * Milliseconds from the 202 of an import until it is applied and reported as finished, fixed or per job: a job that takes longer than a later one is
   * applied after it. `Infinity` holds it until `account.finishImports()`. Default 1,000.
   */
  readonly importMs?: number | ((job: JobInfo) => number)
  /** The word for an insight data import that is done: the vendor's schema says Complete, its example Finished. Default `alternating`. */
  readonly doneWord?: 'Complete' | 'Finished' | 'alternating'
  /** Imports of contacts that may be active. Default 25. */
  readonly activeContactImports?: number
  /** Imports of insight data that may be active. Default 5. */
  readonly activeInsightImports?: number
  /** Contacts the account may hold; an import beyond it ends as ExceedsAllowedContactLimit. Default without limit. */
  readonly contactLimit?: number
  /** Names of custom identifiers the account has. Default none. */
  readonly customIdentifiers?: readonly string[]
  /** Ids of marketing preferences the account has. Default none. */
  readonly preferences?: readonly number[]
  /** Whether deleting a contact deletes its insight data. Unknown at the vendor. Default false: it stays behind. */
  readonly deleteCascades?: boolean
  /** Whether the account's package includes the events API (CXDP). Default true. */
  readonly events?: boolean
  /** Bounds of insight data that differ from the defaults. */
  readonly insightLimits?: Partial<InsightLimits>
  /** Largest request body in bytes. Default 50 MB. */
  readonly maxBodyBytes?: number
  /** Keeps request bodies in `requests`. Default false. */
  readonly recordBodies?: boolean
}

/** Options with every default filled in. */
export type Settings = Required<
  Omit<FakeDotdigitalOptions, 'limits' | 'insightLimits' | 'latencyMs' | 'recordBodies' | 'username' | 'password'>
> & {
  readonly limits: RateLimits
  readonly insightLimits: InsightLimits
}

/** Limits that never refuse, for tests that are not about rates. */
export const unlimited: RateLimits = { low: Infinity, medium: Infinity, high: Infinity }

/** Fills in the defaults. */
export function resolveOptions(options: FakeDotdigitalOptions): Settings {
  return {
    region: options.region ?? 'r1',
    rateScheme: options.rateScheme ?? 'tiered',
    limits: { low: 150, medium: 600, high: 1200, ...options.limits },
    flatPerHour: options.flatPerHour ?? 2000,
    now: options.now ?? Date.now,
    seed: options.seed ?? 1,
    importMs: options.importMs ?? 1000,
    doneWord: options.doneWord ?? 'alternating',
    activeContactImports: options.activeContactImports ?? 25,
    activeInsightImports: options.activeInsightImports ?? 5,
    contactLimit: options.contactLimit ?? Infinity,
    customIdentifiers: options.customIdentifiers ?? [],
    preferences: options.preferences ?? [],
    deleteCascades: options.deleteCascades ?? false,
    events: options.events ?? true,
    insightLimits: {
      recordKey: 255,
      jsonKey: 128,
      jsonValue: 4000,
      number: Number.MAX_SAFE_INTEGER,
      collections: 1000,
      ...options.insightLimits,
    },
    maxBodyBytes: options.maxBodyBytes ?? 50 * 1024 * 1024,
  }
}
