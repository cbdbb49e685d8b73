import type { Variables } from './compile.ts'
import type { Predicate, Value } from './parse.ts'

/**
 * A text below which no row can satisfy a predicate, by a field of the row itself; undefined when there is none. Lets a keyset read start where
 * it left off. Times count only when written as the vendor stores them: other spellings of a moment do not sort as text.
 */
export function lowerBound(predicate: Predicate, variables: Variables, field: string): string | undefined {
  if (predicate.kind === 'and' || predicate.kind === 'or') {
    const left = lowerBound(predicate.left, variables, field)
    const right = lowerBound(predicate.right, variables, field)
    if (left === undefined || right === undefined) return predicate.kind === 'and' ? (left ?? right) : undefined
    return left < right === (predicate.kind === 'and') ? right : left
  }
  if (predicate.kind !== 'compare' || predicate.field !== field || !/^(?:=|>=?)$/u.test(predicate.operator)) return undefined
  const text = textOf(predicate.value, variables)
  return field === 'id' || (text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u.test(text)) ? text : undefined
}

function textOf(value: Value, variables: Variables): string | undefined {
  if (value.kind === 'literal') return typeof value.value === 'string' ? value.value : undefined
  const found = variables[value.name]
  const text = typeof found === 'string' ? found : found?.[0]
  return text?.startsWith('"') === true ? undefined : text
}
