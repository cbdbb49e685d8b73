import { randomBytes } from 'node:crypto'

import type { HttpReply, HttpRequest } from '../http/message.ts'
import { authError } from './errors.ts'

const INVALID_CLIENT = 'Please provide valid client credentials using HTTP Basic Authentication.'

/** What a client is known by and may do. `scopes` are full (`view_orders:{projectKey}`). */
export interface Client {
  clientId: string
  clientSecret: string
  scopes: readonly string[]
}

interface Token {
  scopes: readonly string[]
  expiresAt: number
}

/** The authorisation server of the fake. */
export interface OAuth {
  /** Answers `/oauth/token` and `/oauth/introspect`. */
  handle(request: HttpRequest): HttpReply
  /** The scopes of the request's bearer token, or the 401 that the API answers. */
  authenticate(request: HttpRequest): { scopes: readonly string[] } | { refusal: HttpReply }
  /** Makes every token issued so far invalid. */
  expireTokens(): void
  /** Replaces the secret; tokens already issued stay valid, as with a rotated API client. */
  setSecret(secret: string): void
  /** Takes scopes away from the client and from its tokens, or gives them back. */
  setScopes(scopes: readonly string[]): void
}

/** Creates an authorisation server for one client. `now` decides when tokens expire. */
export function createOAuth(client: Client, lifetimeSeconds: number, now: () => number): OAuth {
  const tokens = new Map<string, Token>()
  let { clientSecret, scopes: granted } = client

  function isClient(request: HttpRequest): boolean {
    const [, encoded] = /^Basic ([\w+/=-]+)$/iu.exec(String(request.headers['authorization'] ?? '')) ?? []
    return encoded !== undefined && Buffer.from(encoded, 'base64').toString('utf8') === `${client.clientId}:${clientSecret}`
  }

  function findToken(text: string): Token | undefined {
    const token = tokens.get(text)
    if (token === undefined || token.expiresAt <= now()) return undefined
    return { ...token, scopes: token.scopes.filter((scope) => granted.includes(scope)) }
  }

  function issue(parameter: (name: string) => string | null): HttpReply {
    const grant = parameter('grant_type')
    if (grant === null) return authError(400, 'invalid_request', 'Missing required parameter: grant_type.')
    if (grant !== 'client_credentials')
      return authError(400, 'unsupported_grant_type', `Invalid parameter: grant_type: Invalid grant type: ${grant}`)
    const asked = parameter('scope')?.split(/\s+/u).filter(Boolean) ?? []
    const foreign = asked.find((scope) => !granted.includes(scope))
    if (foreign !== undefined) return authError(400, 'invalid_scope', `Malformed parameter: scope: Invalid scope: '${foreign}'.`)
    const scopes = asked.length === 0 ? granted : asked
    const accessToken = randomBytes(24).toString('base64url')
    tokens.set(accessToken, { scopes, expiresAt: now() + lifetimeSeconds * 1000 })
    return { status: 200, body: { access_token: accessToken, expires_in: lifetimeSeconds, scope: scopes.join(' '), token_type: 'Bearer' } }
  }

  function introspect(parameter: (name: string) => string | null): HttpReply {
    const token = findToken(parameter('token') ?? '')
    if (token === undefined) return { status: 200, body: { active: false } }
    return { status: 200, body: { active: true, scope: token.scopes.join(' '), exp: token.expiresAt, client_id: client.clientId } }
  }

  return {
    handle(request) {
      if (request.method !== 'POST') return { status: 405, body: { statusCode: 405, message: 'HTTP method not allowed.' } }
      if (!isClient(request)) return authError(401, 'invalid_client', INVALID_CLIENT)
      const form = new URLSearchParams(request.text)
      const parameter = (name: string): string | null => form.get(name) ?? request.query.get(name)
      if (request.path === '/oauth/token') return issue(parameter)
      if (request.path === '/oauth/introspect') return introspect(parameter)
      return { status: 404, body: { statusCode: 404, message: 'Not Found' } }
    },
    authenticate(request) {
      const [, bearer] = /^Bearer (\S+)$/iu.exec(String(request.headers['authorization'] ?? '')) ?? []
      const token = bearer === undefined ? undefined : findToken(bearer)
      if (token !== undefined) return { scopes: token.scopes }
      const message =
        bearer === undefined ? 'This endpoint requires an access token. You can get one from the authorization server.' : 'invalid_token'
      return { refusal: authError(401, 'invalid_token', message) }
    },
    expireTokens() {
      tokens.clear()
    },
    setSecret(secret) {
      clientSecret = secret
    },
    setScopes(scopes) {
      granted = scopes
    },
  }
}
