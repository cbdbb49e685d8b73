import { once } from 'node:events'
import http, { type ClientRequest, type RequestOptions, validateHeaderName, validateHeaderValue } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { type Clock, MillraceError } from '@millrace/core'
import axios, { AxiosError } from 'axios'
import { redactUrl } from '../redact.ts'

/** One request on the wire. */
interface Attempt {
  method: string
  url: URL
  headers: Record<string, string>
  body: string | Buffer | undefined
  signal: AbortSignal
  timeoutMs: number
  maxBytes: number
}

/** What came back, undecoded. */
export interface Answer {
  status: number
  headers: Record<string, string>
  text: string
  durationMs: number
}

/** Sends attempts over kept-alive connections. */
export interface Wire {
  send(attempt: Attempt): Promise<Answer>
  close(): void
}

/** Idle connections are dropped before common vendor front ends (5 s and more) do, so that a request rarely meets a closing one. */
const idleMs = 4_000

/**
 * Opens a wire on axios. `send` resolves for every received status; else it throws MillraceError `connection_failed`, `connection_lost`, `timeout`, `request_invalid`,
 * `response_too_large` or `aborted`, and only after the socket is gone: nothing of the request can reach the vendor afterwards (design §7.3).
 */
export function openWire(clock: Clock): Wire {
  const agentOptions = { keepAlive: true, timeout: idleMs, maxFreeSockets: 64 }
  const httpAgent = new http.Agent(agentOptions)
  const httpsAgent = new https.Agent(agentOptions)

  async function send(attempt: Attempt): Promise<Answer> {
    const { url, signal, timeoutMs } = attempt
    checkHeaders(attempt)
    const startedAt = clock.monotonic()
    const expired = new AbortController()
    const answered = new AbortController()
    const wire = watchWire(url.protocol === 'https:')
    void clock.sleep(timeoutMs, answered.signal).then(
      () => expired.abort(),
      () => {},
    )
    try {
      const response = await axios.request<string>({
        method: attempt.method,
        url: url.href,
        headers: attempt.headers,
        ...(attempt.body === undefined ? {} : { data: attempt.body }),
        signal: AbortSignal.any([signal, expired.signal]),
        transport: wire.transport,
        httpAgent,
        httpsAgent,
        proxy: false,
        maxRedirects: 0,
        maxContentLength: attempt.maxBytes,
        maxBodyLength: Infinity,
        responseType: 'text',
        transformRequest: [(data: unknown) => data],
        transformResponse: [(data: unknown) => data],
        validateStatus: () => true,
      })
      const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
      return { status: response.status, headers, text: response.data, durationMs: clock.monotonic() - startedAt }
    } catch (error) {
      await wire.destroy()
      throw failure(error, attempt, { sent: wire.sent(), expired: expired.signal.aborted })
    } finally {
      answered.abort()
    }
  }

  return {
    send,
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}

/** axios would drop forbidden characters in silence and send a mutilated credential. */
function checkHeaders({ headers, method, url }: Attempt): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch {
      throw new MillraceError({
        code: 'request_invalid',
        scope: 'destination',
        message: `The header "${name}" holds characters that HTTP forbids; nothing was sent. Check the setting or credential that it is made from.`,
        context: { call: `${method} ${redactUrl(url.href)}`, header: name, applied: 'no' },
      })
    }
  }
}

/** Follows the one ClientRequest that axios makes, to know whether anything was sent and when its socket is gone. */
function watchWire(secure: boolean) {
  let request: ClientRequest | undefined
  let sent = false
  const transport = {
    request(options: RequestOptions, onResponse: (response: http.IncomingMessage) => void): ClientRequest {
      request = (secure ? https : http).request(options, onResponse)
      request.once('socket', (socket: Socket) => {
        if (socket.connecting) {
          socket.once(secure ? 'secureConnect' : 'connect', () => {
            sent = true
          })
        } else sent = true
      })
      return request
    },
  }
  return {
    transport,
    sent: () => sent,
    async destroy() {
      request?.destroy()
      // A request still waiting for a socket never writes once it is destroyed.
      const socket = request?.socket
      if (socket !== undefined && socket !== null && !socket.closed) {
        socket.destroy()
        await once(socket, 'close').catch(() => {})
      }
    },
  }
}

function failure(error: unknown, attempt: Attempt, seen: { sent: boolean; expired: boolean }): MillraceError {
  const place = `${attempt.method} ${redactUrl(attempt.url.href)}`
  const fault = faultCode(error)
  const context = { call: place, applied: seen.sent ? 'unknown' : 'no', ...(fault === undefined ? {} : { fault }) }
  const maybe = 'It may have been applied; the delivery is repeated by its own key.'
  if (attempt.signal.aborted) {
    const state = seen.sent ? 'It may have been applied.' : 'Nothing was sent.'
    return new MillraceError({
      code: 'aborted',
      retryable: true,
      scope: 'batch',
      message: `${place} was stopped before the answer came. ${state}`,
      context,
    })
  }
  if (!seen.sent) {
    const why = seen.expired ? `no connection within ${attempt.timeoutMs} ms` : (fault ?? 'no connection')
    return new MillraceError({
      code: 'connection_failed',
      retryable: true,
      scope: 'destination',
      message: `${attempt.url.host} cannot be reached (${why}); nothing was sent. Check the base URL, DNS, firewall and the vendor's status page.`,
      context,
    })
  }
  if (seen.expired) {
    const message = `${place} gave no answer within ${attempt.timeoutMs} ms. ${maybe}`
    return new MillraceError({
      code: 'timeout',
      retryable: true,
      scope: 'batch',
      message,
      context: { ...context, timeoutMs: attempt.timeoutMs },
    })
  }
  if (error instanceof AxiosError && error.message.startsWith('maxContentLength')) {
    const message = `${place} answered with more than ${attempt.maxBytes} bytes. Ask for smaller pages or raise maxBytes.`
    return new MillraceError({ code: 'response_too_large', scope: 'batch', message, context })
  }
  return new MillraceError({
    code: 'connection_lost',
    retryable: true,
    scope: 'batch',
    message: `The connection broke before ${place} was answered (${fault ?? 'closed'}). ${maybe}`,
    context,
  })
}

function faultCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined
}
