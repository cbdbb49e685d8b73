import type { ApiRequest } from '@commercetools/platform-sdk'
import { ClientBuilder } from '@commercetools/ts-client'
import { isMillraceError, type SourceContext } from '@millrace/core'
import { toError } from './errors.ts'
import { exchangeOnce, type Exchange } from './http.ts'
import { withRetry } from './retry.ts'
import type { Settings } from './settings.ts'
import { createTokens } from './token.ts'

/** A reply of the platform: its size as UTF-16 units of text, and the platform's clock in epoch ms (`Date` header, to the second). */
export interface Reply<T> {
  body: T
  bytes: number
  date: number | undefined
}

/** Sends requests made with the platform's SDK. What is read is sent again when it fails in transit; what is written is sent once. */
export interface Transport {
  /** `what` names the kind of data, for messages. Throws MillraceError of scope `destination`, or the signal's reason. */
  send<T>(request: ApiRequest<T>, what: string, ctx: SourceContext): Promise<Reply<T>>
  /** The same, but a 404 is an answer: `undefined`. */
  find<T>(request: ApiRequest<T>, what: string, ctx: SourceContext): Promise<Reply<T> | undefined>
  /** Sends a request that changes something, once. Throws as `send` does; without an answer nobody knows whether it was applied. */
  write<T>(request: ApiRequest<T>, what: string, ctx: SourceContext): Promise<Reply<T>>
  /** The platform's clock in epoch ms, to the second, from the `Date` header of the answer, which may also be a 403 or 404. */
  serverTime(request: ApiRequest<unknown>, what: string, ctx: SourceContext): Promise<number | undefined>
  /** The scopes of the current token. */
  scopes(ctx: SourceContext): Promise<string[]>
}

/** Travels with a request through ts-client to the function that sends it, and brings back what that saw. */
interface Parcel {
  signal: AbortSignal
  exchange?: Exchange
  fault?: unknown
}

type ClientInit = RequestInit & { request?: { parcel?: Parcel } }

const dateOf = (headers: Record<string, string>): number | undefined => {
  const time = Date.parse(headers['date'] ?? '')
  return Number.isNaN(time) ? undefined : time
}

/**
 * The platform's client behind our own token, retry and error normaliser. ts-client 5.0.3 ignores Retry-After, never repeats a request after a
 * connection fault, and loses the status of an error body with an empty `errors` list; so what its `httpClient` saw counts, not what it throws.
 */
export const createTransport = (settings: Settings): Transport => {
  const tokens = createTokens(settings)

  const httpClient = async (url: string, init: ClientInit) => {
    const parcel = init.request?.parcel
    if (parcel === undefined) throw new TypeError('A request was sent outside the transport')
    const { method = 'GET', headers = {}, body } = init
    try {
      parcel.exchange = await exchangeOnce(url, { method, headers, ...(body == null ? {} : { body }) }, settings.timeoutMs, parcel.signal)
    } catch (error) {
      parcel.fault = error
      throw error
    }
    return { status: parcel.exchange.status, headers: parcel.exchange.headers, data: parcel.exchange.body }
  }

  const client = new ClientBuilder()
    .withHttpMiddleware({ host: settings.apiUrl, httpClient, includeRequestInErrorResponse: false })
    .withUserAgentMiddleware({ name: 'millrace' })
    .build()

  /** Any answer, whatever its status. Throws only when there was none. */
  const exchange = async (request: ApiRequest<unknown>, what: string, ctx: SourceContext): Promise<Exchange> => {
    const token = await tokens.get(ctx)
    const parcel: Parcel = { signal: ctx.signal }
    const made = request.clientRequest()
    await client.execute({ ...made, headers: { ...made.headers, Authorization: `Bearer ${token}` }, parcel }).catch(() => undefined)
    ctx.signal.throwIfAborted()
    if (parcel.exchange === undefined) {
      const timedOut = parcel.fault instanceof Error && parcel.fault.name === 'TimeoutError'
      throw toError({ status: undefined, headers: {}, body: undefined, what, timedOut }, ctx.clock.now())
    }
    if (parcel.exchange.status === 401) tokens.drop(token)
    return parcel.exchange
  }

  /** A refused token is replaced once, with credentials read anew: they may have been rotated. */
  const answer = async (
    request: ApiRequest<unknown>,
    what: string,
    ctx: SourceContext,
    accepts: (status: number) => boolean,
  ): Promise<Exchange> => {
    let got = await exchange(request, what, ctx)
    if (got.status === 401) got = await exchange(request, what, ctx)
    if (!accepts(got.status)) throw toError({ ...got, what, timedOut: false }, ctx.clock.now())
    return got
  }

  const succeeded = (status: number): boolean => status >= 200 && status < 300

  // The SDK's types are the platform's documented answer; the model checks every record again.
  const toReply = <T>({ body, headers, bytes }: Exchange): Reply<T> => ({ body: body as T, bytes, date: dateOf(headers) })

  const send = async <T>(request: ApiRequest<T>, what: string, ctx: SourceContext): Promise<Reply<T>> => {
    ctx.signal.throwIfAborted()
    return toReply(await withRetry(() => answer(request, what, ctx, succeeded), ctx))
  }

  return {
    send,
    find: async (request, what, ctx) => {
      // An id of dots would name what is above it: URLs are resolved before they are sent.
      if (/\/\.{1,2}(?:[/?]|$)/.test(request.clientRequest().uri ?? '')) return undefined
      try {
        const reply = await send(request, what, ctx)
        // What is neither a resource nor a page of them is no answer.
        const isAnswer = typeof reply.body === 'object' && reply.body !== null && ('id' in reply.body || 'results' in reply.body)
        if (isAnswer) return reply
        throw toError({ status: 200, headers: {}, body: reply.body, what, timedOut: false }, ctx.clock.now())
      } catch (error) {
        if (isMillraceError(error) && error.code === 'source_not_found') return undefined
        throw error
      }
    },
    write: async (request, what, ctx) => {
      ctx.signal.throwIfAborted()
      return toReply(await answer(request, what, ctx, succeeded))
    },
    serverTime: async (request, what, ctx) => {
      const { headers } = await withRetry(
        () => answer(request, what, ctx, (status) => succeeded(status) || status === 403 || status === 404),
        ctx,
      )
      return dateOf(headers)
    },
    scopes: tokens.scopes,
  }
}
