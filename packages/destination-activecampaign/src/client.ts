import { createHttpClient, readCredential, sumUsage, type HttpClient, type HttpReply, type Query } from '@millrace/adapter-kit'
import type { Clock, Logger, MillraceError, Usage } from '@millrace/core'
import { accountLimits, bucketBudgets, isImportLimit, type Bucket } from './budgets.ts'
import { callError } from './errors.ts'
import type { Settings } from './settings.ts'

/** One call below `/api/3/`. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `contacts/12` */
  path: string
  query?: Query
  body?: unknown
  /** What is called, for people: `contact/sync`. */
  call: string
  signal: AbortSignal
  bucket?: Bucket
  /** Doing it twice is the same as once. */
  idempotent?: boolean
  /** Consent: goes before waiting calls. */
  urgent?: boolean
}

/** An account's API: sends inside the account's budgets. */
export interface Client {
  /** Resolves for every status. A 429, and the limit of imports, is waited out as far as a call may wait. */
  send(call: Call): Promise<HttpReply>
  /** Resolves for 2xx with JSON, throws MillraceError for every other answer. */
  require(call: Call): Promise<HttpReply>
  /** Sends an event to the tracking host; never again once it may have been taken in. Undefined when the settings name none. */
  track(form: URLSearchParams, signal: AbortSignal): Promise<HttpReply | undefined>
  error(reply: HttpReply, call: string, scope?: 'record' | 'batch'): MillraceError
  usage(): Usage
  close(): void
}

/** How often a call that was refused by a rate limit is sent again; each time the budget waits for room first. */
const maxRefusals = 4

const jsonHeaders = { 'content-type': 'application/json' }

/** Whether an answer says it worked, in JSON. A page of something in between does not. */
export const isSuccess = ({ status, body }: HttpReply): boolean => status >= 200 && status < 300 && typeof body !== 'string'

/** Opens the clients of one account. */
export const openClient = (settings: Settings, clock: Clock, logger: Logger): Client => {
  const budgets = accountLimits(settings, clock)
  const common = { clock, logger, budgets, timeoutMs: settings.timeoutMs }
  const api = createHttpClient({ ...common, baseUrl: `${settings.apiUrl}/api/3` })
  const token = readCredential(settings.apiToken, { clock, logger })
  const tracker = settings.tracking === undefined ? undefined : openTracker(settings.tracking, common)

  const exchange = async ({
    method,
    path,
    query,
    body,
    signal,
    bucket = 'general',
    idempotent = false,
    urgent = false,
  }: Call): Promise<HttpReply> => {
    const once = (secret: string): Promise<HttpReply> =>
      api.request({
        method,
        path,
        signal,
        idempotent,
        urgent,
        budget: bucketBudgets[bucket],
        headers: { 'api-token': secret, ...(body === undefined ? {} : jsonHeaders) },
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    const secret = await token.current(signal)
    const reply = await once(secret)
    // A refused key is a 403 here, and not only the 401 that the HTTP client looks for.
    const isRefused = reply.status === 403 || reply.status === 401
    return isRefused && (await token.renew(secret, signal)) ? once(await token.current(signal)) : reply
  }

  const send: Client['send'] = async (call) => {
    let reply = await exchange(call)
    for (let refusals = 0; (reply.status === 429 || isImportLimit(reply)) && refusals < maxRefusals; refusals += 1)
      reply = await exchange(call)
    return reply
  }
  const error: Client['error'] = (reply, call, scope) => callError(reply, call, clock.now(), scope)

  return {
    send,
    error,
    async require(call) {
      const reply = await send(call)
      if (isSuccess(reply)) return reply
      throw error(reply, call.call)
    },
    track: async (form, signal) => tracker?.send(form, signal),
    usage: () => sumUsage([api, ...(tracker === undefined ? [] : [tracker.http])]),
    close() {
      api.close()
      tracker?.http.close()
    },
  }
}

type Common = Pick<Parameters<typeof createHttpClient>[0], 'clock' | 'logger' | 'budgets' | 'timeoutMs'>

const openTracker = (
  { url, accountId, eventKey }: NonNullable<Settings['tracking']>,
  common: Common,
): { http: HttpClient; send(form: URLSearchParams, signal: AbortSignal): Promise<HttpReply> } => {
  const { origin, pathname } = new URL(url)
  const http = createHttpClient({ ...common, baseUrl: origin })
  const key = readCredential(eventKey, common)
  return {
    http,
    async send(form, signal) {
      const body = new URLSearchParams(form)
      body.set('actid', accountId)
      body.set('key', await key.current(signal))
      const once = (): Promise<HttpReply> =>
        http.request({ method: 'POST', path: pathname, body, signal, budget: bucketBudgets.events, retry: false })
      let reply = await once()
      // A refusal for the rate took nothing in, so this is no repetition.
      for (let refusals = 0; reply.status === 429 && refusals < maxRefusals; refusals += 1) reply = await once()
      return { ...reply, body: unannounced(reply.body) }
    },
  }
}

/** The tracking host need not announce its JSON as such. */
const unannounced = (body: unknown): unknown => {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
