const suspicious = /\\u|__proto__/
/** Inside a JSON text a quote within a string is preceded by a backslash, so this matches only real members. */
const unsafeAmount = /"(preciseAmount|centAmount)"\s*:\s*(-?\d{16,})/g

const cleanText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

const clean = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [cleanText(key), clean(inner)])
  return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'))
}

/**
 * Parses a reply. One rule for hostile text everywhere: NUL characters are removed, lone surrogates become U+FFFD (databases and JSON readers
 * downstream refuse both), and keys called `__proto__` are dropped. Amounts too large for a double stay digits in a string, so that none is rounded.
 * Throws SyntaxError when the text is not JSON.
 */
export const parseReply = (text: string): unknown => {
  const value: unknown = JSON.parse(text.replaceAll(unsafeAmount, '"$1":"$2"'))
  return suspicious.test(text) ? clean(value) : value
}
