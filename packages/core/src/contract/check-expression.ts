import { parseTemplate } from '../mapping/template.ts'
import { isObject, isPlain } from '../mapping/plain-value.ts'
import { isTimeZone } from '../mapping/zoned-date.ts'
import type { ValueKind } from '../views/value-kind.ts'
import { checkPath, type ExpressionContext } from './check-path.ts'
import { checkPredicate } from './check-predicate.ts'
import { suggestion } from './closest.ts'

type Parts = Readonly<Record<string, unknown>>

const text: ValueKind = { kind: 'text' }
const plainKind = (value: string | number | boolean): ValueKind =>
  typeof value === 'string'
    ? { kind: 'text', values: [value] }
    : typeof value === 'boolean'
      ? { kind: 'boolean' }
      : { kind: Number.isInteger(value) ? 'integer' : 'number' }

const itemOf = (kind: ValueKind): ValueKind => (kind.kind === 'list' ? kind.of : kind)

const checkKind = (
  expression: Parts,
  context: ExpressionContext,
  allowed: readonly ValueKind['kind'][],
  needs: string,
): ValueKind | undefined => {
  const kind = checkPath(expression['path'], context)
  if (kind === undefined || allowed.includes(kind.kind)) return kind
  context.report(
    `${String(expression['op'])}(...) needs ${needs}, and "${String(expression['path'])}" is none; name another path or use another expression`,
  )
  return undefined
}

const checkTemplate = (expression: Parts, context: ExpressionContext): ValueKind[] => {
  const { template } = expression
  const parts = typeof template === 'string' ? parseTemplate(template) : undefined
  if (parts === undefined) context.report('the braces of the template do not match; write a place like {firstName}')
  for (const part of parts ?? []) {
    if (!('path' in part)) continue
    const kind = checkPath(part.path, context)
    if (kind === undefined || !['list', 'money', 'object', 'record'].includes(kind.kind)) continue
    context.report(
      `the template cannot write {${part.path}} as text; ${kind.kind === 'money' ? `use {${part.path}.amount}` : 'name one plain value'}`,
    )
  }
  return [text]
}

const checkMap = (expression: Parts, context: ExpressionContext): ValueKind[] => {
  const { values, otherwise } = expression
  const given = checkExpression(expression['of'], context)
  if (!isObject(values) || !Object.values(values).every(isPlain)) {
    context.report('the values of mapValues(...) must be an object of texts, numbers or booleans')
    return []
  }
  if (otherwise !== undefined && !isPlain(otherwise))
    context.report('the last argument of mapValues(...) must be a text, number or boolean')
  const items = given.map(itemOf)
  if (items.some((kind) => ['money', 'object', 'record', 'localized'].includes(kind.kind)))
    context.report('mapValues(...) translates plain values only; name one')
  const possible =
    items.length > 0 && items.every((kind) => kind.kind === 'text' && kind.values !== undefined)
      ? items.flatMap((kind) => (kind.kind === 'text' ? (kind.values ?? []) : []))
      : undefined
  for (const key of Object.keys(values)) {
    if (possible !== undefined && !possible.includes(key))
      context.report(`mapValues(...) lists "${key}", which never occurs; ${suggestion(key, possible)}`)
  }
  const results = [...Object.values(values), ...(isPlain(otherwise) ? [otherwise] : [])].filter(isPlain).map(plainKind)
  return given.some((kind) => kind.kind === 'list') ? results.map((of) => ({ kind: 'list', of })) : results
}

const checkJoin = (expression: Parts, context: ExpressionContext): ValueKind[] => {
  const { separator, limit } = expression
  if (typeof separator !== 'string') context.report('the separator of join(...) must be text')
  if (limit !== undefined && !(typeof limit === 'number' && Number.isInteger(limit) && limit > 0))
    context.report('the limit of join(...) must be a whole number above 0')
  const kind = checkPath(expression['path'], context)
  if (kind !== undefined && ['object', 'record', 'money', 'list'].includes(itemOf(kind).kind)) {
    context.report(
      `join(...) cannot write the items of "${String(expression['path'])}" as text; name a part of them, such as ${String(expression['path'])}.${itemOf(kind).kind === 'money' ? 'amount' : 'name'}`,
    )
  }
  return [text]
}

const checkDate = (expression: Parts, context: ExpressionContext): ValueKind[] => {
  const { timeZone } = expression
  if (timeZone !== undefined && !isTimeZone(timeZone))
    context.report(`"${typeof timeZone === 'string' ? timeZone : typeof timeZone}" is no time zone; write it like "Europe/Berlin"`)
  checkKind(expression, context, ['instant', 'date', 'open'], 'a point in time or a date')
  return [{ kind: 'date' }]
}

const checkLocalized = (expression: Parts, context: ExpressionContext): ValueKind[] => {
  const { locales } = expression
  if (!Array.isArray(locales) || !locales.every((locale) => typeof locale === 'string' && locale !== ''))
    context.report('the locales of localized(...) must be texts such as "de-AT"')
  const kind = checkPath(expression['path'], context)
  if (kind === undefined) return []
  if (!['localized', 'open', 'text'].includes(itemOf(kind).kind))
    context.report(`localized(...) needs localized text, and "${String(expression['path'])}" is none; use path(...)`)
  return [kind.kind === 'list' ? { kind: 'list', of: text } : text]
}

const scalarKinds: ReadonlySet<ValueKind['kind']> = new Set(['text', 'number', 'integer', 'decimal', 'boolean', 'instant', 'date', 'open'])

