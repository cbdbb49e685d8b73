import { isJsonObject, type Fault, type HttpReply } from '../http/index.ts'

const html = { 'content-type': 'text/html; charset=utf-8' }

function failure(status: number, errorCode: string, description: string, headers: Record<string, string> = {}): Fault {
  return { kind: 'reply', reply: { status, headers, body: { errorCode, description } } }
}

/** Edits a reply whose body is an object; other replies pass. */
function rewrite(edit: (body: Record<string, unknown>) => object): Fault {
  return { kind: 'rewrite', rewrite: (reply: HttpReply) => (isJsonObject(reply.body) ? { ...reply, body: edit(reply.body) } : reply) }
}

function without(list: unknown, count: number): unknown {
  return Array.isArray(list) ? list.slice(count) : list
}

/** Faults in Dotdigital's own form, for `faults.next()` and `faults.schedule()`. Nothing is applied unless it says so. */
export const dotdigitalFaults = {
  /** 429 of a tier that is free again at `resetAt` (epoch ms). There is no Retry-After. */
  rateLimited: (resetAt: number, scope: 'lowCallRate' | 'mediumCallRate' | 'highCallRate' = 'lowCallRate'): Fault =>
    failure(429, 'rateLimitExceeded', 'The limit of calls per minute has been exceeded.', {
      'x-ratelimit-limit': '150',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
      'x-ratelimit-scope': scope,
    }),
  /** 400 of the deprecated rate scheme: a rate limit that looks like a bad request. */
  apiUsageExceeded: (): Fault => ({ kind: 'reply', reply: { status: 400, body: { message: 'Error: ERROR_APIUSAGE_EXCEEDED' } } }),
  /** 429 although the calls are within their rate: too many imports are active. */
  tooManyActiveImports: (area: 'contacts' | 'insightData' = 'contacts'): Fault =>
    failure(429, `${area}:tooManyActiveImports`, 'Your import request cannot be accepted as too many imports are being processed.'),
  /** 500 with a JSON body. */
  serverError: (): Fault => failure(500, 'internalError', 'An unexpected error has occurred'),
  /** 502 with a page of the proxy instead of JSON. */
  badGateway: (): Fault => ({
    kind: 'reply',
    reply: { status: 502, headers: html, body: '<html><head><title>502 Bad Gateway</title></head><body></body></html>' },
  }),
  /** 503 with a page of the proxy. */
  unavailable: (): Fault => ({
    kind: 'reply',
    reply: { status: 503, headers: html, body: '<html><body>Service Unavailable</body></html>' },
  }),
  /** 202 with the id of an import that does not exist: nothing was accepted. */
  lyingAccept: (): Fault => ({
    kind: 'reply',
    reply: { status: 202, body: { importId: '00000000-0000-4000-8000-000000000000' } },
  }),
  /** 202 without an id; the import is applied. */
  acceptWithoutId: (): Fault => rewrite(() => ({})),
  /** A report of a finished import in which this many created, updated and failed rows each are missing. */
  missingRows: (count = 1): Fault =>
    rewrite((body) => ({
      ...body,
      created: without(body['created'], count),
      updated: without(body['updated'], count),
      failures: without(body['failures'], count),
    })),
  /** A finished import without any result. */
  emptyReport: (): Fault => rewrite(({ importId, status }) => ({ importId, status })),
  /** The connection breaks before anything is applied. */
  resetBeforeCommit: (): Fault => ({ kind: 'reset', when: 'before' }),
  /** The request is applied, but the connection breaks before the answer. */
  resetAfterCommit: (): Fault => ({ kind: 'reset', when: 'after' }),
  /** No answer; the request is applied some time or some requests later, after the client gave up. */
  appliedLate: (when: { readonly afterMs?: number; readonly afterRequests?: number }, answer: 'none' | 'reset' = 'none'): Fault => ({
    kind: 'late',
    answer,
    ...when,
  }),
} as const
