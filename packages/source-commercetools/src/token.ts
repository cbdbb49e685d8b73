import { type FetchedToken, tokenCache } from '@millrace/adapter-kit'
import { MillraceError, type SourceContext } from '@millrace/core'
import { toError } from './errors.ts'
import { exchangeOnce, type Exchange } from './http.ts'
import { withRetry } from './retry.ts'
import type { Credential, Settings } from './settings.ts'

/** The access token of the API client: fetched when needed, shared by concurrent requests, replaced a few minutes before it expires. */
export interface Tokens {
  get(ctx: SourceContext): Promise<string>
  /** To be called when the platform refused a token: the next `get` reads the credentials again. */
  drop(token: string): void
  /** The scopes of the current token, by introspection (RFC 7662 at `/oauth/introspect`). */
  scopes(ctx: SourceContext): Promise<string[]>
}

const valueOf = (credential: Credential): Promise<string> | string => (typeof credential === 'string' ? credential : credential())

const field = (body: unknown, name: string): unknown => (typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined)

const refusedScopes = (): MillraceError =>
  new MillraceError({
    code: 'source_scopes_refused',
    message: 'commercetools refused the setting `scopes`: the API client does not have all of them, or one is misspelt.',
    scope: 'destination',
    field: 'scopes',
  })

/** Client credentials flow of OAuth 2.0 against `authUrl`. */
export const createTokens = (settings: Settings): Tokens => {
  const post = async (path: string, form: Record<string, string>, ctx: SourceContext): Promise<Exchange> => {
    const basic = Buffer.from(`${await valueOf(settings.clientId)}:${await valueOf(settings.clientSecret)}`).toString('base64')
    const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' }
    const init = { method: 'POST', headers, body: new URLSearchParams(form).toString() }
    const fail = (exchange: Partial<Exchange>, cause?: unknown): never => {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
      throw toError(
        { status: exchange.status, headers: exchange.headers ?? {}, body: exchange.body, what: 'authorization', timedOut },
        ctx.clock.now(),
      )
    }
    const exchange = await exchangeOnce(settings.authUrl.replace(/\/+$/, '') + path, init, settings.timeoutMs, ctx.signal).catch(
      (error: unknown) => {
        ctx.signal.throwIfAborted()
        return fail({}, error)
      },
    )
    if (exchange.status === 200) return exchange
    if (exchange.status === 400 && field(exchange.body, 'error') === 'invalid_scope') throw refusedScopes()
    return fail(exchange.status === 400 ? { ...exchange, status: 401 } : exchange)
  }

  const fetchToken = async (ctx: SourceContext): Promise<FetchedToken> => {
    const scope = settings.scopes === undefined ? {} : { scope: settings.scopes.join(' ') }
    const { body, headers } = await withRetry(() => post('/oauth/token', { grant_type: 'client_credentials', ...scope }, ctx), ctx)
    const token = field(body, 'access_token')
    const seconds = field(body, 'expires_in')
    if (typeof token !== 'string') throw toError({ status: 200, headers, body, what: 'authorization', timedOut: false }, ctx.clock.now())
    return { token, lifetimeMs: typeof seconds === 'number' ? seconds * 1000 : 0 }
  }

  const cache = tokenCache(fetchToken, { leewayMs: 300_000 })
  return {
    get: (ctx) => cache.get(ctx),
    drop: (token) => cache.drop(token),
    scopes: async (ctx) => {
      const token = await cache.get(ctx)
      const { body } = await withRetry(() => post('/oauth/introspect', { token }, ctx), ctx)
      const scope = field(body, 'scope')
      return typeof scope === 'string' ? scope.split(' ').filter((part) => part !== '') : []
    },
  }
}
