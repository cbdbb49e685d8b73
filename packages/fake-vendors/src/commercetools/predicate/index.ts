import { checkPredicate } from './check.ts'
import { compilePredicate, type Matcher, type Variables } from './compile.ts'
import { type Predicate, parsePredicate } from './parse.ts'

export { sortableFields } from './check.ts'
export type { Matcher, Variables } from './compile.ts'
export { PredicateError } from './lexer.ts'

/** One matcher for several predicates, all of which must hold; throws `PredicateError` for text that is not a predicate. */
export function matcherOf(where: readonly string[], variables: Variables): Matcher {
  const matchers = where.map((text) => compilePredicate(parsePredicate(text), variables))
  return (target) => matchers.every((matches) => matches(target))
}

/** Throws `PredicateError` when a predicate cannot be parsed, lacks a variable or names what the resource type does not have. */
export function validateWhere(where: readonly string[], variables: Variables, resourceType: string): void {
  for (const text of where) {
    const predicate: Predicate = parsePredicate(text)
    checkPredicate(predicate, resourceType)
    compilePredicate(predicate, variables)
  }
}
