import type { StoredExchange } from '../../spec/exchange.ts'
import type { EventCount, Latency, PruneBefore, StoredEvent } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { keyOf } from './state.ts'
import type { MemoryState } from './state.ts'

const slotMs = 300_000

/** Counts a journal entry. */
export const countEvent = (state: MemoryState, connection: string, event: string, code: string | null, now: number): void => {
  const at = now - (now % slotMs)
  const key = keyOf(at, connection, event, code ?? '')
  const known = state.eventCounts.get(key)
  if (known === undefined) state.eventCounts.set(key, { at, connection, event, code, count: 1 })
  else known.count += 1
}

/** Keeps exchanges; one that is there already stays as it is. */
export const keepExchanges = (state: MemoryState, exchanges: readonly StoredExchange[]): void => {
  for (const exchange of exchanges) if (!state.exchanges.has(exchange.id)) state.exchanges.set(exchange.id, structuredClone(exchange))
}

/** Exchanges in the order in which they were stored. */
export const exchangesOf = (state: MemoryState, ids: readonly number[]): StoredExchange[] => {
  const wanted = new Set(ids)
  return [...state.exchanges.values()].filter(({ id }) => wanted.has(id))
}

/** The newest measured changes. */
export const latenciesOf = (state: MemoryState, connection: string, limit: number): Latency[] =>
  state.journal
    .toReversed()
    .flatMap((entry) =>
      entry.connection !== connection || entry.changedAt === undefined
        ? []
        : [{ connection, object: entry.object, changedAt: entry.changedAt, settledAt: entry.at }],
    )
    .slice(0, Math.max(0, limit))

/** Counts from a time on. */
export const eventCountsOf = (state: MemoryState, since: number): EventCount[] =>
  [...state.eventCounts.values()]
    .filter(({ at }) => at >= since)
    .toSorted((a, b) => compareBy([a.at, a.connection, a.event, a.code ?? ''], [b.at, b.connection, b.event, b.code ?? '']))

/** Removes old history in a small step. */
export const pruneHistory = (state: MemoryState, before: PruneBefore, limit: number): number => {
  const journal = state.journal.slice(0, limit).findIndex(({ at }) => at >= before.journal)
  const entries = state.journal.splice(0, journal === -1 ? limit : journal).length
  const oldest = [...state.exchanges.values()].slice(0, limit)
  const young = oldest.findIndex(({ at }) => at >= before.exchanges)
  const exchanges = oldest.slice(0, young === -1 ? limit : young)
  for (const { id } of exchanges) state.exchanges.delete(id)
  const runs = [...state.runs.values()]
    .filter((run) => run.finishedAt !== null && run.startedAt < before.runs)
    .toSorted((a, b) => compareBy([a.startedAt, a.id], [b.startedAt, b.id]))
    .slice(0, limit)
  for (const { id } of runs) state.runs.delete(id)
  const counts = [...state.eventCounts].filter(([, { at }]) => at < before.counts)
  for (const [key] of counts) state.eventCounts.delete(key)
  return (
    entries +
    exchanges.length +
    runs.length +
    counts.length +
    forgetBodies(state, before.events, limit) +
    forgetHeld(state, before.held, limit)
  )
}

const byTime = (a: StoredEvent, b: StoredEvent): number => compareBy([a.occurredAt, a.source, a.id], [b.occurredAt, b.source, b.id])

const forgetBodies = (state: MemoryState, before: number, limit: number): number => {
  const open = new Set([...state.deliveries.values()].flatMap((row) => (row.state === 'settled' ? [] : [row.unit])))
  const old = [...state.events.values()]
    .filter((event) => event.body !== null && event.occurredAt < before && !open.has(`event:${event.source}:${event.id}`))
    .toSorted(byTime)
    .slice(0, limit)
  for (const event of old) event.body = null
  return old.length
}

const forgetHeld = (state: MemoryState, before: number, limit: number): number => {
  const units = new Set([...state.deliveries.values()].map(({ unit }) => unit))
  const old = [...state.events]
    .filter(([key, { occurredAt, source, id }]) => state.heldEvents.has(key) && occurredAt < before && !units.has(`event:${source}:${id}`))
    .toSorted(([, a], [, b]) => byTime(a, b))
    .slice(0, limit)
  for (const [key] of old) {
    state.events.delete(key)
    state.heldEvents.delete(key)
  }
  return old.length
}
