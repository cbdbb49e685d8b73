import { isJsonObject } from '../../http/index.ts'
import { graphQLError } from './errors.ts'

/** Type of an input. Decimals may come as numbers or as text and are kept as text, digit by digit. */
export type Shape =
  | 'text'
  | 'int'
  | 'decimal'
  | 'flag'
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape }
  | { readonly members: Readonly<Record<string, Shape>> }

const decimal = /^-?\d+(\.\d+)?$/

function wrong(path: string, expected: string): never {
  return graphQLError('graphql-input-type', `Variable '${path}' has an invalid value: expected ${expected}.`)
}

/** Checks an input against its type as GraphQL does before anything is executed: one misfit refuses the whole request. Null passes everywhere. */
export function coerce(shape: Shape, value: unknown, path: string): unknown {
  if (value === null || value === undefined) return null
  if (shape === 'text') return typeof value === 'string' ? value : wrong(path, 'String')
  if (shape === 'int') return Number.isSafeInteger(value) ? value : wrong(path, 'Int')
  if (shape === 'flag') return typeof value === 'boolean' ? value : wrong(path, 'Boolean')
  if (shape === 'decimal') {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && decimal.test(text) ? text : wrong(path, 'Decimal')
  }
  if ('oneOf' in shape) return typeof value === 'string' && shape.oneOf.includes(value) ? value : wrong(path, shape.oneOf.join(' | '))
  if ('list' in shape) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.map((item, index) => coerce(shape.list, item, `${path}[${index}]`))
  }
  if (!isJsonObject(value)) return wrong(path, 'an object')
  const members: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    const expected = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    if (expected === undefined)
      return graphQLError('graphql-unknown-input', `Variable '${path}' has a field that is not defined: '${name}'.`)
    members[name] = coerce(expected, member, `${path}.${name}`)
  }
  return members
}
