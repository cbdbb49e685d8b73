/**
 * What goes wrong with one request. "Applied" means that the request reached the fake and took effect.
 * - `status`: this answer instead of the real one; not applied unless `applied`; a function as `body` is given the request
 * - `html`: a gateway's error page, 502 by default, not applied
 * - `reset`: the connection breaks `before` or `after` the request was applied
 * - `hang`: no answer ever; the connection stays open; applied unless `applied: false`
 * - `slow`: applied at once, answered after `ms`
 * - `partial`: applied, the answer's body is cut in the middle and the connection breaks
 * - `lie`: a success that confirms nothing: not applied, answered with `status` (200) and `body`
 * - `reorder`: applied, every list in the JSON answer comes in reverse, and the lines of newline JSON
 * - `rewrite`: applied, the JSON answer is changed
 * - `late`: the connection breaks first, the request is applied when the test calls `applyLate()`
 */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown; applied?: boolean }
  | { kind: 'html'; status?: number }
  | { kind: 'reset'; when: 'before' | 'after' }
  | { kind: 'hang'; applied?: boolean }
  | { kind: 'slow'; ms: number }
  | { kind: 'partial' }
  | { kind: 'lie'; status?: number; body?: unknown }
  | { kind: 'reorder' }
  | { kind: 'rewrite'; rewrite: (body: unknown) => unknown }
  | { kind: 'late' }

/** Which requests; all conditions given must hold. */
export interface RequestMatch {
  method?: string
  /** Part of the path, or a pattern over it. */
  path?: string | RegExp
  where?: (request: ReceivedRequest) => boolean
}

/** One request as it came in. */
export interface ReceivedRequest {
  method: string
  /** Percent-encoded, without the query. */
  path: string
  query: string
  headers: Readonly<Record<string, string>>
  text: string
}

/** Whether a request is meant. */
export function matches(match: RequestMatch, request: ReceivedRequest): boolean {
  if (match.method !== undefined && match.method !== request.method) return false
  if (typeof match.path === 'string' && !request.path.includes(match.path)) return false
  if (match.path instanceof RegExp && request.path.search(match.path) === -1) return false
  return match.where === undefined || match.where(request)
}
