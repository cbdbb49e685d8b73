import { createHmac, timingSafeEqual } from 'node:crypto'
import type { NotificationTransport } from '@millrace/core'
import { z } from 'zod'
import { readJson, unauthorized } from './refuse.ts'
import { readSettings } from './settings.ts'

const settingsSchema = z.strictObject({
  /** Shared with the sender; at least 32 characters. Several while one is being replaced. */
  secret: z.union([z.string().min(32), z.array(z.string().min(32)).min(1)]),
  /** How old a request may be, ms. Default five minutes. */
  maxAgeMs: z
    .number()
    .int()
    .positive()
    .default(5 * 60_000),
})
export type SignedRequestsSettings = z.input<typeof settingsSchema>

const digest = (secret: string, timestamp: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest()

/** The headers that a sender puts on a request: `x-millrace-timestamp` (epoch ms) and `x-millrace-signature` (hex HMAC-SHA256 of `<timestamp>.<body>`). */
export const signRequest = (secret: string, body: string | Uint8Array, now: number): Record<string, string> => {
  const timestamp = String(now)
  return {
    'x-millrace-timestamp': timestamp,
    'x-millrace-signature': digest(secret, timestamp, Buffer.from(body)).toString('hex'),
  }
}

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
      const timestamp = headers['x-millrace-timestamp'] ?? ''
      const signature = headers['x-millrace-signature'] ?? ''
      if (!/^\d{13}$/.test(timestamp) || !/^[0-9a-f]{64}$/.test(signature)) throw unauthorized('It is not signed.')
      if (Math.abs(clock.now() - Number(timestamp)) > maxAgeMs) throw unauthorized('It is too old, or from the future.')
      const bytes = await body()
      const claimed = Buffer.from(signature, 'hex')
      // All are compared, so that the time does not tell which one it was.
      const holds = secrets.map((each) => timingSafeEqual(digest(each, timestamp, bytes), claimed)).some(Boolean)
      if (!holds) throw unauthorized('The signature does not hold.')
      const parsed = readJson(bytes)
      return { payloads: Array.isArray(parsed) ? parsed : [parsed] }
    },
  }
}
