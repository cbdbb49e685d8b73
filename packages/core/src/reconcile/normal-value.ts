import type { FieldType, FieldValue } from '../spec/destination.ts'

/** Decimals without sign of how they were written: `119.00`, `119` and `0119.0` are one. */
const decimalText = (text: string): string => {
  const match = /^\s*([+-]?)0*(\d+)(?:\.(\d*?)0*)?\s*$/.exec(text)
  if (match === null) return text.trim()
  const [, sign = '', whole = '0', fraction = ''] = match
  const digits = fraction === '' ? whole : `${whole}.${fraction}`
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits
}

/** Epoch ms of what vendors give as a time: ISO 8601, or epoch ms as a number or text. Undefined for anything else. */
export const remoteTime = (value: FieldValue | undefined): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  if (/^\d{11,}$/.test(value.trim())) return Number(value)
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

/** A value as it is compared: how a vendor writes it does not count, what it says does. Blank is null. Times to the second, which every vendor keeps. */
export const normalValue = (value: FieldValue | undefined, type: FieldType): string | null => {
  if (value === undefined || value === null || value === '' || (typeof value === 'string' && value.trim() === '')) return null
  if (type === 'decimal' || type === 'integer') return decimalText(String(value))
  if (type === 'date') return String(value).slice(0, 10)
  if (type !== 'datetime') return String(value)
  const time = remoteTime(value)
  return time === undefined ? String(value) : new Date(Math.floor(time / 1000) * 1000).toISOString()
}

/** An exact decimal that can be added up; undefined for what is none. */
export const decimalOf = (value: FieldValue | undefined): string | undefined => {
  const text = normalValue(value, 'decimal')
  return text !== null && /^-?\d{1,40}(\.\d{1,20})?$/.test(text) ? text : undefined
}
