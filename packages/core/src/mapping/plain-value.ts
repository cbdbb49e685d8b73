import type { Money } from '../model/money.ts'
import { textPicker } from '../views/text.ts'

/** What an expression gives before it takes the type of a destination field. */
export type Plain = string | number | boolean

/** Whether a value is plain and has a text. */
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))

/** Whether a value is an object with names, not a list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value has the shape of exact money. */
export const isMoney = (value: unknown): value is Money =>
  isObject(value) && typeof value['amount'] === 'string' && typeof value['currency'] === 'string'

const localeName = /^[a-z]{2,3}([-_]|$)/i

/** Whether a value has the shape of localized text: texts by locale code. */
export const isLocalized = (value: unknown): value is Readonly<Record<string, string>> => {
  if (!isObject(value)) return false
  for (const name of Object.keys(value)) if (typeof value[name] !== 'string' || !localeName.test(name)) return false
  return true
}

/**
 * Prepares the reading of custom fields as one plain value: money as its amount, enums as their key, references as their key or id, localized text in the
 * first of `locales` that fits. Undefined for what has no such form (nested values, lists, null).
 */
export const plainReader = (locales: readonly string[]): ((value: unknown) => Plain | undefined) => {
  const pick = textPicker(locales)
  return (value) => {
    if (isPlain(value)) return value
    if (!isObject(value)) return undefined
    if (isMoney(value)) return value.amount
    const named = value['key'] ?? value['id']
    if (typeof named === 'string' || typeof named === 'number') return named
    return isLocalized(value) ? pick(value) : undefined
  }
}

const isBlankText = (text: string): boolean => {
  if (text === '') return true
  const first = text.charCodeAt(0)
  // White space begins below `!` or with the no-break space: most texts are told apart by their first character.
  return (first < 33 || first >= 160) && text.trim() === ''
}

/** Undefined, null, empty text and empty lists (design §7.6). */
export const isBlank = (value: unknown): boolean =>
  typeof value === 'string' ? isBlankText(value) : value === undefined || value === null || (Array.isArray(value) && value.length === 0)
