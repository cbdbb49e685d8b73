import { checkPredicate } from './check.ts'
import { compilePredicate, type Matcher, type Variables } from './compile.ts'
import { lowerBound } from './lower-bound.ts'
import { parsePredicate } from './parse.ts'

export { sortableFields } from './check.ts'
export type { Matcher, Variables } from './compile.ts'
export { PredicateError } from './lexer.ts'

/** Several predicates, all of which must hold. */
export interface Where {
  matches: Matcher
  /** A text that the field of every matching row is at least; undefined when the predicates do not say. */
  lowerBound(field: string): string | undefined
}

/** Makes predicates ready to be used; throws `PredicateError` for text that is not one. */
export function prepareWhere(where: readonly string[], variables: Variables): Where {
  const predicates = where.map((text) => parsePredicate(text))
  const matchers = predicates.map((predicate) => compilePredicate(predicate, variables))
  return {
    matches: (target) => matchers.every((matches) => matches(target)),
    lowerBound(field) {
      const bounds = predicates.map((predicate) => lowerBound(predicate, variables, field)).filter((bound) => bound !== undefined)
      return bounds.reduce<string | undefined>((highest, bound) => (highest === undefined || bound > highest ? bound : highest), undefined)
    },
  }
}

/** Throws `PredicateError` when a predicate cannot be parsed, lacks a variable or names what the resource type does not have. */
export function validateWhere(where: readonly string[], variables: Variables, resourceType: string): void {
  for (const text of where) {
    const predicate = parsePredicate(text)
    checkPredicate(predicate, resourceType)
    compilePredicate(predicate, variables)
  }
}
