import type { RuleId } from '../rules.ts'
import type { PropertyDefinition, PropertyOption } from './definition.ts'
import { foldEmail, type EmailCheck } from './email.ts'

/** Why a value is refused. */
interface ValueProblem {
  readonly rule: RuleId
  readonly code: string
  readonly message: string
}

/** A value as it will be stored, or why it is refused. `''` clears. */
export type CheckedValue = { readonly value: string } | { readonly problem: ValueProblem }

/** What a check needs to know beside the property. */
export interface ValueContext {
  readonly isEmail: EmailCheck
  /** Options at this moment; those of stages and pipelines follow the portal. */
  readonly options: readonly PropertyOption[]
  /** The stored value, for values that append. */
  readonly current: string | undefined
}

const maxLength = 65_536
const dayMs = 86_400_000

function problem(rule: RuleId, code: string, message: string): CheckedValue {
  return { problem: { rule, code, message } }
}

function checkNumber(value: string): CheckedValue {
  if (/^-?\d+(\.\d+)?$/.test(value)) return { value }
  return problem('value-number', 'INVALID_LONG', `${value} was not a valid long.`)
}

function checkDate(value: string): CheckedValue {
  if (/^-?\d+$/.test(value)) {
    const at = Number(value)
    if (!Number.isSafeInteger(at) || Number.isNaN(new Date(at).getTime()))
      return problem('value-date', 'INVALID_DATE', `${value} was not a valid date.`)
    if (at % dayMs === 0) return { value: new Date(at).toISOString().slice(0, 10) }
    const time = new Date(at).toISOString().slice(11, 23)
    return problem('value-date-midnight', 'INVALID_DATE', `${value} is at ${time} UTC, not midnight!`)
  }
  const at = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
  // `Date.parse` lets 31 February pass as a day of March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== value)
    return problem('value-date', 'INVALID_DATE', `${value} was not a valid date.`)
  return { value }
}

function checkDatetime(value: string): CheckedValue {
  const isMs = /^-?\d+$/.test(value)
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z$/.test(value)
  const at = isMs ? Number(value) : isIso ? Date.parse(value) : Number.NaN
  const date = new Date(at)
  if (Number.isNaN(date.getTime()) || date.getTime() < -62_135_596_800_000) {
    return problem('value-datetime', 'INVALID_LONG', `${value} was not a valid long.`)
  }
  return { value: date.toISOString().replace('.000Z', 'Z') }
}

function checkOption(property: PropertyDefinition, value: string, context: ValueContext): CheckedValue {
  const allowed = new Set(context.options.map((option) => option.value))
  const isMultiple = property.fieldType === 'checkbox'
  const parts = isMultiple ? value.split(';').filter((part) => part !== '') : [value]
  const unknown = parts.find((part) => !allowed.has(part))
  if (unknown !== undefined || parts.length === 0) {
    const list = [...allowed].slice(0, 50).join(', ')
    return problem('value-option', 'INVALID_OPTION', `${unknown ?? value} was not one of the allowed options: [${list}]`)
  }
  const appended =
    isMultiple && value.startsWith(';') ? [...(context.current ?? '').split(';').filter((part) => part !== ''), ...parts] : parts
  return { value: [...new Set(appended)].join(';') }
}

/** Checks a value against its property and brings it into the form in which HubSpot keeps it. */
export function checkValue(property: PropertyDefinition, value: string, context: ValueContext): CheckedValue {
  if (property.readOnlyValue) {
    return problem('value-read-only', 'READ_ONLY_VALUE', `"${property.name}" is a read only property; its value cannot be set.`)
  }
  if (value === '') return { value }
  if (value.length > maxLength) {
    return problem('value-length', 'VALUE_TOO_LONG', `The value of "${property.name}" is longer than ${maxLength} characters.`)
  }
  switch (property.type) {
    case 'number':
      return checkNumber(value)
    case 'date':
      return checkDate(value)
    case 'datetime':
      return checkDatetime(value)
    case 'bool':
      if (value === 'true' || value === 'false') return { value }
      return problem('value-bool', 'INVALID_OPTION', `${value} was not one of the allowed options: [true, false]`)
    case 'enumeration':
      return checkOption(property, value, context)
    default:
      if (property.name !== 'email') return { value }
      return context.isEmail(value)
        ? { value: foldEmail(value) }
        : problem('value-email', 'INVALID_EMAIL', `Email address ${value} is invalid`)
  }
}
