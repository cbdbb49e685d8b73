import { isJsonObject, parseJson, type Fault, type HttpReply, type HttpRequest } from '../http/index.ts'

type Policy = 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY'

const html = { 'content-type': 'text/html; charset=UTF-8' }

function failure(status: number, message: string, headers: Record<string, string> = {}): Fault {
  return {
    kind: 'reply',
    reply: { status, headers, body: { status: 'error', message, correlationId: '00000000-0000-0000-0000-000000000000' } },
  }
}

/** Edits the body of a batch reply; other replies pass. */
function rewriteBatch(edit: (body: Record<string, unknown>, results: readonly unknown[]) => object): Fault {
  return {
    kind: 'rewrite',
    rewrite: (reply) => {
      if (!isJsonObject(reply.body) || !Array.isArray(reply.body['results'])) return reply
      return { ...reply, body: edit(reply.body, reply.body['results']) }
    },
  }
}

function echo(request: HttpRequest): HttpReply {
  const body = parseJson(request.text)
  const inputs = isJsonObject(body) && Array.isArray(body['inputs']) ? body['inputs'] : []
  const at = new Date(0).toISOString()
  const results = inputs.filter(isJsonObject).map((input, index) => ({
    id: String(9_999_999_000 + index),
    properties: input['properties'] ?? {},
    createdAt: at,
    updatedAt: at,
    archived: false,
    new: false,
    ...(input['objectWriteTraceId'] !== undefined && { objectWriteTraceId: input['objectWriteTraceId'] }),
  }))
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } }
}

/** Faults in HubSpot's own form, for `faults.next()` and `faults.schedule()`. Nothing is applied unless it says so. */
export const hubSpotFaults = {
  /** 429 in the form of a policy, with a Retry-After in seconds if given. */
  rateLimited: (policyName: Policy = 'TEN_SECONDLY_ROLLING', retryAfterSeconds?: number): Fault => ({
    kind: 'reply',
    reply: {
      status: 429,
      headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
      body: { status: 'error', message: `You have reached your ${policyName.toLowerCase()} limit.`, errorType: 'RATE_LIMIT', policyName },
    },
  }),
  /** 500 with a JSON body. */
  serverError: (): Fault => failure(500, 'internal error'),
  /** 502 with a page of the proxy instead of JSON. */
  badGateway: (): Fault => ({
    kind: 'reply',
    reply: { status: 502, headers: html, body: '<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>' },
  }),
  /** 503 with a JSON body. */
  unavailable: (): Fault => failure(503, 'service unavailable'),
  /** 423: wait at least two seconds. */
  locked: (): Fault => failure(423, 'The record is locked.'),
  /** 477: the account is being moved; Retry-After says for how long. */
  migrating: (retryAfterSeconds = 60): Fault => failure(477, 'Migration in progress', { 'retry-after': String(retryAfterSeconds) }),
  /** 521 with a page of the proxy. */
  originDown: (): Fault => ({ kind: 'reply', reply: { status: 521, headers: html, body: '<html><body>Web server is down</body></html>' } }),
  /** 200 with empty results: nothing was done. */
  silentNoOp: (): Fault => ({ kind: 'reply', reply: { status: 200, body: { status: 'COMPLETE', results: [] } } }),
  /** 200 that confirms every input although nothing was done. */
  lyingSuccess: (): Fault => ({ kind: 'reply', reply: echo }),
  /** The request is applied, but the reply has no results and no errors. */
  emptyResults: (): Fault => rewriteBatch((body) => ({ ...body, results: [] })),
  /** The request is applied, but this many rows are in neither results nor errors. */
  missingRows: (count = 1): Fault => rewriteBatch((body, results) => ({ ...body, results: results.slice(count) })),
  /** The request is applied, but the connection breaks before the answer. */
  resetAfterCommit: (): Fault => ({ kind: 'reset', when: 'after' }),
  /** The connection breaks before anything is applied. */
  resetBeforeCommit: (): Fault => ({ kind: 'reset', when: 'before' }),
  /** No answer; the request is applied some time or some requests later, after the client gave up. */
  appliedLate: (when: { readonly afterMs?: number; readonly afterRequests?: number }, answer: 'none' | 'reset' = 'none'): Fault => ({
    kind: 'late',
    answer,
    ...when,
  }),
} as const
