import type { Fault, HttpReply } from '../http/index.ts'
import { problemReply, type ProblemCode } from './problem.ts'

function failure(code: ProblemCode, retryAfter?: number | Date): Fault {
  return {
    kind: 'reply',
    reply: (request) => {
      const correlationId = String(request.headers['x-correlation-id'] ?? 'none')
      const reply = problemReply({ code }, correlationId)
      const wait = retryAfter instanceof Date ? retryAfter.toUTCString() : retryAfter
      return {
        ...reply,
        headers: { ...reply.headers, 'x-correlation-id': correlationId, ...(wait !== undefined && { 'retry-after': String(wait) }) },
      }
    },
  }
}

/** Edits the lines of a bulk reply; other replies pass. */
function rewriteLines(edit: (lines: string[]) => string[]): Fault {
  return {
    kind: 'rewrite',
    rewrite: (reply: HttpReply) => {
      if (reply.status !== 207 || typeof reply.body !== 'string') return reply
      return { ...reply, body: edit(reply.body.trimEnd().split('\n')).join('\n') }
    },
  }
}

/** Faults in the contract's own form, for `faults.next()` and `faults.schedule()`. Nothing is applied unless it says so. */
export const crmOneFaults = {
  /** 429; Retry-After in seconds or as a date. */
  rateLimited: (retryAfter: number | Date = 1): Fault => failure('rate_limited', retryAfter),
  /** 503; with a Retry-After if given. */
  unavailable: (retryAfter?: number | Date): Fault => failure('unavailable', retryAfter),
  /** 500. */
  serverError: (): Fault => failure('internal'),
  /** 504. */
  gatewayTimeout: (): Fault => failure('timeout'),
  /** 502 with a page of the proxy instead of a problem document. */
  badGateway: (): Fault => ({
    kind: 'reply',
    reply: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><head><title>502 Bad Gateway</title></head></html>' },
  }),
  /** Applied at once, answered after `ms` milliseconds. */
  slow: (ms: number): Fault => ({ kind: 'slow', ms }),
  /** The connection ends and nothing was applied. */
  resetBeforeCommit: (): Fault => ({ kind: 'reset', when: 'before' }),
  /** Applied, but the connection ends before the reply: the same key must then give the first reply. */
  resetAfterCommit: (): Fault => ({ kind: 'reset', when: 'after' }),
  /** All operations of the bulk are applied, the first `count` lines of the reply are missing. */
  missingLines: (count = 1): Fault => rewriteLines((lines) => lines.slice(count)),
  /** The lines of the bulk reply in another order: turned round. */
  reorderedLines: (): Fault => rewriteLines((lines) => lines.toReversed()),
  /** The bulk reply ends in the middle of its last line. */
  truncatedLines: (): Fault => rewriteLines((lines) => [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, -5)]),
}
