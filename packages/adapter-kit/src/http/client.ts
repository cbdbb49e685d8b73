import { type Clock, type DestinationContext, isMillraceError, type Logger, MillraceError, silentLogger, type Usage } from '@millrace/core'
import pRetry from 'p-retry'
import type { BudgetSet } from '../budget/budgets.ts'
import { redactUrl } from '../redact.ts'
import { version } from '../version.ts'
import { type Credential, readCredential } from './credential.ts'
import { outlineAnswer, outlineRequest } from './outline.ts'
import { type HttpReply, toReply } from './reply.ts'
import { openWire } from './send.ts'
import { sumUsage } from './usage.ts'
import { type Query, resolveUrl } from './url.ts'

/** What a client is made from. */
export interface HttpClientOptions {
  /** Every call goes below this address. */
  baseUrl: string
  credential?: Credential
  /** Headers that carry the credential; default `Authorization: Bearer <credential>`. */
  authorize?: (credential: string) => Record<string, string>
  /** Budgets that calls name; see {@link createBudgets}. */
  budgets?: BudgetSet
  clock: Clock
  /** Longest wait for an answer once a call has its budget. Default 60 s. */
  timeoutMs?: number
  /** Largest answer that is read. Default 64 MiB. */
  maxBytes?: number
  /** Put before `millrace/<version>`. */
  userAgent?: string
  /** Sent with every call. */
  headers?: Readonly<Record<string, string>>
  logger?: Logger
}

/** One call. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base URL, or a full URL of the same origin. Encode what you put into it. */
  path: string
  query?: Query
  /** Text, bytes and URLSearchParams go out as they are, anything else as JSON. */
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** Budgets the call takes from. */
  budget?: string | readonly string[]
  /** Goes before waiting calls and may use the reserve: for consent (design §7.9). */
  urgent?: boolean
  signal: AbortSignal
  /** Doing it twice is the same as once: allows the in-call retry for other methods than GET. */
  idempotent?: boolean
  /** Overrides whether the in-call retry is allowed. */
  retry?: boolean
  timeoutMs?: number
  /** Told of every attempt: hand on the member of {@link DestinationContext}, so that `trace` can tell what was said to the vendor. */
  exchanged?: DestinationContext['exchanged']
}

/** A vendor's API. */
export interface HttpClient {
  /**
   * Resolves for every status that was received: classify it. Throws MillraceError when there is no answer: `connection_failed` and
   * `credential_unavailable` (not sent), `timeout` and `connection_lost` (`context.applied` = `unknown`), `aborted`, `response_too_large`, and what the
   * budgets throw. At most two attempts, and only for connection faults and 502-504 of calls that may be repeated; a 401 repeats once with a fresh credential.
   */
  request(call: HttpRequest): Promise<HttpReply>
  /** Counts since the client was made. Every attempt is a request, and so is every one for a token. */
  usage(): Usage
  /** Ends idle connections. Idempotent. */
  close(): void
}

const sampleEvery = 100

const noUsage: Usage = { requests: 0, rateLimited: 0, retries: 0 }

const bearer = (credential: string): Record<string, string> => ({ authorization: `Bearer ${credential}` })

