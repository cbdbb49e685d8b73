import { isDateTime } from './compile.ts'
import { FIELDS, ROOT_TYPES } from './fields.ts'
import { PredicateError } from './lexer.ts'
import type { Predicate, Value } from './parse.ts'

const cache = new Map<string, Map<string, string>>()

/** The fields of a type in `FIELDS`, each with the type below it: a name, `*` for anything, or empty for a plain value. */
function fieldsOf(type: string): Map<string, string> {
  const known = cache.get(type)
  if (known !== undefined) return known
  const fields = new Map(
    (FIELDS[type] ?? '').split(' ').map((entry): [string, string] => [entry.split(':')[0] ?? '', entry.split(':')[1] ?? '']),
  )
  cache.set(type, fields)
  return fields
}

/** The field names by which a resource type may be sorted, or undefined when the type is not known here. */
export function sortableFields(resourceType: string): string[] | undefined {
  const type = ROOT_TYPES[resourceType]
  return type === undefined ? undefined : [...fieldsOf(type).keys()]
}

/**
 * Throws `PredicateError` for a field that the resource type does not have, a plain field that is descended into, or a text that is compared with
 * a point in time but is none. Resource types without a table pass.
 */
export function checkPredicate(predicate: Predicate, resourceType: string): void {
  const type = ROOT_TYPES[resourceType]
  if (type !== undefined) check(predicate, type)
}

function check(predicate: Predicate, type: string): void {
  if (type === '*') return
  if ('left' in predicate) {
    check(predicate.left, type)
    check(predicate.right, type)
    return
  }
  if (!('field' in predicate)) {
    check(predicate.inner, type)
    return
  }
  const below = fieldsOf(type).get(predicate.field)
  if (below === undefined) throw new PredicateError(`The field '${predicate.field}' does not exist.`)
  if (predicate.kind === 'nested') {
    if (below === '') throw new PredicateError(`The field '${predicate.field}' has no fields to query.`)
    check(predicate.inner, below)
  }
  if (predicate.kind === 'compare') checkTime(predicate.field, predicate.value)
}

function checkTime(field: string, value: Value): void {
  if (!/^(?:created|lastModified|completed|expires|added)At$/u.test(field) || value.kind === 'variable') return
  if (typeof value.value !== 'string' || !isDateTime(value.value))
    throw new PredicateError(`'${String(value.value)}' is not a valid DateTime.`)
}
