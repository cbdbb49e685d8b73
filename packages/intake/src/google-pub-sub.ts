import type { NotificationTransport } from '@millrace/core'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import { malformed, readJson, unauthorized } from './refuse.ts'
import { readSettings } from './settings.ts'

const googleKeys = 'https://www.googleapis.com/oauth2/v3/certs'
const issuers = ['https://accounts.google.com', 'accounts.google.com']

/** The codes of jose for keys that did not come, or not as keys. */
const keysUnreadable: ReadonlySet<string> = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'])

const settingsSchema = z.strictObject({
  /** The audience of the push subscription; by default it is the endpoint's whole address. */
  audience: z.string().min(1),
  /** E-mails of the service accounts that may push: the one of the push subscription. */
  serviceAccounts: z.array(z.string().includes('@')).min(1),
  /** Full name of the subscription, `projects/<project>/subscriptions/<name>`; others are refused. */
  subscription: z.string().startsWith('projects/').optional(),
  /** Where the signing keys are; for tests. */
  keysUrl: z.url().default(googleKeys),
})
export type GooglePubSubSettings = z.input<typeof settingsSchema>

const envelopeSchema = z.object({
  message: z.object({ data: z.base64().min(1) }),
  subscription: z.string().optional(),
})

/**
 * Google Cloud Pub/Sub by push, with authentication switched on: the bearer token is an OpenID Connect token that Google signs, checked for signature, expiry,
 * audience and service account before the body is read (cloud.google.com/pubsub/docs/authenticate-push-subscriptions). Expiry, at most an hour, is the replay
 * window; a repetition inside it fetches the same record once more and changes nothing. Throws MillraceError `setting_invalid`.
 */
export const googlePubSub = (given: GooglePubSubSettings): NotificationTransport => {
  const { audience, serviceAccounts, subscription, keysUrl } = readSettings('googlePubSub', settingsSchema, given)
  const keys = createRemoteJWKSet(new URL(keysUrl), { timeoutDuration: 5_000 })

  const authenticate = async (header: string | undefined, now: number): Promise<void> => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header ?? '')?.[1]
    if (token === undefined) throw unauthorized('There is no bearer token. Switch authentication on for the push subscription.')
    try {
      const { payload } = await jwtVerify(token, keys, {
        audience,
        issuer: issuers,
        algorithms: ['RS256'],
        requiredClaims: ['exp', 'email'],
        currentDate: new Date(now),
        clockTolerance: 60,
      })
      if (payload['email_verified'] !== true || !serviceAccounts.includes(String(payload['email'])))
        throw unauthorized('The token is of a service account that may not push.')
    } catch (error) {
      // Keys that cannot be read prove nothing either way: the sender tries again.
      if (!(error instanceof errors.JOSEError) || keysUnreadable.has(error.code)) throw error
      throw unauthorized(`The token does not hold: ${error.code}.`)
    }
  }

  return {
    specificationVersion: 'v1',
    name: 'google-pub-sub',
    async open({ headers, body }, { clock }) {
      await authenticate(headers['authorization'], clock.now())
      const envelope = envelopeSchema.safeParse(readJson(await body()))
      if (!envelope.success) throw malformed('The body is not the envelope of a push subscription.')
      if (subscription !== undefined && envelope.data.subscription !== subscription) throw unauthorized('It is of another subscription.')
      return { payloads: [readJson(Buffer.from(envelope.data.message.data, 'base64'))] }
    },
  }
}