/** Makes a client over kept-alive connections, without redirects. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { baseUrl, clock, budgets, authorize = bearer, timeoutMs = 60_000, maxBytes = 64 * 1024 * 1024, logger = silentLogger } = options
  const wire = openWire(clock)
  const credential = options.credential === undefined ? undefined : readCredential(options.credential, { clock, logger })
  const common = {
    accept: 'application/json',
    'user-agent': `${options.userAgent === undefined ? '' : `${options.userAgent} `}millrace/${version}`,
    ...lowerCase(options.headers),
  }
  const usage: Usage = { ...noUsage }

  async function exchange(call: HttpRequest, url: URL, secret: string | undefined): Promise<HttpReply> {
    const { body, contentType } = encode(call.body)
    const headers = { ...common, ...contentType, ...(secret === undefined ? {} : lowerCase(authorize(secret))), ...lowerCase(call.headers) }
    const names = typeof call.budget === 'string' ? [call.budget] : (call.budget ?? [])
    const permit = await budgets?.acquire(names, { signal: call.signal, urgent: call.urgent ?? false })
    let reply: HttpReply | undefined
    const startedAt = clock.monotonic()
    try {
      usage.requests += 1
      const { method, signal } = call
      reply = toReply(await wire.send({ method, url, headers, body, signal, timeoutMs: call.timeoutMs ?? timeoutMs, maxBytes }))
    } catch (error) {
      report(call, url, { fault: isMillraceError(error) ? error.code : 'unknown', durationMs: clock.monotonic() - startedAt })
      throw error
    } finally {
      permit?.done(reply)
    }
    report(call, url, reply)
    if (reply.status === 429) usage.rateLimited += 1
    const { status, durationMs, correlationId } = reply
    logger.debug({ method: call.method, url: redactUrl(url.href), status, durationMs, correlationId }, 'vendor answered')
    return reply
  }

  /** Bodies are outlined where something went wrong, of a 207, and of one request in a hundred. */
  function report(call: HttpRequest, url: URL, end: HttpReply | { fault: string; durationMs: number }): void {
    if (call.exchanged === undefined) return
    const reply = 'fault' in end ? undefined : end
    const outlined = reply === undefined || reply.status === 207 || reply.status >= 400 || usage.requests % sampleEvery === 1
    call.exchanged(
      {
        at: clock.now(),
        method: call.method,
        path: redactUrl(url.pathname),
        status: reply?.status ?? null,
        durationMs: end.durationMs,
        correlationId: reply?.correlationId ?? null,
        fault: 'fault' in end ? end.fault : null,
        request: outlined ? outlineRequest(call.body) : null,
        answer: outlined && reply !== undefined ? outlineAnswer(reply.body, call.body) : null,
      },
      call.body,
    )
  }

  async function authorized(call: HttpRequest, url: URL): Promise<HttpReply> {
    if (credential === undefined) return exchange(call, url, undefined)
    const { signal } = call
    const secret = await unlessStopped(call, credential.current(signal))
    const reply = await exchange(call, url, secret)
    if (reply.status !== 401 || !(await unlessStopped(call, credential.renew(secret, signal)))) return reply
    usage.retries += 1
    return exchange(call, url, await unlessStopped(call, credential.current(signal)))
  }

  async function request(call: HttpRequest): Promise<HttpReply> {
    if (call.signal.aborted) throw stopped(call)
    const url = resolveUrl(baseUrl, call.path, call.query)
    const repeatable = call.retry ?? (call.method === 'GET' || call.idempotent === true)
    try {
      return await pRetry(
        async () => {
          const reply = await authorized(call, url)
          if (isGatewayFault(reply)) throw new GatewayFault(reply)
          return reply
        },
        {
          retries: repeatable ? 1 : 0,
          minTimeout: 0,
          shouldRetry: ({ error }) => error instanceof GatewayFault || isConnectionFault(error),
          async onFailedAttempt({ error, retriesLeft }) {
            if (retriesLeft === 0 || !(error instanceof GatewayFault || isConnectionFault(error))) return
            await pause(clock, call)
            usage.retries += 1
          },
        },
      )
    } catch (error) {
      if (error instanceof GatewayFault) return error.reply
      throw error
    }
  }

  return {
    request,
    usage: () => sumUsage([{ usage: () => usage }, { usage: () => credential?.usage?.() ?? noUsage }]),
    close() {
      wire.close()
      credential?.close?.()
    },
  }
}

/** A wait for a credential, which the signal of the call ends. */
async function unlessStopped<Value>(call: HttpRequest, wait: Promise<Value>): Promise<Value> {
  try {
    return await wait
  } catch (error) {
    throw call.signal.aborted && !isMillraceError(error) ? stopped(call) : error
  }
}

/** Carries an answer of 502-504 through p-retry. */
class GatewayFault extends Error {
  readonly reply: HttpReply
  constructor(reply: HttpReply) {
    super('gateway fault')
    this.reply = reply
  }
}

// With a Retry-After the vendor asks for longer than a call should hold its place: that wait is durable.
const isGatewayFault = ({ status, headers }: HttpReply): boolean => status >= 502 && status <= 504 && headers['retry-after'] === undefined

const connectionFaults = new Set(['connection_failed', 'connection_lost', 'timeout'])
const isConnectionFault = (error: unknown): boolean => isMillraceError(error) && connectionFaults.has(error.code)

/** A jittered quarter to three quarters of a second. */
async function pause(clock: Clock, call: HttpRequest): Promise<void> {
  try {
    await clock.sleep(250 + Math.random() * 500, call.signal)
  } catch {
    throw stopped(call, 'unknown')
  }
}

function stopped(call: HttpRequest, applied: 'no' | 'unknown' = 'no'): MillraceError {
  const place = `${call.method} ${redactUrl(call.path)}`
  const message =
    applied === 'no'
      ? `${place} was stopped before anything was sent.`
      : `${place} was stopped before it was repeated. It may have been applied.`
  return new MillraceError({ code: 'aborted', retryable: true, scope: 'batch', message, context: { call: place, applied } })
}

const lowerCase = (headers: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function encode(body: unknown): { body: string | Buffer | undefined; contentType: Record<string, string> } {
  if (body === undefined) return { body: undefined, contentType: {} }
  if (typeof body === 'string') return { body, contentType: { 'content-type': 'text/plain; charset=utf-8' } }
  if (body instanceof Uint8Array) return { body: Buffer.from(body), contentType: { 'content-type': 'application/octet-stream' } }
  if (body instanceof URLSearchParams)
    return { body: body.toString(), contentType: { 'content-type': 'application/x-www-form-urlencoded' } }
  return { body: JSON.stringify(body), contentType: { 'content-type': 'application/json' } }
}
