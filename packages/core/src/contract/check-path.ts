import { kindAt } from '../views/catalog.ts'
import type { ValueKind } from '../views/value-kind.ts'
import { suggestion } from './closest.ts'

/** What expressions and predicates are checked against: the kinds of their view, and where to report. */
export interface ExpressionContext {
  view: ValueKind
  /** Where the view comes from, for messages: `a person`. */
  of: string
  report: (message: string) => void
  /** Names with versions of own-code transforms that the connection has. */
  transforms: readonly string[]
}

/** The kind of value at a path; reports a path that leads nowhere, with the name that may have been meant. */
export const checkPath = (path: unknown, { view, of, report }: ExpressionContext): ValueKind | undefined => {
  if (typeof path !== 'string' || path.trim() === '') {
    report('the path is missing; name a field of the view, such as path("email")')
    return undefined
  }
  const kind = kindAt(view, path)
  if (kind !== undefined) return kind
  const segments = path.split('.')
  const good = segments.findIndex((_, index) => kindAt(view, segments.slice(0, index + 1).join('.')) === undefined)
  const parent = good === 0 ? view : kindAt(view, segments.slice(0, good).join('.'))
  const fields = parent?.kind === 'list' ? parent.of : parent
  const known = fields?.kind === 'object' ? Object.keys(fields.fields) : fields?.kind === 'money' ? ['amount', 'currency'] : []
  report(`${of} has nothing at "${path}"; ${suggestion(segments[good] ?? path, known)}`)
  return undefined
}
