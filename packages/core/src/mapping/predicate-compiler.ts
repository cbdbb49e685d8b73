import type { Predicate } from '../contract/predicate.ts'
import type { View } from '../views/view.ts'
import { isCalendarDate, parseInstant } from './calendar.ts'
import { isBlank, isPlain, plainReader } from './plain-value.ts'
import { pathReader } from './read-path.ts'

/** A predicate made ready to run. */
export interface CompiledPredicate {
  /** `now` in epoch ms. */
  holds(view: View, now: number): boolean
  /** When the answer can change by itself, epoch ms after `now`; undefined when it cannot. */
  changesAt(view: View, now: number): number | undefined
}

const dayMs = 86_400_000

/** Epoch ms of an instant, or of midnight UTC of a date. Undefined for anything else. */
const epochOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string') return undefined
  return isCalendarDate(value) ? Date.parse(`${value}T00:00:00.000Z`) : parseInstant(value)
}

const never = (): undefined => undefined

const earliest = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** Turns a predicate into functions, once. `locales` = the contract's, for localized text. */
export const compilePredicate = (predicate: Predicate, locales: readonly string[]): CompiledPredicate => {
  switch (predicate.test) {
    case 'not': {
      const of = compilePredicate(predicate.of, locales)
      return { holds: (view, now) => !of.holds(view, now), changesAt: of.changesAt }
    }
    case 'and':
    case 'or': {
      const parts = predicate.of.map((part) => compilePredicate(part, locales))
      return {
        holds:
          predicate.test === 'and'
            ? (view, now) => parts.every((part) => part.holds(view, now))
            : (view, now) => parts.some((part) => part.holds(view, now)),
        changesAt: (view, now) => earliest(parts.map((part) => part.changesAt(view, now))),
      }
    }
    case 'within':
      return compileWithin(predicate.path, predicate.days)
    case 'exists': {
      const read = pathReader(predicate.path)
      return { holds: (view) => !isBlank(read(view)), changesAt: never }
    }
    case 'before':
    case 'after': {
      const read = items(predicate.path)
      const limit = epochOf(predicate.at) ?? Number.NaN
      const fits = predicate.test === 'before' ? (at: number) => at < limit : (at: number) => at >= limit
      return { holds: (view) => read(view).some((value) => fits(epochOf(value) ?? Number.NaN)), changesAt: never }
    }
    default:
      return compileEquality(predicate.path, predicate.test === 'eq' ? [predicate.value] : predicate.values, locales)
  }
}

const items = (path: string): ((view: View) => readonly unknown[]) => {
  const read = pathReader(path)
  return (view) => {
    const value = read(view)
    return Array.isArray(value) ? value : [value]
  }
}

const compileEquality = (path: string, values: readonly (string | number | boolean)[], locales: readonly string[]): CompiledPredicate => {
  const read = items(path)
  const plain = plainReader(locales)
  const wanted = new Set(values.map(String))
  const fits = (value: unknown): boolean => {
    const text = isPlain(value) ? value : plain(value)
    return text !== undefined && wanted.has(String(text))
  }
  return { holds: (view) => read(view).some(fits), changesAt: never }
}

const compileWithin = (path: string, days: number): CompiledPredicate => {
  const read = items(path)
  const times = (view: View): number[] => read(view).flatMap((value) => epochOf(value) ?? [])
  return {
    holds: (view, now) => times(view).some((at) => now - at <= days * dayMs),
    // With several, it turns false when the latest has passed.
    changesAt: (view, now) => {
      const last = Math.max(...times(view)) + days * dayMs + 1
      return Number.isFinite(last) && last > now ? last : undefined
    },
  }
}
