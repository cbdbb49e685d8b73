import { type ErrorScope, MillraceError } from '@millrace/core'
import type { HttpReply } from './http/reply.ts'
import { retryAfterMs } from './http/retry-after.ts'
import { vendorCode } from './redact.ts'

/** What {@link classify} needs to word an error. */
export interface ClassifyOptions {
  /** The vendor, for people: `HubSpot`. */
  vendor: string
  /** What was called, for people, without personal data: `batch upsert of contacts`. */
  call: string
  /** Epoch ms now, for Retry-After dates. */
  now: number
  /** The setting that holds the credential: `accessToken`. */
  setting?: string
  /** How far a 4xx that is not otherwise known reaches. Default `batch`; `record` when the call carried one record. */
  scope?: 'record' | 'batch'
  /** The vendor's category or code of the error; default read from `category`, `code`, `errorCode` or `errorType` of the body. Free text is dropped. */
  category?: string
  /** How long the vendor wants to be left alone, in ms, where it says so in a header of its own. Default: its `Retry-After`. */
  retryAfterMs?: number | undefined
}

/** The parts of an error by status. */
interface Verdict {
  code: string
  scope: ErrorScope
  retryable: boolean
  what: string
  cure: string
}

/**
 * The default error for an answer that is no success: by status alone, so adapters decide first what their vendor means differently. Codes:
 * `credentials_rejected`, `scope_missing`, `not_found`, `conflict`, `payload_too_large`, `rate_limited` (with `retryAfterMs`), `vendor_unavailable`,
 * `unexpected_redirect`, `unexpected_response`, `rejected_by_vendor`. The context holds status, correlation id and the vendor's category, never its text.
 */
export function classify(reply: HttpReply, options: ClassifyOptions): MillraceError {
  const verdict = judge(reply, options)
  const wait = options.retryAfterMs ?? retryAfterMs(reply.headers, options.now)
  const category = vendorCode(options.category) ?? categoryOf(reply.body)
  return new MillraceError({
    code: verdict.code,
    scope: verdict.scope,
    retryable: verdict.retryable,
    ...(verdict.retryable && wait !== undefined ? { retryAfterMs: wait } : {}),
    ...(options.setting !== undefined && verdict.code === 'credentials_rejected' ? { field: options.setting } : {}),
    message: `${options.vendor} ${verdict.what} for ${options.call} (status ${reply.status}). ${verdict.cure}`,
    context: {
      status: reply.status,
      call: options.call,
      ...(reply.correlationId === undefined ? {} : { correlationId: reply.correlationId }),
      ...(category === undefined ? {} : { category }),
    },
  })
}

function judge({ status, contentType }: HttpReply, { setting, scope = 'batch' }: ClassifyOptions): Verdict {
  const credential = setting === undefined ? 'the credential' : `the setting "${setting}"`
  if (status === 401)
    return fault(
      'credentials_rejected',
      'destination',
      `refused the credential`,
      `Check ${credential}: it may be wrong, expired or revoked.`,
    )
  if (status === 403)
    return fault(
      'scope_missing',
      'destination',
      'refused access',
      `Check ${credential} and grant the scopes and permissions that \`check\` lists.`,
    )
  if (status === 429)
    return retry(
      'rate_limited',
      'destination',
      'asked to slow down',
      'Deliveries go on by themselves; if it repeats, see who else uses this account.',
    )
  if (status >= 500 || (status >= 200 && status !== 204 && contentType.includes('html'))) {
    return retry(
      'vendor_unavailable',
      status === 503 ? 'destination' : 'batch',
      'failed',
      "It is repeated later; if it lasts, see the vendor's status page.",
    )
  }
  if (status === 404 || status === 410)
    return fault('not_found', scope, 'knows no such object', 'It may have been merged or deleted there; it is looked up anew.')
  if (status === 409)
    return fault(
      'conflict',
      scope,
      'reported a conflict',
      'Another object holds the same unique value: see the dead letter for the candidates.',
    )
  if (status === 408 || status === 423 || status === 425)
    return retry('vendor_unavailable', 'batch', 'was not ready', 'It is repeated later.')
  if (status === 413 || status === 414)
    return fault('payload_too_large', scope, 'found the request too large', 'It needs fewer records per call or shorter values.')
  if (status >= 300 && status < 400) {
    return fault(
      'unexpected_redirect',
      'destination',
      'answered with a redirect',
      'Redirects are not followed: check the base URL in the settings.',
    )
  }
  if (status < 300)
    return retry(
      'unexpected_response',
      'batch',
      'answered in an unknown shape',
      'Nothing was confirmed; it is repeated. Check the API version if it repeats.',
    )
  return fault('rejected_by_vendor', scope, 'rejected the request', 'Correct the record or the contract, then replay the dead letter.')
}

const fault = (code: string, scope: ErrorScope, what: string, cure: string): Verdict => ({ code, scope, retryable: false, what, cure })
const retry = (code: string, scope: ErrorScope, what: string, cure: string): Verdict => ({ code, scope, retryable: true, what, cure })

function categoryOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const known: Record<string, unknown> = { ...body }
  for (const name of ['category', 'code', 'errorCode', 'errorType']) {
    const code = vendorCode(known[name])
    if (code !== undefined) return code
  }
  return undefined
}
