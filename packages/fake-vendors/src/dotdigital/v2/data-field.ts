/** Types of contact data fields. */
export type DataFieldType = 'String' | 'Numeric' | 'Date' | 'Boolean'

/** Value of a contact data field. Null is blank. */
export type DataFieldValue = string | number | boolean | null

/** A contact data field. */
export interface DataField {
  /** Upper case. */
  readonly name: string
  readonly type: DataFieldType
  readonly visibility: 'Private' | 'Public'
  readonly defaultValue: DataFieldValue
}

function field(name: string, type: DataFieldType): DataField {
  return { name, type, visibility: 'Public', defaultValue: null }
}

/** What every account has. */
export const defaultDataFields: readonly DataField[] = [
  field('FIRSTNAME', 'String'),
  field('LASTNAME', 'String'),
  field('FULLNAME', 'String'),
  field('GENDER', 'String'),
  field('POSTCODE', 'String'),
  field('LASTSUBSCRIBED', 'Date'),
]

const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** Whether text is a date or a time of ISO 8601 that exists in the calendar. */
export function isIsoDate(text: string): boolean {
  if (!isoDate.test(text)) return false
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))
}

/** Whether a value fits a type. Null fits all; no value is converted. */
export function fits(type: DataFieldType, value: unknown): value is DataFieldValue {
  if (value === null) return true
  switch (type) {
    case 'String':
      return typeof value === 'string'
    case 'Numeric':
      return typeof value === 'number'
    case 'Boolean':
      return typeof value === 'boolean'
    case 'Date':
      return typeof value === 'string' && isIsoDate(value)
  }
}
