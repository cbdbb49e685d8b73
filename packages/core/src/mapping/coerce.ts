import type { FieldSpec, FieldType, FieldValue } from '../spec/destination.ts'
import { coerceDate, coerceDatetime } from './coerce-date.ts'
import { coerceDecimal, coerceInteger } from './coerce-number.ts'
import { fault, isFault } from './fault.ts'
import type { Fault } from './fault.ts'

/** Gives a value that is not blank the type of its destination field, or says why it cannot. Nothing is ever cut off or guessed. */
export type Coercer = (value: unknown) => FieldValue | Fault

/** Text without control characters, lone surrogates and outer white space. Tabs and line breaks stay. Most texts have nothing to clean, which one look tells. */
const cleanText = (text: string): string =>
  /[\p{Cc}\p{Cs}]/u.test(text)
    ? text
        .replaceAll(/[^\P{Cc}\t\n\r]/gu, '')
        .toWellFormed()
        .trim()
    : text.trim()

/** The same on one line: what breaks or tabulates becomes a space. */
const cleanLine = (text: string): string =>
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text) ? cleanText(text.replaceAll(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')) : text.trim()

const toText = (value: unknown): string | Fault => textBy(cleanText, value)
const toLine = (value: unknown): string | Fault => textBy(cleanLine, value)

const textBy = (clean: (text: string) => string, value: unknown): string | Fault => {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : fault('value_invalid', 'is not a finite number')
  return fault('value_invalid', Array.isArray(value) ? 'is a list, not one text' : 'is a nested value, not one text')
}

const limited = (coerce: Coercer, maxLength: number | undefined): Coercer => {
  if (maxLength === undefined) return coerce
  return (value) => {
    const text = coerce(value)
    return typeof text === 'string' && text.length > maxLength
      ? fault('value_too_long', `has ${text.length} characters; the field holds ${maxLength}`)
      : text
  }
}

const bounded = (coerce: Coercer, { minimum, maximum }: Pick<FieldSpec, 'minimum' | 'maximum'>): Coercer => {
  if (minimum === undefined && maximum === undefined) return coerce
  return (value) => {
    const number = coerce(value)
    if (isFault(number)) return number
    if (minimum !== undefined && Number(number) < minimum) return fault('value_invalid', `is below ${minimum}`)
    return maximum !== undefined && Number(number) > maximum ? fault('value_invalid', `is above ${maximum}`) : number
  }
}

const coerceBoolean: Coercer = (value) => {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : fault('value_invalid', 'is neither true nor false')
}

/** An `@` with something on both sides, and no white space or second `@` outside of a quoted local part. The vendor knows better what it takes. */
const email = /^(?:"(?:[^"\\]|\\.)+"|[^\s@"<>(),;:\\]+)@[^\s@<>(),;:\\"]+$/

const coerceEmail: Coercer = (value) => {
  if (typeof value !== 'string') return fault('value_invalid', 'is not an e-mail address')
  const text = cleanText(value)
  return text.length <= 320 && email.test(text) ? text : fault('value_invalid', 'is not an e-mail address')
}

const coercePhone: Coercer = (value) => {
  const text = toLine(value)
  return isFault(text) || /\d/.test(text) ? text : fault('value_invalid', 'is not a phone number')
}

const allowedOption = (allowed: ReadonlySet<string> | undefined, text: string | Fault): string | Fault =>
  isFault(text) || allowed === undefined || allowed.has(text) ? text : fault('option_unknown', 'has a value that is not among the options')

const coerceOption =
  (allowed: ReadonlySet<string> | undefined): Coercer =>
  (value) =>
    allowedOption(allowed, toLine(value))

const coerceOptions =
  (allowed: ReadonlySet<string> | undefined): Coercer =>
  (value) => {
    const texts = new Set<string>()
    for (const item of Array.isArray(value) ? value : [value]) {
      const text = allowedOption(allowed, toLine(item))
      if (isFault(text)) return text
      if (text !== '') texts.add(text)
    }
    return [...texts]
  }

const optionValues = ({ options }: FieldSpec): ReadonlySet<string> | undefined =>
  options === undefined ? undefined : new Set(options.map(({ value }) => value))

const byType: Readonly<Record<FieldType, (spec: FieldSpec) => Coercer>> = {
  string: (spec) => limited(toLine, spec.maxLength),
  text: (spec) => limited(toText, spec.maxLength),
  email: (spec) => limited(coerceEmail, spec.maxLength),
  phone: (spec) => limited(coercePhone, spec.maxLength),
  integer: (spec) => bounded(coerceInteger, spec),
  decimal: (spec) => bounded(coerceDecimal, spec),
  boolean: () => coerceBoolean,
  date: () => coerceDate,
  datetime: () => coerceDatetime,
  option: (spec) => coerceOption(optionValues(spec)),
  options: (spec) => coerceOptions(optionValues(spec)),
}

/** The coercer of a field. */
export const coercer = (spec: FieldSpec): Coercer => byType[spec.type](spec)
