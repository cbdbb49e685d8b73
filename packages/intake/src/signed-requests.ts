import type { NotificationTransport } from '@millrace/core'
import { z } from 'zod'
import { readJson } from './refuse.ts'
import { readSettings } from './settings.ts'
import { secretSchema, verifySignature } from './signature.ts'

const settingsSchema = z.strictObject({
  secret: secretSchema,
  /** How old a request may be, ms. Default five minutes. */
  maxAgeMs: z
    .number()
    .int()
    .positive()
    .default(5 * 60_000),
})
export type SignedRequestsSettings = z.input<typeof settingsSchema>

/**
 * Requests signed with a shared secret, for a gateway or function of your own that passes on what a queue without a transport here delivers: body = one payload
 * of the platform, or a list of them. Old requests and ones from the future are refused. Throws MillraceError `setting_invalid`.
 */
export const signedRequests = (given: SignedRequestsSettings): NotificationTransport => {
  const { secret, maxAgeMs } = readSettings('signedRequests', settingsSchema, given)
  const secrets = [secret].flat()
  return {
    specificationVersion: 'v1',
    name: 'signed-requests',
    async open({ headers, body }, { clock }) {
      const bytes = await verifySignature({ secrets, headers, body, now: clock.now(), maxAgeMs })
      const parsed = readJson(bytes)
      return { payloads: Array.isArray(parsed) ? parsed : [parsed] }
    },
  }
}
