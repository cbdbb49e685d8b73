import type { HttpReply } from '../http/index.ts'
import { refuse } from './errors.ts'
import { ok } from './route.ts'

const defaultLimit = 20
const maxLimit = 100

/** Rows of one page. More than 100 asked for gives 100. */
export function pageOf<T>(query: URLSearchParams, rows: readonly T[]): readonly T[] {
  const limit = count(query, 'limit', defaultLimit)
  const offset = count(query, 'offset', 0)
  return rows.slice(offset, offset + Math.min(limit, maxLimit))
}

function count(query: URLSearchParams, name: string, fallback: number): number {
  const given = query.get(name)
  if (given === null || given === '') return fallback
  return /^\d+$/.test(given) ? Number(given) : refuse('body-shape', 400, {})
}

/** A list answer: rows under the name of the resource, and the number of all rows as text. */
export function listReply<T>(
  query: URLSearchParams,
  name: string,
  rows: readonly T[],
  view: (row: T) => object,
  beside: (page: readonly T[]) => object = () => ({}),
): HttpReply {
  const page = pageOf(query, rows)
  return ok({ [name]: page.map(view), ...beside(page), meta: { total: String(rows.length) } })
}

/** Rows whose members equal the `filters[...]` given; filters that are not known are ignored. */
export function filtered<T>(query: URLSearchParams, rows: readonly T[], members: Readonly<Record<string, (row: T) => string | null>>): T[] {
  const wanted = Object.entries(members).flatMap(([name, read]) => {
    const value = query.get(`filters[${name}]`)
    return value === null ? [] : [{ value: value.toLowerCase(), read }]
  })
  return rows.filter((row) => wanted.every(({ value, read }) => read(row)?.toLowerCase() === value))
}
