import { signRequest } from '@millrace/intake'
import { need, type Variables } from './variables.ts'

/** Connect waits ten seconds for the acknowledgement; what is left is for the way back. */
const patienceMs = 8_000
/** The platform's notifications are 256 KiB at most, a third more as base64. */
const maxBytes = 512 * 1024

/** The notification inside Connect's envelope, `{"message":{"data":"<base64>"}}`, byte for byte. Undefined for anything else. */
const unwrap = (text: string): string | undefined => {
  try {
    const { message } = JSON.parse(text) as { message?: { data?: unknown } }
    if (typeof message?.data !== 'string' || message.data === '') return undefined
    const notification = Buffer.from(message.data, 'base64').toString('utf8')
    JSON.parse(notification)
    return notification
  } catch {
    return undefined
  }
}

/**
 * Makes the handler of the event application: hands each notification to Millrace as a signed request, and acknowledges it (204) only when Millrace has kept it. With
 * 502 (Millrace refused) and 503 (no answer in time) Connect sends it again, for seven days. It keeps nothing itself.
 */
export const relay = (variables: Variables, { now = Date.now, waitMs = patienceMs } = {}): ((request: Request) => Promise<Response>) => {
  const endpoint = need(variables, 'MILLRACE_ENDPOINT')
  const secret = need(variables, 'MILLRACE_SECRET')
  return async (request) => {
    if (request.method !== 'POST') return new Response(null, { status: 405 })
    const text = await request.text()
    const body = text.length > maxBytes ? undefined : unwrap(text)
    if (body === undefined) return new Response(null, { status: 400 })
    try {
      const headers = { 'content-type': 'application/json', ...signRequest(secret, body, now()) }
      const { status } = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(waitMs), redirect: 'error' })
      return new Response(null, { status: status === 204 ? 204 : 502 })
    } catch {
      return new Response(null, { status: 503 })
    }
  }
}
