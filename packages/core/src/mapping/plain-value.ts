import type { Money } from '../model/money.ts'
import { pickText } from '../views/text.ts'

/** What an expression gives before it takes the type of a destination field. */
export type Plain = string | number | boolean

/** Whether a value is plain and has a text. */
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

/** Whether a value is an object with names, not a list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const own = (value: Readonly<Record<string, unknown>>, name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined)

/** Whether a value has the shape of exact money. */
export const isMoney = (value: unknown): value is Money =>
  isObject(value) && typeof own(value, 'amount') === 'string' && typeof own(value, 'currency') === 'string'

/** Whether a value has the shape of localized text: texts by locale code. */
export const isLocalized = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.entries(value).every(([locale, text]) => /^[a-z]{2,3}([-_]|$)/i.test(locale) && typeof text === 'string')

/**
 * A value of a custom field as one plain value: money as its amount, enums as their key, references as their key or id, localized text in the contract's
 * locales. Undefined for what has no such form (nested values, lists, null).
 */
export const plainValue = (value: unknown, locales: readonly string[]): Plain | undefined => {
  if (isPlain(value)) return value
  if (!isObject(value)) return undefined
  if (isMoney(value)) return value.amount
  const named = own(value, 'key') ?? own(value, 'id')
  if (typeof named === 'string' || typeof named === 'number') return named
  return isLocalized(value) ? pickText(value, locales) : undefined
}

/** Undefined, null, empty text and empty lists (design §7.6). */
export const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)
