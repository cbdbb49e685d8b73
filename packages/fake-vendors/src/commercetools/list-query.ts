import type { HttpReply } from '../http/message.ts'
import { platformError } from './errors.ts'
import { PredicateError, sortableFields, validateWhere, type Variables } from './predicate/index.ts'

/** The parameters of a list request, read and checked. */
export interface ListQuery {
  where: readonly string[]
  variables: Variables
  sort: readonly string[]
  expand: readonly string[]
  limit: number
  offset: number
  withTotal: boolean
}

/** The most rows of one page, and how far `offset` reaches. */
export const MAX_LIMIT = 500
export const MAX_OFFSET = 10_000

/** Reads the parameters of a list request, or says with which 400 the vendor refuses them. */
export function readListQuery(parameters: URLSearchParams, resourceType: string): { query: ListQuery } | { refusal: HttpReply } {
  try {
    const where = parameters.getAll('where')
    const variables = readVariables(parameters)
    const sort = parameters.getAll('sort')
    validateWhere(where, variables, resourceType)
    for (const clause of sort) checkSort(clause, resourceType)
    const query: ListQuery = {
      where,
      variables,
      sort,
      expand: parameters.getAll('expand'),
      limit: readNumber(parameters, 'limit', 20, MAX_LIMIT),
      offset: readNumber(parameters, 'offset', 0, MAX_OFFSET),
      withTotal: readBoolean(parameters, 'withTotal', true),
    }
    return { query }
  } catch (error) {
    if (error instanceof PredicateError) return { refusal: malformed('where', error.message) }
    if (error instanceof MalformedParameter) return { refusal: malformed(error.parameter, error.message) }
    throw error
  }
}

class MalformedParameter extends Error {
  readonly parameter: string

  constructor(parameter: string, message: string) {
    super(message)
    this.parameter = parameter
  }
}

function malformed(parameter: string, message: string): HttpReply {
  return platformError(400, 'InvalidInput', `Malformed parameter: ${parameter}: ${message}`)
}

function readVariables(parameters: URLSearchParams): Variables {
  const names = [...new Set(parameters.keys())].filter((name) => name.startsWith('var.'))
  return Object.fromEntries(names.map((name) => [name.slice('var.'.length), parameters.getAll(name)]))
}

function checkSort(clause: string, resourceType: string): void {
  const [path = '', direction, ...rest] = clause.trim().split(/\s+/u)
  const valid = rest.length === 0 && (direction === undefined || /^(?:asc|desc)$/iu.test(direction)) && /^[\w.-]+$/u.test(path)
  if (!valid) throw new MalformedParameter('sort', `Invalid sort expression '${clause}'. Several expressions are several parameters.`)
  const field = path.split('.')[0] ?? ''
  const fields = sortableFields(resourceType)
  if (fields === undefined || fields.includes(field)) return
  throw new MalformedParameter(
    'sort',
    `Invalid query field '${field}' in sort path. Sortable fields are: ${fields.map((name) => `\`${name}\``).join(', ')}`,
  )
}

function readNumber(parameters: URLSearchParams, name: string, fallback: number, maximum: number): number {
  const text = parameters.get(name)
  if (text === null) return fallback
  if (!/^\d+$/u.test(text)) throw new MalformedParameter(name, `'${text}' is not a number.`)
  if (Number(text) > maximum) throw new MalformedParameter(name, `The value ${text} is not within the bounds of 0 and ${maximum}.`)
  return Number(text)
}

function readBoolean(parameters: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = parameters.get(name)
  if (text === null) return fallback
  if (text !== 'true' && text !== 'false') throw new MalformedParameter(name, `'${text}' is not a boolean.`)
  return text === 'true'
}
