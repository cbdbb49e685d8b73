import type { ObjectType } from '../object-types.ts'
import { ownGroupName, ownProperties } from '../properties/catalog.ts'
import type { PropertyDefinition, PropertyGroup } from '../properties/definition.ts'
import { foldEmail } from '../properties/email.ts'

/** Where a write came from, as HubSpot names it in property histories. */
export type WriteSource = 'INTEGRATION' | 'CRM_UI' | 'MERGE_OBJECTS'

/** One change of a record: only the values that changed, `''` for cleared ones. */
interface RecordWrite {
  readonly at: number
  readonly source: WriteSource
  readonly values: Readonly<Record<string, string>>
}

/** A record as it is kept. `properties` is replaced, never changed in place, so writes may share it. */
export interface StoredRecord {
  readonly id: string
  properties: Readonly<Record<string, string>>
  readonly createdAt: number
  updatedAt: number
  archivedAt: number | undefined
  /** Newest last. Gives histories, and the past that a lagging search index sees. */
  writes: RecordWrite[]
}

/** Everything of one object type. */
export interface ObjectStore {
  readonly type: ObjectType
  readonly records: Map<string, StoredRecord>
  readonly archived: Map<string, StoredRecord>
  /** Old id to the id it was merged into. */
  readonly redirects: Map<string, string>
  /** Ids in creation order, for paging; archived ids stay as holes. */
  readonly order: string[]
  /** Property name to value to record id. `hs_additional_emails` is indexed by single address. */
  readonly unique: Map<string, Map<string, string>>
  readonly properties: Map<string, PropertyDefinition>
  readonly groups: Map<string, PropertyGroup>
  nextId: number
}

/** Creates the store of a type with HubSpot's own properties. Ids of different types never meet, so that mixing them up is seen. */
export function createStore(type: ObjectType, firstId: number, at: number): ObjectStore {
  const properties = new Map(ownProperties(type.name, at).map((property) => [property.name, property]))
  const groupName = ownGroupName(type.name)
  const unique = new Map(
    [...properties.values()].filter((property) => property.enforcedUnique).map((property) => [property.name, new Map<string, string>()]),
  )
  if (type.name === 'contacts') unique.set('hs_additional_emails', new Map())
  return {
    type,
    records: new Map(),
    archived: new Map(),
    redirects: new Map(),
    order: [],
    unique,
    properties,
    groups: new Map([[groupName, { name: groupName, label: `${type.singular} information`, displayOrder: 0 }]]),
    nextId: firstId,
  }
}

/** Follows merges to the id that holds the record now. */
export function currentId(store: ObjectStore, id: string): string {
  let current = id
  for (let next = store.redirects.get(current); next !== undefined; next = store.redirects.get(current)) current = next
  return current
}

/** Finds a living record by id, also by one it had before a merge. */
export function findRecord(store: ObjectStore, id: string): StoredRecord | undefined {
  return store.records.get(currentId(store, id))
}

/** The form under which a value of a unique property is compared. */
export function foldUnique(property: string, value: string): string {
  return property === 'email' || property === 'hs_additional_emails' ? foldEmail(value) : value
}

/** Finds a living record by a unique property. */
export function findByUnique(store: ObjectStore, property: string, value: string): StoredRecord | undefined {
  const id = store.unique.get(property)?.get(foldUnique(property, value))
  return id === undefined ? undefined : store.records.get(id)
}

/** Finds the contact that holds an address as its primary or an additional one. */
export function findByAnyEmail(store: ObjectStore, email: string): StoredRecord | undefined {
  return findByUnique(store, 'email', email) ?? findByUnique(store, 'hs_additional_emails', email)
}

function indexedValues(property: string, value: string | undefined): string[] {
  if (value === undefined || value === '') return []
  return property === 'hs_additional_emails' ? value.split(';') : [value]
}

/** Moves the unique values of a record from `before` to `after`. Callers have checked that they are free. */
function reindex(store: ObjectStore, id: string, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): void {
  for (const [property, index] of store.unique) {
    const old = before[property]
    const next = after[property]
    if (old === next) continue
    for (const value of indexedValues(property, old)) {
      const key = foldUnique(property, value)
      if (index.get(key) === id) index.delete(key)
    }
    for (const value of indexedValues(property, next)) index.set(foldUnique(property, value), id)
  }
}

/** Adds a record whose values are checked. */
export function insertRecord(store: ObjectStore, values: Readonly<Record<string, string>>, at: number, source: WriteSource): StoredRecord {
  const id = String(store.nextId)
  store.nextId += 1
  const record: StoredRecord = {
    id,
    properties: values,
    createdAt: at,
    updatedAt: at,
    archivedAt: undefined,
    writes: [{ at, source, values }],
  }
  store.records.set(id, record)
  store.order.push(id)
  reindex(store, id, {}, values)
  return record
}

const maxWrites = 60

/** Changes a record; `''` clears. Returns how to take the change back. A write that changes nothing leaves no trace. */
export function changeRecord(
  store: ObjectStore,
  record: StoredRecord,
  values: Readonly<Record<string, string>>,
  at: number,
  source: WriteSource,
): () => void {
  const before = record.properties
  const changed: Record<string, string> = {}
  for (const name of Object.keys(values)) {
    if ((before[name] ?? '') !== values[name]) changed[name] = values[name] ?? ''
  }
  if (Object.keys(changed).length === 0) return () => undefined
  const after: Record<string, string> = { ...before, ...changed }
  for (const name of Object.keys(changed)) if (changed[name] === '') delete after[name]
  const { updatedAt, writes } = record
  record.properties = after
  record.updatedAt = at
  const entry: RecordWrite = { at, source, values: changed }
  if (writes.length < maxWrites) record.writes = [...writes, entry]
  else {
    const [first, second, ...rest] = writes
    record.writes = [{ at: second?.at ?? at, source, values: { ...first?.values, ...second?.values } }, ...rest, entry]
  }
  reindex(store, record.id, before, after)
  return () => {
    reindex(store, record.id, record.properties, before)
    record.properties = before
    record.updatedAt = updatedAt
    record.writes = writes
  }
}

/** Takes a record out as if it had never been. */
export function dropRecord(store: ObjectStore, record: StoredRecord): void {
  store.records.delete(record.id)
  reindex(store, record.id, record.properties, {})
}

/** Moves a record into the recycle bin; its unique values become free. */
export function archiveRecord(store: ObjectStore, record: StoredRecord, at: number): void {
  dropRecord(store, record)
  record.archivedAt = at
  store.archived.set(record.id, record)
}

/** A page of living records in creation order. `after` is the last id of the page before. */
export function pageOfRecords(
  source: Pick<ObjectStore, 'order'>,
  records: ReadonlyMap<string, StoredRecord>,
  after: string | undefined,
  limit: number,
): StoredRecord[] {
  const { order } = source
  let low = 0
  if (after !== undefined) {
    let high = order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (Number(order[middle]) <= Number(after)) low = middle + 1
      else high = middle
    }
  }
  const page: StoredRecord[] = []
  for (; low < order.length && page.length < limit; low += 1) {
    const record = records.get(order[low] ?? '')
    if (record !== undefined) page.push(record)
  }
  return page
}
