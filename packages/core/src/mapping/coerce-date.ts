import { instantText, isCalendarDate, parseInstant } from './calendar.ts'
import type { Coercer } from './coerce.ts'
import { fault } from './fault.ts'

const notDate = fault('value_invalid', 'is not a date from year 1 to 9999')

/** What comes out of `toISOString`; other spellings, such as midnight as 24:00, are rewritten. */
const canonical = /^\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{3}Z$/

const epochOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return isCalendarDate(text) ? Date.parse(`${text}T00:00:00.000Z`) : parseInstant(text)
}

/** An instant in UTC; a plain date is its midnight in UTC; a number is epoch ms. */
export const coerceDatetime: Coercer = (value) => {
  const epochMs = epochOf(value)
  if (epochMs !== undefined && typeof value === 'string' && canonical.test(value)) return value
  return (epochMs === undefined ? undefined : instantText(epochMs)) ?? notDate
}

/** A calendar date; of an instant, its date in UTC. */
export const coerceDate: Coercer = (value) => {
  if (typeof value === 'string' && isCalendarDate(value.trim())) return value.trim()
  const epochMs = epochOf(value)
  return (epochMs === undefined ? undefined : instantText(epochMs))?.slice(0, 10) ?? notDate
}
