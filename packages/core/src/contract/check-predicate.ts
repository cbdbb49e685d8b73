import { isCalendarDate, parseInstant } from '../mapping/calendar.ts'
import { isObject, isPlain } from '../mapping/plain-value.ts'
import type { ValueKind } from '../views/value-kind.ts'
import { checkPath, type ExpressionContext } from './check-path.ts'
import { suggestion } from './closest.ts'

type Parts = Readonly<Record<string, unknown>>

const itemOf = (kind: ValueKind): ValueKind => (kind.kind === 'list' ? kind.of : kind)

const checkValues = (path: unknown, values: readonly unknown[], context: ExpressionContext): void => {
  const kind = checkPath(path, context)
  if (values.length === 0 || !values.every(isPlain)) context.report('a value to compare with must be a text, a number or a boolean')
  if (kind === undefined) return
  const item = itemOf(kind)
  if (item.kind === 'object' || item.kind === 'record' || item.kind === 'money')
    context.report(
      `"${String(path)}" is no plain value; name a part of it, such as ${String(path)}.${item.kind === 'money' ? 'amount' : 'key'}`,
    )
  if (item.kind !== 'text' || item.values === undefined) return
  for (const value of values) {
    if (typeof value === 'string' && !item.values.includes(value))
      context.report(`"${value}" never occurs at "${String(path)}"; ${suggestion(value, item.values)}`)
  }
}

const checkTime = (predicate: Parts, context: ExpressionContext): void => {
  const kind = checkPath(predicate['path'], context)
  if (kind === undefined || ['instant', 'date', 'open'].includes(itemOf(kind).kind)) return
  context.report(`"${String(predicate['path'])}" is no point in time and no date; name another path`)
}

const isTime = (at: unknown): boolean => typeof at === 'string' && (isCalendarDate(at) || parseInstant(at) !== undefined)

const checkFixedTime = (predicate: Parts, context: ExpressionContext): void => {
  checkTime(predicate, context)
  if (!isTime(predicate['at']))
    context.report(`"${String(predicate['at'])}" is no date; write it like "2026-03-01" or "2026-03-01T12:00:00Z"`)
}

const checkParts = ({ of }: Parts, context: ExpressionContext): void => {
  const parts: readonly unknown[] = Array.isArray(of) ? of : []
  if (parts.length === 0) context.report('allOf(...) and anyOf(...) need at least one predicate')
  for (const part of parts) checkPredicate(part, context)
}

const checkers: Readonly<Record<string, (predicate: Parts, context: ExpressionContext) => void>> = {
  eq: ({ path, value }, context) => checkValues(path, [value], context),
  in: ({ path, values }, context) => checkValues(path, Array.isArray(values) ? values : [], context),
  exists: ({ path }, context) => void checkPath(path, context),
  before: checkFixedTime,
  after: checkFixedTime,
  within: (predicate, context) => {
    checkTime(predicate, context)
    const { days } = predicate
    if (typeof days !== 'number' || !(days > 0 && Number.isFinite(days))) context.report('withinDays(...) needs a number of days above 0')
  },
  not: ({ of }, context) => checkPredicate(of, context),
  and: checkParts,
  or: checkParts,
}

/** Checks a predicate against the view that it asks about, and reports what is wrong with it. */
export const checkPredicate = (predicate: unknown, context: ExpressionContext): void => {
  const test = isObject(predicate) ? predicate['test'] : undefined
  const check = typeof test === 'string' && Object.hasOwn(checkers, test) ? checkers[test] : undefined
  if (check !== undefined && isObject(predicate)) return check(predicate, context)
  return context.report(
    typeof test === 'string'
      ? `there is no predicate "${test}"; ${suggestion(test, Object.keys(checkers))}`
      : 'the predicate is missing; use is(...), exists(...) or another one',
  )
}
