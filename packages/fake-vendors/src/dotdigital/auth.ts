import type { HttpRequest } from '../http/index.ts'
import { Refusal } from './errors.ts'

/** The API user, changeable while the server runs. */
export interface Credentials {
  readonly username: string
  readonly password: string
  /** Replaces the password; the old one is refused from now on. */
  rotate(password: string): void
}

/** What the server asks of the credential. */
export interface Authenticator extends Credentials {
  /** Refuses with 401 unless the request carries user and password. */
  authenticate(request: HttpRequest): void
}

/** Creates the check of `Authorization: Basic`. */
export function createCredentials(username: string, initial: string): Authenticator {
  let password = initial
  return {
    username,
    get password() {
      return password
    },
    rotate(next) {
      password = next
    },
    authenticate(request) {
      const expected = Buffer.from(`${username}:${password}`, 'utf8').toString('base64')
      const [scheme = '', token] = String(request.headers['authorization'] ?? '').split(' ')
      if (scheme.toLowerCase() === 'basic' && token === expected) return
      throw new Refusal('auth-basic', { status: 401, headers: { 'content-type': 'text/plain' } })
    },
  }
}
