import type { HttpRequest } from '../http/index.ts'
import type { CrmSchema } from './crm-schema.ts'
import { allScopes, type Scope } from './scopes.ts'

/** Settings of a fake CRM. Everything has a default. */
export interface FakeCrmOneOptions {
  /** The one credential the CRM knows. Default `crm-fake-token`. */
  readonly token?: string
  /** What the credential may do. Default: everything. */
  readonly scopes?: readonly Scope[]
  /** What the administrator set up; parts that are missing keep their default. */
  readonly schema?: Partial<CrmSchema>
  /** Requests in any `perMs` milliseconds. The contract names no budget. Default: none. */
  readonly limit?: { readonly requests: number; readonly perMs: number }
  /** How an erasure is confirmed: 204 when done, or 202 for accepted. Default `done`. */
  readonly erasure?: 'done' | 'accepted'
  /** How far the CRM's clock is ahead (positive) or behind `now`, in milliseconds. Default 0. */
  readonly clockSkewMs?: number
  /** Clock in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** Seed of everything random: order of bulk operations and lines, probabilistic faults. Default 1. */
  readonly seed?: number
  /** Delay of every answer in milliseconds, fixed or per request. Default 0. */
  readonly latencyMs?: number | ((request: HttpRequest) => number)
  /** Keeps request bodies in `requests`. Default false. */
  readonly recordBodies?: boolean
}

/** Options with every default filled in. */
export type Settings = Required<Omit<FakeCrmOneOptions, 'latencyMs' | 'recordBodies' | 'schema'>>

/** Fills in the defaults. */
export function resolveOptions(options: FakeCrmOneOptions): Settings {
  return {
    token: options.token ?? 'crm-fake-token',
    scopes: options.scopes ?? allScopes,
    limit: options.limit ?? { requests: Infinity, perMs: 1000 },
    erasure: options.erasure ?? 'done',
    clockSkewMs: options.clockSkewMs ?? 0,
    now: options.now ?? Date.now,
    seed: options.seed ?? 1,
  }
}
