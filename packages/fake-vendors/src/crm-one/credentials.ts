import type { HttpRequest } from '../http/index.ts'
import { refuse, refuseAt } from './problem.ts'
import type { Scope } from './scopes.ts'

/** The credential of the CRM, changeable while the server runs. */
export interface Credentials {
  readonly token: string
  readonly scopes: ReadonlySet<Scope>
  /** Replaces the token; the old one is refused from now on. */
  rotate(token: string): void
  /** Replaces the granted scopes. */
  grant(scopes: readonly Scope[]): void
  /** Takes single scopes away. */
  revoke(...scopes: Scope[]): void
}

/** What the server asks of a credential. */
export interface Authenticator extends Credentials {
  /** Refuses with 401 unless the request carries the token. */
  authenticate(request: HttpRequest): void
  /** Refuses with 403 unless the scope is granted. */
  authorize(scope: Scope): void
}

/** Creates the check of `Authorization: Bearer`. */
export function createCredentials(initial: string, granted: readonly Scope[]): Authenticator {
  let token = initial
  let scopes = new Set(granted)
  return {
    get token() {
      return token
    },
    get scopes() {
      return scopes
    },
    rotate(next) {
      token = next
    },
    grant(next) {
      scopes = new Set(next)
    },
    revoke(...gone) {
      for (const scope of gone) scopes.delete(scope)
    },
    authenticate(request) {
      if (request.headers['authorization'] !== `Bearer ${token}`) refuse('auth-bearer', 'credentials')
    },
    authorize(scope) {
      if (!scopes.has(scope)) refuseAt('auth-scope', 'scope', 'header/Authorization', scope)
    },
  }
}
