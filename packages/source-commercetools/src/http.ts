import { parseReply } from './sanitize.ts'

/** One reply. `bytes` is the size of its text in UTF-16 units, for sizing pages. `body` is the text itself where it is not JSON. */
export interface Exchange {
  status: number
  headers: Record<string, string>
  body: unknown
  bytes: number
}

const parsed = (text: string, status: number): unknown => {
  if (text === '') return undefined
  try {
    return parseReply(text)
  } catch (error) {
    // An error page of a proxy in front of the platform must not hide its status.
    if (status >= 400) return text
    throw error
  }
}

/** Sends one request and reads the whole reply within `timeoutMs`. Rejects on network faults, timeouts, aborts and unreadable successes. */
export const exchangeOnce = async (url: string, init: RequestInit, timeoutMs: number, signal: AbortSignal): Promise<Exchange> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
  const text = await response.text()
  return { status: response.status, headers: Object.fromEntries(response.headers), body: parsed(text, response.status), bytes: text.length }
}
