import type { HttpReply } from '../http/index.ts'
import type { ObjectType } from './object-types.ts'
import type { Portal } from './portal.ts'
import type { Bucket } from './rate-limit.ts'

/** Which kind of path a request came by. */
export type ApiVersion = 'v2' | 'v3' | 'v4' | 'dated'

/** What a handler gets. */
export interface RouteContext {
  readonly portal: Portal
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** Object type of `:type`, and of `:to`. */
  readonly type: ObjectType
  readonly to: ObjectType
  readonly query: URLSearchParams
  /** Parsed JSON body; undefined when there is none. */
  readonly body: unknown
  readonly version: ApiVersion
  /** Requests counted today and the next reset, for account-info. */
  readonly usage: { readonly usedToday: number; readonly resetsAt: number }
  /** Tells how many inputs the request has. */
  countInputs(count: number): void
}

/** One endpoint. */
export interface Route {
  readonly method: string
  /** Area and path without the version: `crm/objects/:type/batch/upsert`. `:type` and `:to` are object types. */
  readonly path: string
  /** Legacy version it is also served under. */
  readonly legacy: 'v2' | 'v3' | 'v4' | 'v3+v4'
  /** False when the dated version does not serve it. Default true. */
  readonly dated?: boolean
  /** Default `general`. */
  readonly bucket?: Bucket
  /** Any one of them is enough; an empty list needs none. */
  readonly scopes: (context: Pick<RouteContext, 'type' | 'to'>) => readonly string[]
  readonly handle: (context: RouteContext) => HttpReply
}

/** 200 with a body. */
export function ok(body: object): HttpReply {
  return { status: 200, body }
}

/** 204 without a body. */
export const noContent: HttpReply = { status: 204 }

/** ISO form of a time as HubSpot writes it. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}
