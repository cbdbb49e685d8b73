import type { Expression } from '../contract/expression.ts'
import { MillraceError } from '../error.ts'
import { currencyDigits, toMinorUnits } from '../model/money.ts'
import { textPicker } from '../views/text.ts'
import type { View } from '../views/view.ts'
import { isCalendarDate, parseInstant } from './calendar.ts'
import { isBlank, isLocalized, isMoney, isPlain, plainReader } from './plain-value.ts'
import type { Plain } from './plain-value.ts'
import { compilePredicate } from './predicate-compiler.ts'
import { pathReader } from './read-path.ts'
import { templateRenderer } from './template.ts'
import { emailOf, hashText, phoneReader, roundDecimal } from './text-transforms.ts'
import { zonedDate } from './zoned-date.ts'

/** The value of an expression for one view at one time (epoch ms): plain, a list, an object that has no plain form, or blank. */
export type Evaluator = (view: View, now: number) => unknown

/** Own code of a connection: gets the values of its expressions, gives one. Must depend on nothing else, or unchanged records count as changed. */
export type Transform = (...values: readonly unknown[]) => unknown

/** What expressions of one contract have in common. */
export interface ExpressionSettings {
  /** For localized text that names none. */
  locales: readonly string[]
  /** For dates that name none. Default UTC. */
  timeZone?: string
  /** By name and version: `loyalty@2`. */
  transforms?: Readonly<Record<string, Transform>>
}

/** Turns an expression into a function, once. */
export const compileExpression = (expression: Expression, settings: ExpressionSettings): Evaluator => {
  const { locales } = settings
  switch (expression.op) {
    case 'path':
      return compilePath(expression.path, locales)
    case 'constant':
      return () => expression.value
    case 'template':
      return templateRenderer(expression.template, (path) => compilePath(path, locales))
    case 'coalesce':
      return compileCoalesce(expression.of.map((part) => compileExpression(part, settings)))
    case 'map':
      return compileMap(compileExpression(expression.of, settings), expression.values, expression.otherwise)
    case 'localized':
      return compileLocalized(expression.path, expression.locales.length === 0 ? locales : expression.locales)
    case 'amount':
      return compileMoney(expression.path, 'amount')
    case 'currency':
      return compileMoney(expression.path, 'currency')
    case 'date':
      return compileDate(expression.path, expression.timeZone ?? settings.timeZone ?? 'UTC')
    case 'join':
      return compileJoin(expression.path, expression.separator, expression.limit, locales)
    case 'count':
      return compileCount(expression.path)
    case 'when':
      return compileWhen(expression, settings)
    case 'holds': {
      const { holds } = compilePredicate(expression.test, locales)
      return holds
    }
    default:
      return compileTransform(expression, settings)
  }
}

const compileWhen = ({ test, value, otherwise }: Extract<Expression, { op: 'when' }>, settings: ExpressionSettings): Evaluator => {
  const { holds } = compilePredicate(test, settings.locales)
  const yes = compileExpression(value, settings)
  const no = otherwise === undefined ? undefined : compileExpression(otherwise, settings)
  return (view, now) => (holds(view, now) ? yes(view, now) : no?.(view, now))
}

type TransformExpression = Extract<
  Expression,
  { op: 'lower' | 'upper' | 'trim' | 'replace' | 'minor' | 'round' | 'hash' | 'email' | 'phone' | 'transform' }
>

/** Applies to a value, or to each item of a list. What has no text passes as it is, so that its field says what is wrong. */
const onTexts = (of: Evaluator, change: (text: string, view: View, now: number) => unknown): Evaluator => {
  const one = (value: unknown, view: View, now: number): unknown =>
    isBlank(value) ? undefined : isPlain(value) ? change(String(value), view, now) : value
  return (view, now) => {
    const value = of(view, now)
    return Array.isArray(value) ? value.flatMap((item: unknown) => one(item, view, now) ?? []) : one(value, view, now)
  }
}

const compileTransform = (expression: TransformExpression, settings: ExpressionSettings): Evaluator => {
  const compile = (of: Expression): Evaluator => compileExpression(of, settings)
  switch (expression.op) {
    case 'lower':
      return onTexts(compile(expression.of), (text) => text.toLowerCase())
    case 'upper':
      return onTexts(compile(expression.of), (text) => text.toUpperCase())
    case 'trim':
      return onTexts(compile(expression.of), (text) => text.trim().replaceAll(/\s+/g, ' '))
    case 'replace':
      return onTexts(compile(expression.of), (text) => text.replaceAll(expression.search, () => expression.by))
    case 'round':
      return onTexts(compile(expression.of), (text) => roundDecimal(text, expression.digits) ?? text)
    case 'hash':
      return onTexts(compile(expression.of), hashText)
    case 'email':
      return onTexts(compile(expression.of), emailOf)
    case 'phone': {
      const read = phoneReader()
      const country = expression.country === undefined ? undefined : compile(expression.country)
      return onTexts(compile(expression.of), (text, view, now) => {
        const code = country?.(view, now)
        return read(text, typeof code === 'string' ? code : undefined)
      })
    }
    case 'minor':
      return compileMinor(expression.path)
    default:
      return compileOwn(expression.name, expression.of.map(compile), settings)
  }
}

const compileMinor = (path: string): Evaluator => {
  const read = pathReader(path)
  return (view) => {
    const value = read(view)
    return isMoney(value) ? String(toMinorUnits(value, currencyDigits(value.currency))) : value
  }
}

const compileOwn = (name: string, of: readonly Evaluator[], { transforms = {} }: ExpressionSettings): Evaluator => {
  const code = Object.hasOwn(transforms, name) ? transforms[name] : undefined
  if (code === undefined) throw new TypeError(`There is no transform ${name}`)
  return (view, now) => {
    const values = of.map((value) => value(view, now))
    try {
      return code(...values)
    } catch (thrown) {
      // The text of the error may hold the record's data, so only its name is told.
      const why = thrown instanceof Error ? thrown.name : typeof thrown
      throw new MillraceError({
        code: 'transform_failed',
        message: `The transform ${name} threw ${why}. Mend it, then replay.`,
        cause: thrown,
      })
    }
  }
}

const compileCount = (path: string): Evaluator => {
  const read = pathReader(path)
  return (view) => {
    const value = read(view)
    return Array.isArray(value) ? value.length : isBlank(value) ? 0 : 1
  }
}

const compilePath = (path: string, locales: readonly string[]): ((view: View) => unknown) => {
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
  (view, now) => {
    for (const part of parts) {
      const value = part(view, now)
      if (!isBlank(value)) return value
    }
    return undefined
  }

const compileMap = (of: Evaluator, values: Readonly<Record<string, Plain>>, otherwise: Plain | undefined): Evaluator => {
  const table = new Map(Object.entries(values))
  const translate = (value: unknown): Plain | undefined =>
    isBlank(value) ? undefined : isPlain(value) ? (table.get(String(value).trim()) ?? otherwise) : otherwise
  return (view, now) => {
    const value = of(view, now)
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
