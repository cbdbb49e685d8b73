import type { IngestPage, OfferChange, Watcher } from '../../spec/store.ts'
import { compareBy } from './order.ts'
import { keyOf, type MemoryState } from './state.ts'

/** Notes what lists hold now. */
export const applyWatched = (state: MemoryState, page: IngestPage): void => {
  for (const { list, customer, items } of page.watched ?? []) {
    forgetList(state, page.source, list)
    for (const { sku, since } of items) {
      state.watched.set(keyOf(page.source, list, customer, sku, since), { source: page.source, list, customer, sku, since })
    }
  }
}

/** Forgets what a list holds. */
export const forgetList = (state: MemoryState, source: string, list: string): void => {
  for (const [key, row] of state.watched) if (row.source === source && row.list === list) state.watched.delete(key)
}

/** Keeps and forgets changes of offers. */
export const applyOffers = (state: MemoryState, page: IngestPage): void => {
  for (const offer of page.offers ?? []) {
    const key = keyOf(page.source, offer.id)
    if (offer.body === null) state.offers.delete(key)
    else state.offers.set(key, { source: page.source, ...offer })
  }
}

/** Changes of offers that are due. */
export const dueOffers = (state: MemoryState, query: { source: string; upTo: number; limit: number }): OfferChange[] =>
  [...state.offers.values()]
    .filter(({ source, at }) => source === query.source && at <= query.upTo)
    .toSorted((a, b) => compareBy([a.at, a.id], [b.at, b.id]))
    .slice(0, query.limit)
    .map(({ source: _source, ...offer }) => offer)

/** Who watches a SKU. */
export const watchers = (
  state: MemoryState,
  query: { source: string; sku: string; upTo: number; after: string | null; limit: number },
): Watcher[] =>
  [...state.watched.values()]
    .filter(({ source, sku, since }) => source === query.source && sku === query.sku && since <= query.upTo)
    .filter(({ customer }) => query.after === null || compareBy([customer], [query.after]) > 0)
    .toSorted((a, b) => compareBy([a.customer, -a.since, a.list], [b.customer, -b.since, b.list]))
    .slice(0, query.limit)
    .map(({ customer, list, since }) => ({ customer, list, since }))
