import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { unauthorized } from './refuse.ts'

/** Shared with the sender; at least 32 characters. Several while one is being replaced. */
export const secretSchema: z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]> = z.union([
  z.string().min(32),
  z.array(z.string().min(32)).min(1),
])

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

/** What a signature is looked at with. Header names are lower case. */
export interface Signed {
  secrets: readonly string[]
  headers: Readonly<Record<string, string>>
  body(): Promise<Uint8Array>
  now: number
  maxAgeMs: number
}

/** The body of a request, once its signature holds. Throws `notification_unauthorized`, for old ones and ones from the future before the body is read. */
export const verifySignature = async ({ secrets, headers, body, now, maxAgeMs }: Signed): Promise<Uint8Array> => {
  const timestamp = headers['x-millrace-timestamp'] ?? ''
  const signature = headers['x-millrace-signature'] ?? ''
  if (!/^\d{13}$/.test(timestamp) || !/^[0-9a-f]{64}$/.test(signature)) throw unauthorized('It is not signed.')
  if (Math.abs(now - Number(timestamp)) > maxAgeMs) throw unauthorized('It is too old, or from the future.')
  const bytes = await body()
  const claimed = Buffer.from(signature, 'hex')
  // All are compared, so that the time does not tell which one it was.
  const holds = secrets.map((each) => timingSafeEqual(digest(each, timestamp, bytes), claimed)).some(Boolean)
  if (!holds) throw unauthorized('The signature does not hold.')
  return bytes
}
