import type { Expression } from '../contract/expression.ts'
import { textPicker } from '../views/text.ts'
import type { View } from '../views/view.ts'
import { isCalendarDate, parseInstant } from './calendar.ts'
import { isBlank, isLocalized, isMoney, isPlain, plainReader } from './plain-value.ts'
import type { Plain } from './plain-value.ts'
import { pathReader } from './read-path.ts'
import { templateRenderer } from './template.ts'
import { zonedDate } from './zoned-date.ts'

/** The value of an expression for one view: plain, a list, an object that has no plain form, or blank. */
export type Evaluator = (view: View) => unknown

/** Turns an expression into a function, once. `locales` = the contract's, for localized text that names none. */
export const compileExpression = (expression: Expression, locales: readonly string[]): Evaluator => {
  switch (expression.op) {
    case 'path':
      return compilePath(expression.path, locales)
    case 'constant':
      return () => expression.value
    case 'template':
      return templateRenderer(expression.template, (path) => compilePath(path, locales))
    case 'coalesce':
      return compileCoalesce(expression.of.map((part) => compileExpression(part, locales)))
    case 'map':
      return compileMap(compileExpression(expression.of, locales), expression.values, expression.otherwise)
    case 'localized':
      return compileLocalized(expression.path, expression.locales.length === 0 ? locales : expression.locales)
    case 'amount':
      return compileMoney(expression.path, 'amount')
    case 'currency':
      return compileMoney(expression.path, 'currency')
    case 'date':
      return compileDate(expression.path, expression.timeZone)
    case 'join':
      return compileJoin(expression.path, expression.separator, expression.limit, locales)
    default:
      return compileCount(expression.path)
  }
}

const compileCount = (path: string): Evaluator => {
  const read = pathReader(path)
  return (view) => {
    const value = read(view)
    return Array.isArray(value) ? value.length : isBlank(value) ? 0 : 1
  }
}

const compilePath = (path: string, locales: readonly string[]): Evaluator => {
  const read = pathReader(path)
  const plain = plainReader(locales)
  return (view) => {
    const value = read(view)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? value.map((item: unknown) => plain(item) ?? item) : (plain(value) ?? value)
  }
}

const compileCoalesce =
  (parts: readonly Evaluator[]): Evaluator =>
  (view) => {
    for (const part of parts) {
      const value = part(view)
      if (!isBlank(value)) return value
    }
    return undefined
  }

const compileMap = (of: Evaluator, values: Readonly<Record<string, Plain>>, otherwise: Plain | undefined): Evaluator => {
  const table = new Map(Object.entries(values))
  const translate = (value: unknown): Plain | undefined =>
    isBlank(value) ? undefined : isPlain(value) ? (table.get(String(value).trim()) ?? otherwise) : otherwise
  return (view) => {
    const value = of(view)
    return Array.isArray(value) ? value.flatMap((item) => translate(item) ?? []) : translate(value)
  }
}

const compileLocalized = (path: string, locales: readonly string[]): Evaluator => {
  const read = pathReader(path)
  const pickText = textPicker(locales)
  const pick = (value: unknown): unknown => (isLocalized(value) ? pickText(value) : value)
  return (view) => {
    const value = read(view)
    return Array.isArray(value) ? value.flatMap((item) => pick(item) ?? []) : pick(value)
  }
}

const compileMoney = (path: string, part: 'amount' | 'currency'): Evaluator => {
  const read = pathReader(path)
  return (view) => {
    const value = read(view)
    return isMoney(value) ? value[part] : value
  }
}

const compileDate = (path: string, timeZone: string): Evaluator => {
  const read = pathReader(path)
  const utc = timeZone === 'UTC'
  const local = zonedDate(timeZone)
  return (view) => {
    const value = read(view)
    if (typeof value !== 'string' || isCalendarDate(value)) return value
    const epochMs = parseInstant(value)
    if (epochMs === undefined) return value
    return utc && value.endsWith('Z') ? value.slice(0, 10) : local(epochMs)
  }
}

const compileJoin = (path: string, separator: string, limit: number | undefined, locales: readonly string[]): Evaluator => {
  const read = pathReader(path)
  const plain = plainReader(locales)
  return (view) => {
    const value = read(view)
    if (isBlank(value)) return undefined
    const items = (Array.isArray(value) ? value : [value]).flatMap((item) => {
      const text = plain(item)
      return isBlank(text) ? [] : [String(text).trim()]
    })
    return items.slice(0, limit).join(separator)
  }
}
