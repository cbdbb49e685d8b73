import { isMillraceError, MillraceError, type Usage } from '@millrace/core'
import { classify } from '../classify.ts'
import { vendorCode } from '../redact.ts'
import { createHttpClient, type HttpClient } from './client.ts'
import { readSecret, type RenewableCredential, type Secret } from './credential.ts'
import type { HttpReply } from './reply.ts'
import { type FetchedToken, tokenCache, type TokenCaller, untilStopped } from './token-cache.ts'

/** How an OAuth 2.0 access token is got (RFC 6749). */
export interface OAuthOptions {
  /** The vendor, for people: `HubSpot`. */
  vendor: string
  /** Address of the token endpoint: `https://api.hubapi.com/oauth/v1/token`. */
  tokenUrl: string
  clientId: string
  clientSecret: Secret
  /** Given: the grant `refresh_token`. Absent: `client_credentials`. A function is asked for every refresh. */
  refreshToken?: Secret
  /**
   * Is handed a refresh token that the vendor gave out in place of the last one, which is worth nothing from then on: store it where `refreshToken` reads it, or
   * the connection is lost with the process. Nothing is sent until it has resolved; it is called again when it fails.
   */
  keep?: (refreshToken: string) => Promise<void>
  scopes?: readonly string[]
  /** Where id and secret of the client go. Default `basic`, the header; `body` where the vendor reads them from the form only. */
  clientIn?: 'basic' | 'body'
  /** How long before its end a token is replaced, ms. Default a minute. */
  leewayMs?: number
}

interface Caller extends TokenCaller {
  http: HttpClient
}

/**
 * A credential that gets its access tokens by itself: give it wherever a token is asked for. One refresh serves all callers, a minute before a token expires and
 * once when one is refused. Throws MillraceError of scope `destination`, before anything of the call was sent: `credentials_rejected` and `scope_missing` when the
 * grant is refused, naming what to do; `credential_unavailable` when a function fails; what {@link classify} says of an endpoint that does not answer.
 */
