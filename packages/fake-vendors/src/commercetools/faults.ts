import type { Fault } from '../http/faults.ts'
import { createRandom } from '../http/random.ts'
import { platformError } from './errors.ts'
import { type HttpReply, isJsonObject, parseJson } from '../http/message.ts'

/**
 * Faults as commercetools and what stands before it produce them, for `shop.faults.next()` and `shop.faults.schedule()`. Beside these there are
 * the plain ones: `{ kind: 'slow', ms }`, `{ kind: 'hang', applied }`, `{ kind: 'reset', when }`.
 */
export const commercetoolsFaults: {
  /** 429 with `Retry-After` in seconds; without the header when undefined. */
  tooManyRequests(retryAfterSeconds?: number): Fault
  /** 500, body as documented. */
  internalError(): Fault
  /** 502 whose body is a proxy's HTML page. */
  badGateway(): Fault
  /** 503, body as documented; `retryAfterSeconds` sets the header. */
  unavailable(retryAfterSeconds?: number): Fault
  /** An error whose `errors` is an empty list: ts-client 5.0.3 loses its status. */
  emptyErrors(status: number): Fault
  /** The right answer, of which only the first `bytes` arrive before the connection breaks. */
  truncated(bytes?: number): Fault
  /** The right answer with the rows of its page in another order. */
  reordered(seed?: number): Fault
  /** The right answer without its rows: 200 and an empty page. */
  emptied(): Fault
} = {
  tooManyRequests: (retryAfterSeconds) => reply(platformError(429, 'TooManyRequests', 'Too many requests.'), retryAfterSeconds),
  internalError: () => reply(platformError(500, 'General', 'Internal Server Error')),
  badGateway: () => ({
    kind: 'reply',
    reply: {
      status: 502,
      headers: { 'content-type': 'text/html' },
      body: '<html><head><title>502 Bad Gateway</title></head><body>502</body></html>',
    },
  }),
  unavailable: (retryAfterSeconds) => reply(platformError(503, 'ServiceUnavailable', 'Service unavailable.'), retryAfterSeconds),
  emptyErrors: (status) => ({
    kind: 'reply',
    reply: { status, body: { statusCode: status, message: 'Something went wrong.', errors: [] } },
  }),
  truncated: (bytes = 200) => ({ kind: 'rewrite', rewrite: (answer) => cut(answer, bytes) }),
  reordered: (seed = 1) => ({ kind: 'rewrite', rewrite: (answer) => withRows(answer, (rows) => shuffle(rows, seed)) }),
  emptied: () => ({ kind: 'rewrite', rewrite: (answer) => withRows(answer, () => []) }),
}

function reply(content: HttpReply, retryAfterSeconds?: number): Fault {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return { kind: 'reply', reply: { ...content, headers } }
}

function cut(answer: HttpReply, bytes: number): HttpReply {
  const body = Buffer.from(textOf(answer))
  const kept = body.subarray(0, Math.min(bytes, body.length - 1)).toString('latin1')
  return { status: answer.status, headers: { ...answer.headers, 'content-length': String(body.length * 2) }, body: kept }
}

function withRows(answer: HttpReply, change: (rows: unknown[]) => unknown[]): HttpReply {
  const page: unknown = parseJson(textOf(answer))
  if (!isJsonObject(page) || !Array.isArray(page['results'])) return answer
  const results = change(page['results'])
  return { ...answer, body: { ...page, count: results.length, results } }
}

/** Never the same order again for two rows or more: a shuffle may leave everything in place. */
function shuffle(rows: readonly unknown[], seed: number): unknown[] {
  const shuffled = createRandom(seed).shuffle(rows)
  return shuffled.every((row, index) => row === rows[index]) ? shuffled.toReversed() : shuffled
}

function textOf(answer: HttpReply): string {
  return typeof answer.body === 'object' ? JSON.stringify(answer.body) : (answer.body ?? '')
}
