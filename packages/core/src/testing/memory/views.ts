import type { OpenTicket } from '../../spec/destination.ts'
import type { Delivery, DeliveryCounts, JournalEntry, LinkState } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { findDelivery, keyOf } from './state.ts'
import type { DeliveryRow, MemoryState } from './state.ts'

/** A delivery without the columns that only the store sees. */
export const deliveryOf = ({
  sending: _sending,
  uncertain: _uncertain,
  guarded: _guarded,
  changedAt: _changedAt,
  ...delivery
}: DeliveryRow): Delivery => delivery

/** Rows by connection, object, state, result and code, in that order. */
export const countRows = (state: MemoryState, connection: string | undefined): DeliveryCounts[] => {
  const groups = new Map<string, DeliveryCounts>()
  for (const row of state.deliveries.values()) {
    if (connection !== undefined && row.connection !== connection) continue
    const group = {
      connection: row.connection,
      object: row.object,
      state: row.state,
      result: row.state === 'settled' ? row.result : null,
      code: row.problem?.code ?? null,
    }
    const key = keyOf(...Object.values(group).map((part) => part ?? 0))
    groups.set(key, { ...group, count: (groups.get(key)?.count ?? 0) + 1 })
  }
  return [...groups.values()].toSorted((a, b) => compareBy(countOrder(a), countOrder(b)))
}

const countOrder = (group: DeliveryCounts): (string | null)[] => [group.connection, group.object, group.state, group.result, group.code]

/** What is known of an object at the vendor. */
export const linkOf = (state: MemoryState, connection: string, object: string, unit: string): LinkState | undefined => {
  const row = findDelivery(state, connection, object, unit)
  return row && { object, unit, state: row.state, result: row.result, remoteId: row.remoteId, fingerprint: row.fingerprint }
}

/** The newest entries, in the order of time. */
export const journalOf = (state: MemoryState, filter: { unit?: string; units?: readonly string[]; limit: number }): JournalEntry[] => {
  const units =
    filter.unit === undefined && filter.units === undefined
      ? undefined
      : new Set([...(filter.units ?? []), ...(filter.unit === undefined ? [] : [filter.unit])])
  const entries = state.journal.filter((entry) => units === undefined || units.has(entry.unit))
  return filter.limit <= 0 ? [] : entries.slice(-filter.limit)
}

/** Earliest `nextAt` of rows that are ready or pending. */
export const earliest = (state: MemoryState, connection: string): number | undefined => {
  const times = [...state.deliveries.values()]
    .filter((row) => row.connection === connection && (row.state === 'ready' || row.state === 'pending'))
    .map((row) => row.nextAt)
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b))
}

/** Each object and ticket of pending rows once. */
export const openTicketsOf = (state: MemoryState, connection: string): OpenTicket[] => {
  const pending = [...state.deliveries.values()].filter((row) => row.connection === connection && row.state === 'pending')
  const distinct = new Map(pending.map(({ object, ticket }) => [keyOf(object, ticket ?? ''), { object, ticket: ticket ?? '' }]))
  return [...distinct.values()].toSorted((a, b) => compareBy([a.object, a.ticket], [b.object, b.ticket]))
}
/** The unit whose object has this id at the vendor; the row that came first where several have it. */
export const unitByRemoteId = (state: MemoryState, connection: string, remoteId: string): string | undefined =>
  [...state.deliveries.values()]
    .filter((row) => row.connection === connection && row.remoteId === remoteId)
    .toSorted((a, b) => a.did - b.did)[0]?.unit