export function oauth(options: OAuthOptions): RenewableCredential {
  const { vendor, tokenUrl, clientId, clientSecret, refreshToken, leewayMs = 60_000 } = options
  const { origin, pathname, search } = new URL(tokenUrl)
  // The refresh token that is worth something now, and the one that stood in the settings when it was given out.
  let rotated = { from: '', to: '' }
  let unkept: string | undefined
  let keeping: Promise<void> | undefined

  /** The refresh token of the settings, or what it was exchanged for while that one stands there. */
  async function presentRefreshToken(): Promise<string | undefined> {
    if (refreshToken === undefined) return undefined
    const given = await readSecret(refreshToken)
    if (rotated.from !== given) rotated = { from: given, to: given }
    return rotated.to
  }

  async function hand(token: string): Promise<void> {
    try {
      await options.keep?.(token)
      if (unkept === token) unkept = undefined
    } catch {
      throw new MillraceError({
        code: 'credential_unavailable',
        scope: 'destination',
        retryable: true,
        message: `${vendor} gave out a new refresh token and it could not be kept, so nothing was sent. Mend what \`keep\` writes to; it is tried again by itself, and must not be restarted before.`,
        context: { applied: 'no' },
      })
    }
  }

  /** Nothing is sent while a refresh token would be lost with the process. */
  async function keepRotated(): Promise<void> {
    if (unkept === undefined) return
    keeping ??= hand(unkept).finally(() => (keeping = undefined))
    await keeping
  }

  async function requestOf(present: string | undefined): Promise<{ body: URLSearchParams; headers: Record<string, string> }> {
    const secret = await readSecret(clientSecret)
    const inBody = options.clientIn === 'body'
    const pair = [clientId, secret].map((part) => encodeURIComponent(part)).join(':')
    return {
      body: new URLSearchParams({
        grant_type: present === undefined ? 'client_credentials' : 'refresh_token',
        ...(present === undefined ? {} : { refresh_token: present }),
        ...(options.scopes === undefined ? {} : { scope: options.scopes.join(' ') }),
        ...(inBody ? { client_id: clientId, client_secret: secret } : {}),
      }),
      headers: inBody ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    }
  }

  async function fetchToken({ clock, signal, http }: Caller): Promise<FetchedToken> {
    const present = await presentRefreshToken()
    const { body, headers } = await requestOf(present)
    // A refresh token may be worth nothing after its first use, so a refresh is not repeated.
    const idempotent = present === undefined
    const reply = await http
      .request({ method: 'POST', path: `${pathname}${search}`, body, headers, idempotent, signal })
      .catch((error: unknown) => {
        throw isMillraceError(error) ? notSent(error) : error
      })
    const token = member(reply.body, 'access_token')
    if (reply.status < 200 || reply.status >= 300 || typeof token !== 'string' || token === '') throw refusal(reply, clock.now())
    const next = member(reply.body, 'refresh_token')
    if (present !== undefined && typeof next === 'string' && next !== '' && next !== present) {
      rotated = { ...rotated, to: next }
      unkept = next
    }
    const seconds = Number(member(reply.body, 'expires_in'))
    return { token, ...(seconds > 0 ? { lifetimeMs: seconds * 1_000 } : {}) }
  }

  function refusal(reply: HttpReply, now: number): MillraceError {
    const category = vendorCode(member(reply.body, 'error')) ?? vendorCode(member(reply.body, 'status'))
    const isRefused = reply.status >= 400 && reply.status < 500 && reply.status !== 408 && reply.status !== 429
    if (!isRefused) return notSent(classify(reply, { vendor, call: 'an access token', now }))
    const { code = 'credentials_rejected', field, cure } = meaningOf(category, reply.status)
    return new MillraceError({
      code,
      scope: 'destination',
      field,
      message: `${vendor} gave no access token (status ${reply.status}${category === undefined ? '' : `, ${category}`}). ${cure}`,
      context: { status: reply.status, applied: 'no', ...(category === undefined ? {} : { category }) },
    })
  }

  const cache = tokenCache(fetchToken, { leewayMs, finishes: refreshToken !== undefined })
  return {
    lasting: refreshToken ?? clientSecret,
    open({ clock, logger }) {
      const http = createHttpClient({ baseUrl: origin, clock, ...(logger === undefined ? {} : { logger }) })
      const current = async (signal: AbortSignal): Promise<string> => {
        const token = await cache.get({ clock, signal, http })
        await untilStopped(keepRotated(), signal)
        return token
      }
      return {
        current,
        async renew(refused, signal) {
          cache.drop(refused)
          return (await current(signal)) !== refused
        },
        usage: (): Usage => http.usage(),
        close: () => http.close(),
      }
    },
  }
}

/** What to do, by the code of RFC 6749 §5.2. */
function meaningOf(category: string | undefined, status: number): { code?: string; field: string; cure: string } {
  switch (category?.toLowerCase()) {
    case 'invalid_grant':
      return {
        field: 'refreshToken',
        cure: 'The refresh token was revoked, has expired, belongs to another client or was used before. Let somebody authorise the app again and put the new token in its place; see also that the one that `keep` was given last is the one that is read.',
      }
    case 'invalid_scope':
      return {
        code: 'scope_missing',
        field: 'scopes',
        cure: 'The client may not have all of `scopes`, or one is misspelt: grant them there, or take them out.',
      }
    case 'unauthorized_client':
    case 'unsupported_grant_type':
      return {
        field: 'clientId',
        cure: 'The client may not get tokens in this way: allow it there, or use the other grant (with `refreshToken` or without).',
      }
    default:
      if (category?.toLowerCase() === 'invalid_client' || status === 401)
        return {
          field: 'clientSecret',
          cure: 'It does not know the client, or its secret is another one by now: check `clientId` and `clientSecret`, and `clientIn`.',
        }
      return { field: 'tokenUrl', cure: 'Check `tokenUrl`, `clientId` and `clientSecret`.' }
  }
}

/** A fault on the way to a token: whatever became of that request, the call that needed the token was not sent. It concerns all calls. */
const notSent = ({ code, message, retryable, retryAfterMs, context }: MillraceError): MillraceError =>
  new MillraceError({
    code,
    message,
    retryable,
    scope: 'destination',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    context: { ...context, applied: 'no' },
  })

const member = (body: unknown, name: string): unknown => (typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined)
