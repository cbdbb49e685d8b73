import type { FieldValue } from '@millrace/core'

const decimal = /^-?\d+(?:\.\d+)?$/
const isoTime = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2}))?$/

const plain = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

const texts = (value: FieldValue | undefined): string[] =>
  value === null || value === undefined ? [] : (Array.isArray(value) ? value : [String(value)]).filter((text) => text !== '')

const sameText = (a: string, b: string): boolean => {
  if (decimal.test(a) && decimal.test(b)) return plain(a) === plain(b)
  if (isoTime.test(a) && isoTime.test(b)) return Date.parse(a) === Date.parse(b)
  return a.includes('@') ? a.toLowerCase() === b.toLowerCase() : a === b
}

/**
 * Whether a vendor holds what was sent. Decimals are compared digit by digit as text, never as floats (`19.5` is `19.50`), times as moments, e-mails without
 * case, options without order; nothing, `null` and an empty text are all blank.
 */
export const sameValue = (held: FieldValue | undefined, sent: FieldValue | undefined): boolean => {
  const [a, b] = [texts(held).toSorted(), texts(sent).toSorted()]
  return a.length === b.length && a.every((text, index) => sameText(text, b[index] ?? ''))
}
