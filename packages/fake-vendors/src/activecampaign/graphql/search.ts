import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { graphQLError } from './errors.ts'
import type { GraphOrder } from './model.ts'
import { orderMembers } from './schema.ts'

const defaultLimit = 20
const maxLimit = 100

function wrong(message: string): never {
  return graphQLError('graphql-search-filters', message)
}

/** A value that can be compared: numbers by size, text as text. Amounts are text and are compared as numbers. */
function comparable(value: unknown): number | string {
  const text = String(value)
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function matches(stored: unknown, operator: unknown, wanted: unknown): boolean {
  if (operator === 'IN') return Array.isArray(wanted) ? wanted.some((item) => matches(stored, 'EQ', item)) : wrong('IN needs a list')
  if (stored === undefined) return false
  if (operator === 'EQ') return typeof stored === typeof wanted && stored === wanted
  if (operator === 'CONTAINS') return typeof stored === 'string' && typeof wanted === 'string' && stored.includes(wanted)
  const [left, right] = [comparable(stored), comparable(wanted)]
  if (operator === 'LT') return left < right
  if (operator === 'LTE') return left <= right
  if (operator === 'GT') return left > right
  if (operator === 'GTE') return left >= right
  return wrong(`The filterOperator ${String(operator)} is unknown`)
}

/** Orders that can be read by now and fulfil every filter, a page of at most 100. */
export function searchOrders(account: Account, filter: unknown, pagination: unknown): GraphOrder[] {
  const filters = Object.entries(isJsonObject(filter) ? filter : {}).map(([name, condition]) => {
    if (!Object.hasOwn(orderMembers, name) || !isJsonObject(condition)) return wrong(`There is no filter ${name}`)
    if (condition['value'] !== undefined && condition['filterOperator'] === undefined) wrong(`The filter ${name} needs a filterOperator`)
    return { name, operator: condition['filterOperator'], value: condition['value'], sort: condition['sort'] }
  })
  const { limit, offset } = pageOf(pagination)
  const found = [...account.orders.values()].filter(({ fields }) =>
    filters.every(({ name, operator, value }) => operator === undefined || matches(fields[name], operator, value)),
  )
  const sorting = filters.find(({ sort }) => sort !== undefined)
  if (sorting !== undefined) {
    const direction = sorting.sort === 'DESC' ? -1 : 1
    found.sort((a, b) => {
      const [left, right] = [comparable(a.fields[sorting.name]), comparable(b.fields[sorting.name])]
      return left === right ? 0 : (left < right ? -1 : 1) * direction
    })
  }
  return found.slice(offset, offset + limit)
}

function pageOf(pagination: unknown): { readonly limit: number; readonly offset: number } {
  const given = isJsonObject(pagination) ? pagination : {}
  const limit = given['limit'] ?? defaultLimit
  const offset = given['offset'] ?? 0
  if (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > maxLimit) {
    graphQLError('graphql-search-limit', `The limit must be greater than 0 and at most ${maxLimit}`)
  }
  if (!Number.isInteger(offset) || Number(offset) < 0) graphQLError('graphql-search-limit', 'The offset must be at least 0')
  return { limit: Number(limit), offset: Number(offset) }
}
