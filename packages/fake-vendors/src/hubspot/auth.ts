import type { HttpRequest } from '../http/index.ts'
import { refuse } from './errors.ts'

/** The portal's credential, changeable while the server runs. */
export interface Credentials {
  /** Replaces the token; the old one is refused from now on. */
  rotate(accessToken: string): void
  /** Lets the current token count as expired (true) or valid again. */
  expire(expired?: boolean): void
  /** Replaces the granted scopes. */
  grant(scopes: readonly string[]): void
  /** Takes single scopes away. */
  revoke(...scopes: string[]): void
  readonly accessToken: string
  readonly scopes: ReadonlySet<string>
}

/** What the server asks of a credential. */
export interface Authenticator extends Credentials {
  /** Refuses with 401 unless the request carries the token. */
  authenticate(request: HttpRequest): void
  /** Refuses with 403 naming the scopes unless one of `anyOf` is granted. */
  authorize(anyOf: readonly string[]): void
}

/** Creates the check of `Authorization: Bearer`. */
export function createCredentials(token: string, granted: readonly string[]): Authenticator {
  let accessToken = token
  let expired = false
  let scopes = new Set(granted)
  return {
    get accessToken() {
      return accessToken
    },
    get scopes() {
      return scopes
    },
    rotate(next) {
      accessToken = next
      expired = false
    },
    expire(isExpired = true) {
      expired = isExpired
    },
    grant(next) {
      scopes = new Set(next)
    },
    revoke(...gone) {
      for (const scope of gone) scopes.delete(scope)
    },
    authenticate(request) {
      const header = request.headers['authorization']
      if (header !== `Bearer ${accessToken}`) {
        refuse({
          rule: 'auth-invalid-token',
          status: 401,
          category: 'INVALID_AUTHENTICATION',
          message: 'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
        })
      }
      if (expired) {
        refuse({
          rule: 'auth-expired-token',
          status: 401,
          category: 'EXPIRED_AUTHENTICATION',
          message: 'The OAuth token used to make this call expired.',
        })
      }
    },
    authorize(anyOf) {
      if (anyOf.length === 0 || anyOf.some((scope) => scopes.has(scope))) return
      refuse({
        rule: 'auth-missing-scopes',
        status: 403,
        category: 'MISSING_SCOPES',
        message: "This app hasn't been granted all required scopes to make this call.",
        errors: [
          { message: `One or more of the following scopes are required: ${anyOf.join(', ')}.`, context: { requiredGranularScopes: anyOf } },
        ],
      })
    },
  }
}
