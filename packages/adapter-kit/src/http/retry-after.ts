/**
 * Milliseconds to wait by a `Retry-After` header: seconds, also fractional, or an HTTP date; `undefined` when absent or unreadable. Never negative, at most
 * one day, so that a broken header cannot stop a destination for good. `now` is epoch ms. RFC 9110, 10.2.3.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return undefined
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : httpDate(value) - now
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, Math.ceil(wait)), 86_400_000)
}

// Date.parse also reads things like "-5" as years, which no HTTP date looks like.
const httpDate = (value: string): number => (/^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN)
