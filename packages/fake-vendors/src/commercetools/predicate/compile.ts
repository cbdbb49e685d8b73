import { PredicateError } from './lexer.ts'
import type { Comparison, Predicate, Value } from './parse.ts'

/** The values of `var.<name>` parameters; a repeated parameter is a list. */
export type Variables = Readonly<Record<string, string | readonly string[]>>

/** Tells whether a value satisfies a predicate. */
export type Matcher = (target: unknown) => boolean

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Whether a text is a point in time as the vendor writes it (ISO 8601 with a zone). */
export function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && !Number.isNaN(Date.parse(text))
}

/** Turns a predicate into a function over plain values. Throws `PredicateError` when a variable has no value. */
export function compilePredicate(predicate: Predicate, variables: Variables): Matcher {
  switch (predicate.kind) {
    case 'and': {
      const left = compilePredicate(predicate.left, variables)
      const right = compilePredicate(predicate.right, variables)
      return (target) => left(target) && right(target)
    }
    case 'or': {
      const left = compilePredicate(predicate.left, variables)
      const right = compilePredicate(predicate.right, variables)
      return (target) => left(target) || right(target)
    }
    case 'not': {
      const inner = compilePredicate(predicate.inner, variables)
      return (target) => !inner(target)
    }
    case 'nested': {
      const inner = compilePredicate(predicate.inner, variables)
      const { field } = predicate
      return (target) => {
        const value = read(target, field)
        return Array.isArray(value) ? value.some((item) => inner(item)) : value !== undefined && value !== null && inner(value)
      }
    }
    case 'compare':
      return compileComparison(predicate.field, predicate.operator, onlyValue(predicate.value, variables))
    case 'in': {
      const isOneOf = membership(predicate.values.flatMap((value) => valuesOf(value, variables)))
      return (target) => asList(read(target, predicate.field)).some((value) => isOneOf(value)) !== predicate.negated
    }
    case 'contains': {
      const matchers = predicate.values
        .flatMap((value) => valuesOf(value, variables))
        .map((value) => compileComparison(predicate.field, '=', value))
      return (target) => (predicate.every ? matchers.every((matches) => matches(target)) : matchers.some((matches) => matches(target)))
    }
    case 'matches': {
      const wanted = String(onlyValue(predicate.value, variables)).toLowerCase()
      return (target) => asList(read(target, predicate.field)).some((value) => String(value).toLowerCase() === wanted)
    }
    case 'defined':
      return (target) => (read(target, predicate.field) !== undefined) !== predicate.negated
    case 'empty':
      return (target) => (asList(read(target, predicate.field)).length === 0) !== predicate.negated
  }
}

function compileComparison(field: string, operator: Comparison, wanted: string | number | boolean): Matcher {
  const compare = operator === '!=' ? '=' : operator
  const test = comparer(compare, wanted)
  const negated = operator === '!='
  return (target) => {
    const value = read(target, field)
    const matched = Array.isArray(value) ? value.some((item) => test(item)) : test(value)
    return matched !== negated
  }
}

function comparer(operator: Exclude<Comparison, '!='>, wanted: string | number | boolean): (value: unknown) => boolean {
  const wantedTime = typeof wanted === 'string' && isDateTime(wanted) ? Date.parse(wanted) : undefined
  return (value) => {
    if (typeof value === 'string') {
      if (wantedTime === undefined) return ordered(operator, value, String(wanted))
      // The vendor's own stamps always have milliseconds, so equal length means that text order is time order: no parsing for each row.
      if (value.length === 24 && String(wanted).length === 24) return ordered(operator, value, String(wanted))
      return isDateTime(value) && ordered(operator, Date.parse(value), wantedTime)
    }
    if (typeof value === 'number') return ordered(operator, value, Number(wanted))
    if (typeof value === 'boolean') return operator === '=' && String(value) === String(wanted)
    return false
  }
}

/** Lists are long (ids of a whole page), so texts are looked up rather than compared one by one. */
function membership(wanted: readonly (string | number | boolean)[]): (value: unknown) => boolean {
  const texts = new Set(wanted.map(String))
  const times = wanted.filter((value) => typeof value === 'string' && isDateTime(value)).map((value) => comparer('=', value))
  return (value) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
    return texts.has(String(value)) || times.some((matches) => matches(value))
  }
}

function ordered<T extends string | number>(operator: Exclude<Comparison, '!='>, left: T, right: T): boolean {
  if (operator === '=') return left === right
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

function read(target: unknown, field: string): unknown {
  if (typeof target !== 'object' || target === null) return undefined
  const record = target as Record<string, unknown>
  // For predicates `variants` of a projection includes the master variant.
  if (field === 'variants' && record['masterVariant'] !== undefined) return [record['masterVariant'], ...asList(record['variants'])]
  if (field === 'lowercaseEmail' && typeof record['email'] === 'string') return record['email'].toLowerCase()
  return Object.hasOwn(record, field) ? record[field] : undefined
}

function asList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

function valuesOf(value: Value, variables: Variables): (string | number | boolean)[] {
  if (value.kind === 'literal') return [value.value]
  const found = variables[value.name]
  if (found === undefined) throw new PredicateError(`Missing parameter value for ${value.name}`)
  return (typeof found === 'string' ? [found] : found).map((text) => (/^".*"$/su.test(text) ? text.slice(1, -1) : text))
}

function onlyValue(value: Value, variables: Variables): string | number | boolean {
  const [first] = valuesOf(value, variables)
  if (first === undefined) throw new PredicateError('Missing parameter value')
  return first
}
