import type { Path } from './expression.ts'

type Plain = string | number | boolean

/**
 * A question about a unit, as plain data, so that a contract can be stored, hashed and compared. Paths start at the view of the unit, as in expressions. A path
 * to a list asks about its items: one that fits is enough. Values are compared as texts, exactly.
 */
export type Predicate =
  | { test: 'eq'; path: string; value: Plain }
  | { test: 'in'; path: string; values: readonly Plain[] }
  | { test: 'exists'; path: string }
  /** Points in time or dates against a fixed one, ISO 8601. */
  | { test: 'before' | 'after'; path: string; at: string }
  /** At most so many days of 24 hours ago. The only question whose answer changes by itself. */
  | { test: 'within'; path: string; days: number }
  | { test: 'not'; of: Predicate }
  | { test: 'and' | 'or'; of: readonly Predicate[] }

/** The value at a path is this one; of a list, one of its items is. */
export const is = (path: Path, value: Plain): Predicate => ({ test: 'eq', path, value })
/** The value at a path is one of these. */
export const isOneOf = (path: Path, ...values: Plain[]): Predicate => ({ test: 'in', path, values })
/** There is something that is not blank. */
export const exists = (path: Path): Predicate => ({ test: 'exists', path })
/** A point in time or date lies before `at`. */
export const before = (path: Path, at: string): Predicate => ({ test: 'before', path, at })
/** A point in time or date lies after `at`, or is the same. */
export const after = (path: Path, at: string): Predicate => ({ test: 'after', path, at })
/** A point in time or date lies at most so many days ago. It turns false by itself: what depends on it is looked at again then. */
export const withinDays = (path: Path, days: number): Predicate => ({ test: 'within', path, days })
/** The opposite. */
export const not = (of: Predicate): Predicate => ({ test: 'not', of })
/** Every one of them. */
export const allOf = (...of: Predicate[]): Predicate => ({ test: 'and', of })
/** At least one of them. */
export const anyOf = (...of: Predicate[]): Predicate => ({ test: 'or', of })
