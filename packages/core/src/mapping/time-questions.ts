import type { Predicate } from '../contract/predicate.ts'
import type { View } from '../views/view.ts'
import { compilePredicate } from './predicate-compiler.ts'

type Within = Extract<Predicate, { test: 'within' }>

const isWithin = (value: object): value is Within =>
  'test' in value && value.test === 'within' && 'path' in value && typeof value.path === 'string'

/** Every question in a piece of a contract whose answer changes by itself. Contracts are plain data, so that it can simply be walked. */
const withinsOf = (value: unknown): Within[] => {
  if (typeof value !== 'object' || value === null) return []
  return isWithin(value) ? [value] : Object.values(value).flatMap(withinsOf)
}

/** Whether rules ask anything whose answer changes by itself. */
export const asksTime = (rules: unknown): boolean => withinsOf(rules).length > 0

/** Prepares the look-up of the time at which rules can give another result although the unit stays the same, epoch ms; undefined when there is none. */
export const timeQuestions = (rules: unknown, locales: readonly string[]): ((view: View, now: number) => number | undefined) => {
  const questions = withinsOf(rules).map((within) => compilePredicate(within, locales))
  if (questions.length === 0) return () => undefined
  return (view, now) => {
    const times = questions.flatMap((question) => question.changesAt(view, now) ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }
}
