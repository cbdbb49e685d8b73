const mask = '[redacted]'

const secretName = /authorization|cookie|token|secret|password|passwd|api-?key|event-?key|credential|signature|session/i
const email = /(?:"[^"\n]{1,64}"|[^\s@"'<>()[\]{},;:=/?&]+)(?:@|%40)[^\s@"'<>()[\]{},;:=/?&]+/giu
const bearer = /\b(bearer|basic|token)\s+[\w.~+/=:-]{6,}/gi
const secretPair =
  /((?:access_?token|refresh_?token|client_?secret|api_?-?(?:key|token)|password|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi
const vendorToken = /\b(?:pat-[a-z0-9]+-[\w-]{8,}|ey[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|sk_[\w-]{8,})/g
const phone = /(?<![\w.-])(?:\+|00)?\(?\d(?:[\s()./-]{0,2}\d){6,16}(?![\w-])/g
const url = /\bhttps?:\/\/[^\s"'<>]+/gi

/** What {@link redactText} may additionally know. */
export interface RedactOptions {
  /** Values that were sent: each place where one of them is echoed is masked. Values shorter than 2 characters are ignored. */
  values?: Iterable<unknown>
  /** Longest text that is returned; default 500 characters. */
  maxLength?: number
}

/**
 * Masks what must not enter errors, journals or logs: e-mails (also percent-encoded), anything like a phone number (seven digits and more, so also dates and long ids), tokens, credentials, query strings of URLs, and
 * every value given in `values`. Names and free text can only be known by `values`: give the fields that were sent whenever a vendor's text is kept.
 */
export function redactText(text: string, options: RedactOptions = {}): string {
  const { maxLength = 500 } = options
  // A cut in the middle of a value would hide it from the patterns, so only far beyond the limit.
  let clean = text.slice(0, maxLength * 20)
  for (const value of sentTexts(options.values)) clean = clean.replaceAll(new RegExp(escaped(value), 'giu'), mask)
  clean = clean
    .replace(url, (found) => redactUrl(found))
    .replace(secretPair, `$1${mask}`)
    .replace(bearer, `$1 ${mask}`)
    .replace(vendorToken, mask)
    .replace(email, mask)
    .replace(phone, mask)
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}...` : clean
}

const escaped = (value: string): string => value.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)

function sentTexts(values: Iterable<unknown> | undefined): string[] {
  const texts = new Set<string>()
  for (const value of values ?? []) {
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part === 'string' || typeof part === 'number') texts.add(String(part).trim())
    }
  }
  return [...texts].filter((text) => text.length >= 2).toSorted((a, b) => b.length - a.length)
}

/** A URL or path without query, fragment and user info; path segments that hold an e-mail, a phone or a token are masked. */
export function redactUrl(address: string): string {
  const bare = address.replace(/[?#].*$/s, '').replace(/^(\w+:\/\/)[^/@]*@/, '$1')
  return bare
    .split('/')
    .map((segment, index) => (index > 2 || !/^\w+:\/\//.test(bare) ? redactSegment(segment) : segment))
    .join('/')
}

function redactSegment(segment: string): string {
  const plain = segment.replaceAll(/%40/gi, '@').replaceAll(/%2B/gi, '+')
  return /@/.test(plain) || /^(?:\+|00)\d{6,}$/.test(plain) || plain.search(vendorToken) !== -1 ? mask : segment
}

/** Headers with the values of credentials masked and all others redacted as text. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? mask : redactText(value, { maxLength: 200 })]),
  )
}

/** Redacts plain data all the way down: strings as text, values under names of secrets masked whole. Depth is limited to 8. */
export function redact(value: unknown, options: RedactOptions = {}, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, options)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= 8) return mask
  if (Array.isArray(value)) return value.map((entry) => redact(entry, options, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, secretName.test(name) ? mask : redact(entry, options, depth + 1)]),
  )
}

/** A vendor's code or category, kept only when it looks like one (`INVALID_OPTION`, `contacts:idAlreadyExists`); free text gives `undefined`. */
export function vendorCode(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w.:-]{0,79}$/.test(value) ? value : undefined
}
