import type { Entity, RecordRef } from '../../model/record.ts'
import type { IngestPage, IngestRecord, RecordHead, StoredRecord } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { keyOf } from './state.ts'
import type { MemoryState } from './state.ts'

/** The stored record of a reference. */
export const findRecord = (state: MemoryState, ref: RecordRef): StoredRecord | undefined =>
  state.records.get(keyOf(ref.source, ref.entity, ref.id))

/** A record without its body. */
export const headOf = ({ body: _body, ...head }: StoredRecord): RecordHead => head

/** The last entry of each record of a page, in bytewise order of entity and id. */
export const lastOfEach = (records: readonly IngestRecord[]): IngestRecord[] =>
  [...new Map(records.map((record) => [keyOf(record.entity, record.id), record])).values()].toSorted((a, b) =>
    compareBy([a.entity, a.id], [b.entity, b.id]),
  )

/** Whether every record still has the revision that it was compared with. */
export const unmoved = (state: MemoryState, page: IngestPage): boolean =>
  page.records.every((record) => (findRecord(state, { source: page.source, ...record })?.revision ?? 0) === record.baseRevision)

/** Stores one record; true when its revision was raised. */
export const applyRecord = (state: MemoryState, source: string, record: IngestRecord): boolean => {
  const stored = findRecord(state, { source, entity: record.entity, id: record.id })
  const wasDeleted = (stored?.deletedAt ?? null) !== null
  const changed =
    record.body !== undefined || (stored !== undefined && record.deletedAt !== undefined && (record.deletedAt !== null) !== wasDeleted)
  const deletedAt = record.body === undefined && record.deletedAt === undefined ? (stored?.deletedAt ?? null) : (record.deletedAt ?? null)
  const next: StoredRecord = {
    rid: stored?.rid ?? ++state.lastRid,
    source,
    entity: record.entity,
    id: record.id,
    revision: (stored?.revision ?? 0) + (changed ? 1 : 0),
    contentHash: record.contentHash,
    version: record.version,
    deletedAt,
    body: record.body ?? stored?.body ?? null,
  }
  state.records.set(keyOf(source, record.entity, record.id), next)
  if (record.fact !== undefined) state.facts.set(next.rid, record.fact)
  state.rejected.delete(keyOf(source, record.entity, record.id))
  return changed
}

/** Records of one kind in the order of `rid`. */
export const scanRecords = (
  state: MemoryState,
  query: { source: string; entity: Entity; afterRid: number; limit: number; bodies: boolean },
): StoredRecord[] =>
  [...state.records.values()]
    .filter((record) => record.source === query.source && record.entity === query.entity && record.rid > query.afterRid)
    .toSorted((a, b) => a.rid - b.rid)
    .slice(0, query.limit)
    .map((record) => (query.bodies ? record : { ...record, body: null }))
