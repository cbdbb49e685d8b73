import { vendorCode } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'

/** What is known about one exchange with the platform when it failed. `status` is absent when no reply arrived. */
export interface Failure {
  status: number | undefined
  headers: Record<string, string>
  body: unknown
  /** The kind of resource or call, never the URL: it may hold personal data. */
  what: string
  timedOut: boolean
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The vendor's code of an error, where it has the form of one: texts may hold personal data. */
const codeOf = (body: unknown): string | undefined => {
  if (!isRecord(body)) return undefined
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined
  return vendorCode(isRecord(first) ? first['code'] : undefined) ?? vendorCode(body['error'])
}

/** The vendor's words without quoted values, addresses and long numbers, which may be personal data. */
const vendorMessage = (body: unknown): string | undefined => {
  if (!isRecord(body) || typeof body['message'] !== 'string') return undefined
  return body['message']
    .slice(0, 300)
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(/\S+@\S+/g, '…')
    .replaceAll(/\d{5,}/g, '…')
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date compared with `now`. */
const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined || header.trim() === '') return undefined
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

const advice = (status: number, what: string): { code: string; message: string; retryable: boolean } => {
  if (status === 400)
    return {
      code: 'source_request_refused',
      message: `commercetools refused the query for ${what} as malformed. Check \`products.where\` and the names in the settings.`,
      retryable: false,
    }
  if (status === 401)
    return {
      code: 'source_credentials_refused',
      message:
        'commercetools refused the credentials. Check `clientId`, `clientSecret`, `authUrl` and `projectKey`, and that the API client still exists.',
      retryable: false,
    }
  if (status === 403)
    return {
      code: 'source_scope_missing',
      message: `The commercetools API client may not read ${what}. Give it the scope that \`check\` names, or leave that out of the settings.`,
      retryable: false,
    }
  if (status === 404)
    return {
      code: 'source_not_found',
      message: `commercetools does not know ${what}. Check \`projectKey\`, \`apiUrl\` and \`stores\`.`,
      retryable: false,
    }
  if (status === 429)
    return { code: 'source_rate_limited', message: 'commercetools asks for fewer requests. It is tried again by itself.', retryable: true }
  if (status >= 500)
    return {
      code: 'source_unavailable',
      message: `commercetools answered ${status} for ${what}. It is tried again by itself.`,
      retryable: true,
    }
  return {
    code: 'source_unexpected_reply',
    message: `commercetools answered ${status} for ${what}, which is not expected.`,
    retryable: false,
  }
}

/** Makes the one error that callers see. It holds neither the URL nor the request, whose predicates may name people. */
export const toError = (failure: Failure, now: number): MillraceError => {
  const { status, headers, body, what } = failure
  const correlationId = headers['x-correlation-id']
  const code = codeOf(body)
  const context = {
    what,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { vendorCode: code }),
    ...(correlationId === undefined ? {} : { correlationId }),
  }
  if (status === undefined) {
    const message = failure.timedOut
      ? `commercetools did not answer in time for ${what}.`
      : `commercetools could not be reached for ${what}. Check \`apiUrl\`, \`authUrl\` and the network.`
    return new MillraceError({
      code: failure.timedOut ? 'source_timeout' : 'source_unreachable',
      message,
      retryable: true,
      scope: 'destination',
      context,
    })
  }
  const { message, ...rest } =
    status >= 200 && status < 300
      ? { code: 'source_unexpected_reply', message: `commercetools sent an unreadable reply for ${what}.`, retryable: true }
      : advice(status, what)
  const words = status === 400 ? vendorMessage(body) : undefined
  const after = retryAfterMs(headers['retry-after'], now)
  return new MillraceError({
    ...rest,
    message: words === undefined ? message : `${message} It said: ${words}`,
    scope: 'destination',
    context,
    ...(after === undefined ? {} : { retryAfterMs: after }),
  })
}
