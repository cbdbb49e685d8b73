import { randomBytes } from 'node:crypto'
import type { ErasedCounts, StoreErasure, Tombstone } from '../../spec/store-erasure.ts'
import { compareBy } from './order.ts'
import { releaseWaiting } from './settle.ts'
import { findRecord } from './records.ts'
import { type DeliveryRow, keyOf, type MemoryState } from './state.ts'
import { forgetList } from './watched.ts'

/** Forgets people. */
export const erasePeople = (state: MemoryState, erasure: StoreErasure, now: number): ErasedCounts => {
  const counts: ErasedCounts = { records: 0, scrubbed: 0, deliveries: 0, events: 0, journal: 0, exchanges: 0 }
  for (const ref of erasure.records) {
    state.rejected.delete(keyOf(ref.source, ref.entity, ref.id))
    if (ref.entity === 'shopping-list') forgetList(state, ref.source, ref.id)
    const record = findRecord(state, ref)
    if (record === undefined || record.body === null) continue
    Object.assign(record, { body: null, deletedAt: record.deletedAt ?? now, revision: record.revision + 1 })
    counts.records += 1
  }
  for (const { body, contentHash, ...ref } of erasure.scrubbed) {
    state.rejected.delete(keyOf(ref.source, ref.entity, ref.id))
    const record = findRecord(state, ref)
    if (record === undefined) continue
    Object.assign(record, { body, contentHash, revision: record.revision + 1 })
    counts.scrubbed += 1
  }
  const units = new Set([...erasure.units, ...forgetEvents(state, erasure.subjects, counts)])
  forgetKeys(state, erasure.people)
  forgetDeliveries(state, units, counts, now)
  forgetHistory(state, units, counts)
  for (const [key, row] of state.held) if (units.has(row.unit)) state.held.delete(key)
  renameUnits(state, new Set(erasure.people.map(({ unit }) => unit)))
  for (const { mark, erasedAt } of erasure.tombstones) state.tombstones.set(mark, { mark, erasedAt, applied: true })
  return counts
}

const forgetEvents = (state: MemoryState, subjects: readonly string[], counts: ErasedCounts): string[] => {
  const units: string[] = []
  for (const event of state.events.values()) {
    if (event.subject === null || !subjects.includes(event.subject)) continue
    units.push(`event:${event.source}:${event.id}`)
    Object.assign(event, { body: null, subject: null })
    counts.events += 1
  }
  return units
}

const forgetKeys = (state: MemoryState, people: StoreErasure['people']): void => {
  const gone = new Set(people.map(({ identity, unit }) => keyOf(identity, unit)))
  for (const [key, { identity, unit }] of state.aliases) if (gone.has(keyOf(identity, unit))) state.aliases.delete(key)
  for (const [key, { identity, unit }] of state.members) if (gone.has(keyOf(identity, unit))) state.members.delete(key)
}

const forgetDeliveries = (state: MemoryState, units: ReadonlySet<string>, counts: ErasedCounts, now: number): void => {
  const rows = [...state.deliveries.values()].filter(({ unit }) => units.has(unit)).toSorted((a, b) => a.did - b.did)
  for (const row of rows) {
    const change: Partial<DeliveryRow> = {
      state: 'settled',
      settled: row.wanted,
      sending: null,
      result: 'skipped',
      attempts: 0,
      remoteId: null,
      objects: {},
      fingerprint: null,
      progress: null,
      ticket: null,
      uncertain: false,
      guarded: false,
      changedAt: null,
      failedSince: null,
      waitsFor: null,
      problem: { code: 'erased', message: 'The person was erased.' },
      updatedAt: now,
    }
    Object.assign(row, change)
    state.due.delete(row.did)
    state.replays.delete(row.did)
  }
  counts.deliveries = rows.length
  for (const row of rows) releaseWaiting(state, row, now)
}

const forgetHistory = (state: MemoryState, units: ReadonlySet<string>, counts: ErasedCounts): void => {
  for (const entry of state.journal) {
    if (!units.has(entry.unit)) continue
    for (const id of entry.exchanges ?? []) if (state.exchanges.delete(id)) counts.exchanges += 1
    Object.assign(entry, { problem: null, exchanges: null })
    counts.journal += 1
  }
}

/** Under another name nobody finds them by what they were called. */
const renameUnits = (state: MemoryState, units: ReadonlySet<string>): void => {
  const names = new Map([...units].map((unit) => [unit, `erased:${randomBytes(9).toString('hex')}`]))
  for (const entry of state.journal) entry.unit = names.get(entry.unit) ?? entry.unit
  for (const row of state.deliveries.values()) {
    const name = names.get(row.unit)
    if (name === undefined) continue
    state.dids.delete(keyOf(row.connection, row.object, row.unit))
    row.unit = name
    state.dids.set(keyOf(row.connection, row.object, name), row.did)
  }
}

/** Whoever was erased. */
export const tombstonesOf = (state: MemoryState): Tombstone[] =>
  [...state.tombstones.values()].toSorted((a, b) => compareBy([a.mark], [b.mark]))

/** The key of the marks. */
export const erasureKeyOf = (state: MemoryState): string => (state.erasureKey ??= randomBytes(32).toString('hex'))

/** Everybody who is known by an e-mail of this hash. */
export const unitsOfEmail = (state: MemoryState, hash: string): { identity: string; unit: string }[] => {
  const found = [...state.aliases.values()].filter(({ key }) => key.startsWith('email:') && key.endsWith(`:${hash}`))
  const distinct = new Map(found.map(({ identity, unit }) => [keyOf(identity, unit), { identity, unit }]))
  return [...distinct.values()].toSorted((a, b) => compareBy([a.identity, a.unit], [b.identity, b.unit]))
}
