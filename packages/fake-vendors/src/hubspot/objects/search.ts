import type { HttpReply } from '../../http/index.ts'
import { isJsonObject } from '../../http/index.ts'
import { malformed, objectBody, optionalString, stringList } from '../body.ts'
import { invalid } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { ok, type RouteContext } from '../route.ts'
import { comparable, readFilterGroups, type SearchFilter } from './search-filters.ts'
import type { ObjectStore, StoredRecord } from './store.ts'
import { readValue, readView } from './view.ts'

const maxPage = 200
const maxResults = 10_000

/** POST search: 200. Sees the past: writes appear `searchLagMs` after they were made. */
export function search(context: RouteContext): HttpReply {
  const { portal, type } = context
  const store = portal.stores[type.name]
  const body = objectBody(context)
  const limit = body['limit'] ?? 10
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) return malformed('"limit" must be a positive integer')
  if (limit > maxPage) invalid('search-caps', `The limit must not be higher than ${maxPage}.`)
  const start = Number(body['after'] ?? 0)
  if (!Number.isInteger(start) || start < 0) return malformed('"after" must be a paging cursor')
  if (start + limit > maxResults) invalid('search-caps', `Paging beyond ${maxResults} results is not supported.`)
  const groups = readFilterGroups(store, body)
  const query = optionalString(body, 'query')?.toLowerCase()
  const found = indexed(portal, store)
    .filter((record) => matches(portal, store, record, groups))
    .filter(
      (record) => query === undefined || type.defaultProperties.some((name) => record.properties[name]?.toLowerCase().includes(query)),
    )
  sort(portal, store, found, body['sorts'])
  const page = found.slice(start, start + limit)
  const next = start + limit < found.length ? { paging: { next: { after: String(start + limit) } } } : {}
  return ok({
    total: found.length,
    results: page.map((record) => readView(portal, store, record, stringList(body, 'properties'))),
    ...next,
  })
}

function matches(portal: Portal, store: ObjectStore, record: StoredRecord, groups: readonly (readonly SearchFilter[])[]): boolean {
  if (groups.length === 0) return true
  return groups.some((filters) => filters.every(({ property, test }) => test(readValue(portal, store, record, property.name))))
}

/** Records as the index knows them: those older than the lag as they are, younger writes not yet, archived ones still. */
function indexed(portal: Portal, store: ObjectStore): StoredRecord[] {
  const seenUntil = portal.settings.now() - portal.settings.searchLagMs
  const records: StoredRecord[] = []
  for (const record of store.records.values()) {
    if (record.updatedAt <= seenUntil) records.push(record)
    else if (record.createdAt <= seenUntil) records.push(asOf(record, seenUntil))
  }
  for (const record of store.archived.values()) {
    if (record.createdAt <= seenUntil && (record.archivedAt ?? 0) > seenUntil) records.push(asOf(record, seenUntil))
  }
  return records
}

function asOf(record: StoredRecord, at: number): StoredRecord {
  const properties: Record<string, string> = {}
  let updatedAt = record.createdAt
  for (const write of record.writes) {
    if (write.at > at) break
    Object.assign(properties, write.values)
    updatedAt = write.at
  }
  const set = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''))
  return { ...record, properties: set, updatedAt, archivedAt: undefined }
}

function sort(portal: Portal, store: ObjectStore, records: StoredRecord[], sorts: unknown): void {
  const [first]: unknown[] = Array.isArray(sorts) ? sorts : []
  const name = isJsonObject(first) ? first['propertyName'] : first
  if (typeof name !== 'string') return
  const property =
    store.properties.get(name) ?? invalid('property-unknown', `There was a problem with the request: property "${name}" does not exist.`)
  const sign = isJsonObject(first) && first['direction'] === 'DESCENDING' ? -1 : 1
  const key = (record: StoredRecord): number | string => {
    const value = readValue(portal, store, record, property.name)
    return value === null ? '' : comparable(property, value)
  }
  records.sort((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === right) return Number(a.id) - Number(b.id)
    return left < right ? -sign : sign
  })
}
