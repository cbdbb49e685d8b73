import { refuse } from './errors.ts'
import type { RouteContext } from './route.ts'

/** A page of `_items` with `_links`. */
export interface Page {
  readonly _links: object
  readonly _items: readonly object[]
}

const markerPrefix = 'after:'

function readMarker(context: RouteContext, area: string): number | undefined {
  const marker = context.query.get('marker')
  if (marker === null || marker === '') return undefined
  const text = Buffer.from(marker, 'base64').toString('utf8')
  const position = Number(text.slice(markerPrefix.length))
  if (text.startsWith(markerPrefix) && Number.isSafeInteger(position)) return position
  return refuse('seek-paging', 400, `${area}:invalidMarker`, `The marker '${marker}' is invalid`)
}

function readLimit(context: RouteContext, area: string, max: number): number {
  const limit = Number(context.query.get('limit') ?? Math.min(max, 1000))
  if (Number.isInteger(limit) && limit >= 1 && limit <= max) return limit
  return refuse('seek-paging', 400, `${area}:invalidLimit`, `The limit must be between 1 and ${max}`)
}

/**
 * Pages by position, never by offset: things that come or go between two calls neither shift nor repeat the others.
 * @param rows ascending by `position`
 * @param area first part of the error codes
 */
export function seekPage<T>(
  context: RouteContext,
  area: string,
  max: number,
  rows: Iterable<T>,
  view: { readonly position: (row: T) => number; readonly show: (row: T) => object },
): Page {
  const after = readMarker(context, area)
  const limit = readLimit(context, area, max)
  const found: T[] = []
  for (const row of rows) {
    if (after !== undefined && view.position(row) <= after) continue
    found.push(row)
    if (found.length > limit) break
  }
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const link = (marker: string): object => {
    const query = new URLSearchParams(context.query)
    query.delete('marker')
    if (marker !== '') query.set('marker', marker)
    return { marker, link: `${context.baseUrl}${context.path}?${query.toString()}` }
  }
  const next = last === undefined ? '' : Buffer.from(`${markerPrefix}${view.position(last)}`, 'utf8').toString('base64')
  return {
    _links: {
      self: link(context.query.get('marker') ?? ''),
      first: link(''),
      ...(found.length > limit && { next: link(next) }),
    },
    _items: shown.map(view.show),
  }
}
