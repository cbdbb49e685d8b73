import type { CartWatch, IngestPage, StoredEvent } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { applyRaises } from './raise.ts'
import { keyOf } from './state.ts'
import type { MemoryState } from './state.ts'

const maxAbout = 1_000

/** Stores the events that are new, and raises what they say. Returns how many rows were raised. */
export const applyEvents = (state: MemoryState, page: IngestPage): number => {
  let raised = 0
  for (const { raises, held = false, ...event } of page.events ?? []) {
    const key = keyOf(event.source, event.id)
    if (state.events.has(key)) continue
    state.events.set(key, event)
    if (held) state.heldEvents.add(key)
    raised += applyRaises(state, raises, page.now)
  }
  return raised
}

/** Notes which carts are watched. */
export const applyCarts = (state: MemoryState, page: IngestPage): void => {
  for (const { id, dueAt, left } of page.carts ?? []) {
    const key = keyOf(page.source, id)
    state.carts.set(key, { source: page.source, id, dueAt, left: left ?? state.carts.get(key)?.left ?? 0 })
  }
}

/** Events about some subjects, the latest 1,000, by time and id. */
export const eventsAbout = (
  state: MemoryState,
  query: { subjects: readonly string[]; types: readonly string[]; since: number },
): StoredEvent[] =>
  [...state.events.values()]
    .filter(
      ({ subject, type, occurredAt }) =>
        subject !== null && query.subjects.includes(subject) && query.types.includes(type) && occurredAt >= query.since,
    )
    .toSorted((a, b) => compareBy([a.occurredAt, a.source, a.id], [b.occurredAt, b.source, b.id]))
    .slice(-maxAbout)

/** Watched carts that are due. */
export const dueCarts = (state: MemoryState, query: { source: string; upTo: number; limit: number }): CartWatch[] =>
  [...state.carts.values()]
    .flatMap(({ source, id, dueAt, left }) =>
      source === query.source && dueAt !== null && dueAt <= query.upTo ? [{ id, dueAt, left }] : [],
    )
    .toSorted((a, b) => compareBy([a.dueAt, a.id], [b.dueAt, b.id]))
    .slice(0, query.limit)
