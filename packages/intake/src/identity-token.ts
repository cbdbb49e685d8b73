import { errors, jwtVerify, SignJWT } from 'jose'
import { unauthorized } from './refuse.ts'

const audience = 'millrace-collect'
const longestMs = 60 * 60_000

/** Who somebody is, by the word of the shop's server. With `anonymousId` the token is good for that visitor only. */
export interface Identity {
  customerId: string
  anonymousId?: string
}

/**
 * A token with which the browser of somebody who is logged in says who that is: a JWT (HS256) of the shop's server, good for 15 minutes unless `ttlMs` (an hour at
 * most) says otherwise. Make it behind the login only; the secret never leaves the server. Throws TypeError for a secret of less than 32 characters.
 */
export const signIdentity = async (
  secret: string,
  { customerId, anonymousId }: Identity,
  { now = Date.now(), ttlMs = 15 * 60_000 }: { now?: number; ttlMs?: number } = {},
): Promise<string> => {
  if (secret.length < 32) throw new TypeError('The secret of identities needs 32 characters or more.')
  return await new SignJWT(anonymousId === undefined ? {} : { aid: anonymousId })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setSubject(customerId)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + Math.min(ttlMs, longestMs)) / 1000))
    .sign(new TextEncoder().encode(secret))
}

/** Whom a token names. Throws `notification_unauthorized`. */
export const verifyIdentity = async (secrets: readonly string[], token: string, anonymousId: string, now: number): Promise<string> => {
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
        algorithms: ['HS256'],
        audience,
        requiredClaims: ['sub', 'iat', 'exp'],
        maxTokenAge: longestMs / 1000,
        currentDate: new Date(now),
      })
      const { sub, aid } = payload
      if (sub === undefined || sub === '' || sub.length > 256) throw unauthorized('The token names nobody.')
      if (aid !== undefined && aid !== anonymousId) throw unauthorized('The token is of another visitor.')
      return sub
    } catch (thrown) {
      if (!(thrown instanceof errors.JOSEError)) throw thrown
    }
  }
  throw unauthorized('The token does not hold.')
}
