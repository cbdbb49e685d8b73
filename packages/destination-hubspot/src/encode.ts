import { MillraceError, type FieldValue } from '@millrace/core'
import { maxTextLength, type PortalProperty } from './portal-property.ts'

type Encoded = { value: string } | { error: MillraceError }

const refuse = (code: string, property: PortalProperty, what: string): Encoded => ({
  error: new MillraceError({ code, field: property.name, message: `${property.name}: ${what}` }),
})

const invalid = (property: PortalProperty, expected: string): Encoded =>
  refuse('value_invalid', property, `HubSpot wants ${expected} here.`)

const isBlank = (value: FieldValue): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0)

const encodeText = (value: FieldValue, property: PortalProperty): Encoded => {
  const raw = Array.isArray(value) ? value.join(', ') : String(value)
  const clean = raw.replaceAll('\u0000', '').toWellFormed()
  const text = property.name === 'email' ? clean.trim() : clean
  if (text.length > maxTextLength)
    return refuse('value_too_long', property, `${text.length} characters, HubSpot keeps ${maxTextLength} at most.`)
  if (property.name === 'email' && text !== '' && !/^[^\s@]+@[^\s@]+$/.test(text)) return invalid(property, 'an e-mail address')
  return { value: text }
}

const plainDecimal = /^-?\d+(\.\d+)?$/

const encodeNumber = (value: FieldValue, property: PortalProperty): Encoded => {
  const text = typeof value === 'number' && Number.isFinite(value) ? decimalOf(value) : value
  return typeof text === 'string' && plainDecimal.test(text) ? { value: text } : invalid(property, 'a plain decimal number')
}

/** Without exponent: HubSpot refuses `1e+21`. */
const decimalOf = (value: number): string => {
  const text = String(value)
  return text.includes('e') ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text
}

/** `Date` lets 31 February pass as a day of March, so the text must come back as it went in. */
const isCalendarDate = (text: string): boolean => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

// A day in HubSpot is the midnight of UTC; the written date says so by itself and never carries a time.
const encodeDate = (value: FieldValue, property: PortalProperty): Encoded =>
  typeof value === 'string' && isCalendarDate(value) ? { value } : invalid(property, 'a calendar date such as 2026-03-01')

const encodeDatetime = (value: FieldValue, property: PortalProperty): Encoded => {
  if (typeof value === 'string' && isCalendarDate(value)) return { value: `${value}T00:00:00.000Z` }
  const isInstant =
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z$/.test(value) && isCalendarDate(value.slice(0, 10))
  const at = isInstant ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? invalid(property, 'an instant in UTC such as 2026-03-01T12:00:00.000Z') : { value: new Date(at).toISOString() }
}

const encodeBoolean = (value: FieldValue, property: PortalProperty): Encoded => {
  const text = String(value)
  return text === 'true' || text === 'false' ? { value: text } : invalid(property, 'true or false')
}

const encodeOption = (value: FieldValue, property: PortalProperty): Encoded => {
  const parts = (Array.isArray(value) ? value : [value]).map(String)
  if (parts.length > 1 && property.fieldType !== 'checkbox') return invalid(property, 'one option only')
  const allowed = new Set(property.options.map((option) => option.value))
  const unknown = parts.some((part) => !allowed.has(part) || (property.fieldType === 'checkbox' && part.includes(';')))
  if (unknown)
    return refuse(
      'option_unknown',
      property,
      'the value is not one of its options in HubSpot. Add the option, or map the value to one that exists.',
    )
  return { value: parts.join(';') }
}

/**
 * Writes one value the way HubSpot takes it (vendor notes, "Properties"): everything is a string, `""` clears. What HubSpot would refuse comes back as an error
 * that names the field and never the value, so that no request is spent on it. Codes: `property_read_only`, `value_invalid`, `value_too_long`, `option_unknown`.
 */
export const encode = (value: FieldValue, property: PortalProperty): Encoded => {
  if (property.readOnly)
    return refuse('property_read_only', property, 'HubSpot computes this property itself. Take it out of the contract.')
  if (isBlank(value)) return { value: '' }
  switch (property.type) {
    case 'number':
      return encodeNumber(value, property)
    case 'date':
      return encodeDate(value, property)
    case 'datetime':
      return encodeDatetime(value, property)
    case 'bool':
      return encodeBoolean(value, property)
    case 'enumeration':
      return property.options.length === 0 && property.fieldType === 'booleancheckbox'
        ? encodeBoolean(value, property)
        : encodeOption(value, property)
    default:
      return encodeText(value, property)
  }
}
