import { isJsonObject } from '../../http/index.ts'
import { malformed, requiredString, stringList } from '../body.ts'
import { invalid } from '../errors.ts'
import type { PropertyDefinition } from '../properties/definition.ts'
import type { ObjectStore } from './store.ts'

/** A condition over the value of a property; null when it is not set. */
export interface SearchFilter {
  readonly property: PropertyDefinition
  readonly test: (value: string | null) => boolean
}

const maxGroups = 5
const maxFiltersPerGroup = 6
const maxFilters = 18

/** A value as it is compared: numbers and times by size, text without case. */
export function comparable(property: PropertyDefinition, value: string): number | string {
  if (property.type === 'number') return Number(value)
  if (property.type !== 'date' && property.type !== 'datetime') return value.toLowerCase()
  return /^-?\d+$/.test(value) ? Number(value) : Date.parse(value)
}

/** Reads `filterGroups`: groups are alternatives, the filters of a group all hold. Refuses more than the caps. */
export function readFilterGroups(store: ObjectStore, body: Record<string, unknown>): SearchFilter[][] {
  const groups = body['filterGroups'] ?? []
  if (!Array.isArray(groups)) return malformed('"filterGroups" must be a list')
  if (groups.length > maxGroups) invalid('search-caps', `No more than ${maxGroups} filter groups are allowed.`)
  const read = groups.map((group: unknown) => {
    const filters = isJsonObject(group) ? group['filters'] : undefined
    if (!Array.isArray(filters)) return malformed('a filter group needs "filters"')
    if (filters.length > maxFiltersPerGroup) invalid('search-caps', `No more than ${maxFiltersPerGroup} filters are allowed in a group.`)
    return filters.map((filter: unknown) => readFilter(store, filter))
  })
  if (read.flat().length > maxFilters) invalid('search-caps', `No more than ${maxFilters} filters are allowed.`)
  return read
}

function readFilter(store: ObjectStore, filter: unknown): SearchFilter {
  if (!isJsonObject(filter)) return malformed('a filter must be an object')
  const name = requiredString(filter, 'propertyName')
  const property =
    store.properties.get(name) ?? invalid('property-unknown', `There was a problem with the request: property "${name}" does not exist.`)
  const operator = requiredString(filter, 'operator')
  const single = (): number | string => comparable(property, requiredString(filter, 'value'))
  const many = (): Set<number | string> => new Set(stringList(filter, 'values').map((value) => comparable(property, value)))
  return { property, test: testOf(operator, property, single, many, filter) }
}

function testOf(
  operator: string,
  property: PropertyDefinition,
  single: () => number | string,
  many: () => Set<number | string>,
  filter: Record<string, unknown>,
): (value: string | null) => boolean {
  const compare = (check: (left: number | string) => boolean) => (value: string | null) =>
    value !== null && check(comparable(property, value))
  if (operator === 'HAS_PROPERTY') return (value) => value !== null
  if (operator === 'NOT_HAS_PROPERTY') return (value) => value === null
  if (operator === 'IN' || operator === 'NOT_IN') {
    const values = many()
    return operator === 'IN' ? compare((left) => values.has(left)) : (value) => value === null || !values.has(comparable(property, value))
  }
  const right = single()
  switch (operator) {
    case 'EQ':
      return compare((left) => left === right)
    case 'NEQ':
      return (value) => value === null || comparable(property, value) !== right
    case 'LT':
      return compare((left) => left < right)
    case 'LTE':
      return compare((left) => left <= right)
    case 'GT':
      return compare((left) => left > right)
    case 'GTE':
      return compare((left) => left >= right)
    case 'BETWEEN': {
      const high = comparable(property, requiredString(filter, 'highValue'))
      return compare((left) => left >= right && left <= high)
    }
    case 'CONTAINS_TOKEN':
      return compare((left) => tokenMatches(String(left), String(right)))
    case 'NOT_CONTAINS_TOKEN':
      return (value) => value === null || !tokenMatches(value.toLowerCase(), String(right))
    default:
      return malformed(`"${operator}" is no operator`)
  }
}

function tokenMatches(text: string, wanted: string): boolean {
  const pattern = wanted
    .split('*')
    .map((part) => part.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`))
    .join('.*')
  const whole = new RegExp(`^${pattern}$`)
  return whole.test(text) || text.split(/[\s@.,;]+/).some((token) => whole.test(token))
}
