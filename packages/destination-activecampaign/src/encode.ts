import { MillraceError, type FieldValue } from '@millrace/core'
import type { AccountField } from './field.ts'

/** A value as ActiveCampaign takes it, or why it cannot be one. Empty text clears. */
export type Encoded = { value: string } | { error: MillraceError }

const refuse = (field: AccountField, code: string, what: string): Encoded => ({
  error: new MillraceError({ code, field: field.title, message: `${field.title}: ${what}` }),
})

const isBlank = (value: FieldValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0)

const plainDecimal = /^-?\d+(\.\d+)?$/

/** Without exponent. */
const decimalOf = (value: number): string => {
  const text = String(value)
  return text.includes('e') ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text
}

const encodeNumber = (value: FieldValue, field: AccountField): Encoded => {
  const text = typeof value === 'number' && Number.isFinite(value) ? decimalOf(value) : value
  return typeof text === 'string' && plainDecimal.test(text)
    ? { value: text }
    : refuse(field, 'value_invalid', 'a plain decimal number is wanted here.')
}

/** `Date` lets 31 February pass as a day of March, so the text must come back as it went in. */
const isCalendarDate = (text: string): boolean => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

const encodeDate = (value: FieldValue, field: AccountField): Encoded => {
  const day = typeof value === 'string' ? value.slice(0, 10) : ''
  return isCalendarDate(day) ? { value: day } : refuse(field, 'value_invalid', 'a calendar date such as 2026-03-01 is wanted here.')
}

/** ISO with an offset and whole seconds (vendor notes, "Contacts, fields, lists, tags"). */
const encodeDatetime = (value: FieldValue, field: AccountField): Encoded => {
  const at = typeof value === 'string' && isCalendarDate(value.slice(0, 10)) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at)
    ? refuse(field, 'value_invalid', 'an instant such as 2026-03-01T12:00:00.000Z is wanted here.')
    : { value: `${new Date(at).toISOString().slice(0, 19)}+00:00` }
}

const several = new Set(['listbox', 'checkbox'])

const encodeChoice = (value: FieldValue, field: AccountField): Encoded => {
  const parts = (Array.isArray(value) ? value : [value]).map(String)
  const allowed = new Set(field.options)
  if (parts.some((part) => !allowed.has(part)))
    return refuse(
      field,
      'option_unknown',
      'the value is not one of its options. Run `millrace apply`, add the option, or map the value to one that exists.',
    )
  if (several.has(field.type)) return { value: `||${parts.join('||')}||` }
  return parts.length === 1 ? { value: parts[0] ?? '' } : refuse(field, 'value_invalid', 'it takes one option only.')
}

const encodeText = (value: FieldValue): Encoded => {
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  return { value: text.replaceAll('\u0000', '').toWellFormed() }
}

/**
 * Writes one value in the form of its field. What would be refused, or dropped in silence by an import, comes back as an error that names the field and never
 * the value. Codes: `value_invalid`, `option_unknown`.
 */
export const encode = (value: FieldValue, field: AccountField): Encoded => {
  if (isBlank(value)) return { value: '' }
  switch (field.type) {
    case 'number':
      return encodeNumber(value, field)
    case 'date':
      return encodeDate(value, field)
    case 'datetime':
      return encodeDatetime(value, field)
    case 'dropdown':
    case 'radio':
    case 'listbox':
    case 'checkbox':
      return encodeChoice(value, field)
    default:
      return encodeText(value)
  }
}
