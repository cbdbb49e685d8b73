import type { HttpReply } from '../http/index.ts'
import type { Account } from './account.ts'
import type { Tier } from './options.ts'

/** What a handler gets. */
export interface RouteContext {
  readonly account: Account
  /** A path parameter, decoded; empty when the route has none of that name. */
  param(name: string): string
  readonly query: URLSearchParams
  /** Parsed JSON body; undefined when there is none. */
  readonly body: unknown
  /** Base address of the server, and the path as it was sent. */
  readonly baseUrl: string
  readonly path: string
  /** Tells how many inputs the request has. */
  countInputs(count: number): void
}

/** One endpoint. */
export interface Route {
  readonly method: string
  /** Path with `:name` parameters, without the leading slash. */
  readonly path: string
  readonly tier: Tier
  readonly handle: (context: RouteContext) => HttpReply
}

/** 200 with a body. */
export function ok(body: object): HttpReply {
  return { status: 200, body }
}

/** 204 without a body. */
export const noContent: HttpReply = { status: 204 }

/** ISO form of a time as Dotdigital writes it. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}