/** The kinds of an inner expression; reports those that have no plain text, told by the name of the outer one. */
const checkPlain = (of: unknown, name: string, context: ExpressionContext): ValueKind[] => {
  const kinds = checkExpression(of, context)
  if (kinds.some((kind) => !scalarKinds.has(itemOf(kind).kind)))
    context.report(`${name}(...) takes plain values only; name one, or use amount(...), localized(...) or join(...)`)
  return kinds
}

/** Text of each item where the inner value is a list, one text else. */
const likeInner = (kinds: readonly ValueKind[], result: ValueKind): ValueKind[] =>
  kinds.some((kind) => kind.kind === 'list') ? [{ kind: 'list', of: result }] : [result]

const checkCase = (name: 'lower' | 'upper', change: (value: string) => string) => (expression: Parts, context: ExpressionContext) => {
  const kinds = checkPlain(expression['of'], name, context)
  return kinds.map((kind): ValueKind => {
    const item = itemOf(kind)
    const result: ValueKind = item.kind === 'text' && item.values !== undefined ? { kind: 'text', values: item.values.map(change) } : text
    return kind.kind === 'list' ? { kind: 'list', of: result } : result
  })
}

const checkReplace = ({ of, search, by }: Parts, context: ExpressionContext): ValueKind[] => {
  if (typeof search !== 'string' || search === '' || typeof by !== 'string')
    context.report('replace(...) needs a text to look for and a text to put in its place')
  return likeInner(checkPlain(of, 'replace', context), text)
}

const checkRound = ({ of, digits }: Parts, context: ExpressionContext): ValueKind[] => {
  if (!(typeof digits === 'number' && Number.isInteger(digits) && digits >= 0 && digits <= 20))
    context.report('round(...) needs a whole number of digits from 0 to 20')
  for (const kind of checkExpression(of, context)) {
    if (!['decimal', 'integer', 'number', 'open'].includes(kind.kind))
      context.report(`round(...) needs a number; use amount(...) for money`)
  }
  return [{ kind: 'decimal' }]
}

const checkWhen = ({ test, value, otherwise }: Parts, context: ExpressionContext): ValueKind[] => {
  checkPredicate(test, context)
  return [...checkExpression(value, context), ...(otherwise === undefined ? [] : checkExpression(otherwise, context))]
}

const checkTransform = ({ name, of }: Parts, context: ExpressionContext): ValueKind[] => {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*@[1-9][0-9]*$/i.test(name))
    context.report(`"${String(name)}" cannot name a transform; write it with its version, such as "loyalty@2"`)
  else if (!context.transforms.includes(name))
    context.report(
      `the connection has no transform "${name}"; ${suggestion(name, context.transforms)}. Give it under transforms, beside the contract`,
    )
  for (const part of Array.isArray(of) ? of : []) checkExpression(part, context)
  return [{ kind: 'open' }]
}

const checkers: Readonly<Record<string, (expression: Parts, context: ExpressionContext) => ValueKind[]>> = {
  path: (expression, context) => {
    const kind = checkPath(expression['path'], context)
    return kind === undefined ? [] : [kind]
  },
  constant: ({ value }, { report }) => {
    if (isPlain(value)) return [plainKind(value)]
    report('constant(...) takes a text, a number or a boolean')
    return []
  },
  template: checkTemplate,
  coalesce: (expression, context) => {
    const parts: readonly unknown[] = Array.isArray(expression['of']) ? expression['of'] : []
    if (parts.length === 0) context.report('coalesce(...) has nothing to choose from; give it at least one expression')
    return parts.flatMap((part) => checkExpression(part, context))
  },
  map: checkMap,
  localized: checkLocalized,
  amount: (expression, context) => {
    checkKind(expression, context, ['money', 'open'], 'an amount of money')
    return [{ kind: 'decimal' }]
  },
  currency: (expression, context) => {
    checkKind(expression, context, ['money', 'open'], 'an amount of money')
    return [text]
  },
  date: checkDate,
  join: checkJoin,
  count: (expression, context) => {
    checkKind(expression, context, ['list', 'open'], 'a list')
    return [{ kind: 'integer' }]
  },
  when: checkWhen,
  holds: ({ test }, context) => {
    checkPredicate(test, context)
    return [{ kind: 'boolean' }]
  },
  lower: checkCase('lower', (value) => value.toLowerCase()),
  upper: checkCase('upper', (value) => value.toUpperCase()),
  trim: ({ of }, context) => likeInner(checkPlain(of, 'trim', context), text),
  replace: checkReplace,
  minor: (expression, context) => {
    checkKind(expression, context, ['money', 'open'], 'an amount of money')
    return [{ kind: 'integer' }]
  },
  round: checkRound,
  hash: ({ of }, context) => likeInner(checkPlain(of, 'hashed', context), text),
  email: ({ of }, context) => likeInner(checkPlain(of, 'validEmail', context), text),
  phone: ({ of, country }, context) => {
    if (country !== undefined) checkPlain(country, 'phoneNumber', context)
    return likeInner(checkPlain(of, 'phoneNumber', context), text)
  },
  transform: checkTransform,
}

/** Checks an expression and gives the kinds of value that it can have; none where that cannot be told because of a reported problem. */
export const checkExpression = (expression: unknown, context: ExpressionContext): ValueKind[] => {
  const op = isObject(expression) ? expression['op'] : undefined
  const check = typeof op === 'string' && Object.hasOwn(checkers, op) ? checkers[op] : undefined
  if (check !== undefined && isObject(expression)) return check(expression, context)
  context.report(
    typeof op === 'string'
      ? `there is no expression "${op}"; ${suggestion(op, Object.keys(checkers))}`
      : 'the value is missing; use path(...), constant(...) or another expression',
  )
  return []
}
