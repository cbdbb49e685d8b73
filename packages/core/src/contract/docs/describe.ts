import type { Expression } from '../expression.ts'
import type { Predicate } from '../predicate.ts'

const quoted = (value: string | number | boolean): string => (typeof value === 'string' ? `"${value}"` : String(value))

/** A predicate in words that read as the contract does: `country is one of "DE", "AT"`. */
export const describePredicate = (predicate: Predicate): string => {
  switch (predicate.test) {
    case 'eq':
      return `${predicate.path} is ${quoted(predicate.value)}`
    case 'in':
      return `${predicate.path} is one of ${predicate.values.map(quoted).join(', ')}`
    case 'exists':
      return `${predicate.path} is there`
    case 'before':
    case 'after':
      return `${predicate.path} is ${predicate.test === 'before' ? 'before' : 'on or after'} ${predicate.at}`
    case 'within':
      return `${predicate.path} is at most ${predicate.days} days ago`
    case 'not':
      return `not (${describePredicate(predicate.of)})`
    default:
      return predicate.of.map((part) => `(${describePredicate(part)})`).join(predicate.test === 'and' ? ' and ' : ' or ')
  }
}

/** What a value is made from and how, as the contract writes it: `coalesce(companyName, fullName)`. Paths stand for themselves. */
export const describeExpression = (expression: Expression): string => {
  switch (expression.op) {
    case 'path':
      return expression.path
    case 'constant':
      return quoted(expression.value)
    case 'template':
      return `template(${quoted(expression.template)})`
    case 'coalesce':
      return `coalesce(${expression.of.map(describeExpression).join(', ')})`
    case 'map': {
      const values = Object.entries(expression.values).map(([from, to]) => `${from} -> ${quoted(to)}`)
      const otherwise = expression.otherwise === undefined ? [] : [`otherwise ${quoted(expression.otherwise)}`]
      return `mapValues(${describeExpression(expression.of)}: ${[...values, ...otherwise].join(', ')})`
    }
    case 'localized':
      return `localized(${[expression.path, ...expression.locales].join(', ')})`
    case 'date':
      return `date(${[expression.path, ...(expression.timeZone === undefined ? [] : [expression.timeZone])].join(', ')})`
    case 'join':
      return `join(${expression.path}, ${quoted(expression.separator)}${expression.limit === undefined ? '' : `, ${expression.limit}`})`
    case 'amount':
    case 'currency':
    case 'count':
      return `${expression.op}(${expression.path})`
    case 'minor':
      return `minorUnits(${expression.path})`
    case 'when': {
      const otherwise = expression.otherwise === undefined ? '' : `, else ${describeExpression(expression.otherwise)}`
      return `when ${describePredicate(expression.test)}: ${describeExpression(expression.value)}${otherwise}`
    }
    case 'holds':
      return `holds(${describePredicate(expression.test)})`
    case 'replace':
      return `replace(${describeExpression(expression.of)}, ${quoted(expression.search)}, ${quoted(expression.by)})`
    case 'round':
      return `round(${describeExpression(expression.of)}, ${expression.digits})`
    case 'phone':
      return `phoneNumber(${[expression.of, ...(expression.country === undefined ? [] : [expression.country])].map(describeExpression).join(', ')})`
    case 'transform':
      return `${expression.name}(${expression.of.map(describeExpression).join(', ')})`
    default:
      return `${names[expression.op]}(${describeExpression(expression.of)})`
  }
}

const names = { lower: 'lower', upper: 'upper', trim: 'trim', hash: 'hashed', email: 'validEmail' } as const

/** Every path that an expression reads, each once, in order. */
export const pathsOf = (expression: Expression): string[] => {
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value)) {
      const parts: Readonly<Record<string, unknown>> = { ...value }
      if (typeof parts['path'] === 'string') found.push(parts['path'])
      if (parts['op'] === 'template' && typeof parts['template'] === 'string')
        for (const [, place = ''] of parts['template'].matchAll(/\{([^{}]+)\}/g)) found.push(place.trim())
    }
    for (const part of Object.values(value)) walk(part)
  }
  walk(expression)
  return [...new Set(found)]
}
