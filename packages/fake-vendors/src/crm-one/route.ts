import type { HttpReply } from '../http/index.ts'
import type { Crm } from './crm.ts'
import type { Scope } from './scopes.ts'

/** What a handler gets. */
export interface RouteContext {
  readonly crm: Crm
  /** Path parameters by name, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Parsed JSON body; undefined when there is none. */
  readonly body: unknown
  readonly ifMatch: string | undefined
}

/** One endpoint. */
export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** With `{name}` for parameters, as in the OpenAPI document. */
  readonly path: string
  readonly scope: Scope
  /** Media type of the body; undefined when it takes none. */
  readonly contentType?: 'application/json' | 'application/cloudevents+json'
  readonly handle: (context: RouteContext) => HttpReply
}

/** What a write answers: enough to link, nothing personal, because it is kept for replays. */
export interface WriteResult {
  readonly id: string
  readonly version: number
  readonly lastModified: string
  readonly ignored: readonly string[]
}

/** ETag of a version. */
export function etag(version: number): string {
  return `"${version}"`
}

/** 201 or 200 with the ETag. */
export function written(created: boolean, result: WriteResult): HttpReply {
  return { status: created ? 201 : 200, headers: { etag: etag(result.version) }, body: result }
}

/** 204 without a body. */
export const noContent: HttpReply = { status: 204 }
