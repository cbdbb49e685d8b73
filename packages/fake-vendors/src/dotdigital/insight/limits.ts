import { isJsonObject } from '../../http/index.ts'
import type { InsightLimits } from '../options.ts'

/** Why the JSON of a record is refused, before its schema is looked at. */
export type JsonFault =
  | 'JsonContainsNestedArray'
  | 'JsonKeyTooLong'
  | 'JsonKeyInvalidCharacters'
  | 'JsonValueTooLong'
  | 'JsonNumberValueTooLarge'

const jsonKey = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** The first fault of a JSON value, with its place. A list anywhere inside a list is nested, also behind an object. */
export function jsonFault(
  value: unknown,
  limits: InsightLimits,
  path = '',
  insideList = false,
): { readonly fault: JsonFault; readonly path: string } | undefined {
  if (typeof value === 'string') return value.length > limits.jsonValue ? { fault: 'JsonValueTooLong', path } : undefined
  if (typeof value === 'number') return Math.abs(value) > limits.number ? { fault: 'JsonNumberValueTooLarge', path } : undefined
  if (Array.isArray(value)) {
    if (insideList) return { fault: 'JsonContainsNestedArray', path }
    return first(value, (item: unknown) => jsonFault(item, limits, path, true))
  }
  if (!isJsonObject(value)) return undefined
  return first(Object.entries(value), ([name, member]) => {
    const place = path === '' ? name : `${path}.${name}`
    if (name.length > limits.jsonKey) return { fault: 'JsonKeyTooLong', path: place }
    if (!jsonKey.test(name)) return { fault: 'JsonKeyInvalidCharacters', path: place }
    return jsonFault(member, limits, place, insideList)
  })
}

function first<T, R>(items: readonly T[], look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}
