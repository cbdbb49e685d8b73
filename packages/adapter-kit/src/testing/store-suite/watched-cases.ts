import { deepEqual } from 'node:assert/strict'
import type { StoreCase } from './workbench.ts'

/** Who watches what, and what changed of it. */
export const watchedCases: readonly StoreCase[] = [
  {
    title: 'says who watches a SKU, by customer, what was added last first',
    run: async ({ store, ingest }) => {
      const find = async (over: { sku?: string; upTo?: number; after?: string | null; limit?: number } = {}): Promise<string[]> =>
        (await store.watchers({ source: 'shop', sku: 'a', upTo: 500, after: null, limit: 10, ...over })).map(
          ({ customer, list, since }) => `${customer} ${list} ${since}`,
        )
      await ingest({
        watched: [
          { list: 'l2', customer: 'c1', items: [{ sku: 'a', since: 300 }] },
          {
            list: 'l1',
            customer: 'c2',
            items: [
              { sku: 'a', since: 100 },
              { sku: 'a', since: 100 },
              { sku: 'b', since: 100 },
            ],
          },
          {
            list: 'l3',
            customer: 'c1',
            items: [
              { sku: 'a', since: 400 },
              { sku: 'a', since: 501 },
            ],
          },
        ],
      })
      await ingest({ source: 'other', watched: [{ list: 'l1', customer: 'c9', items: [{ sku: 'a', since: 1 }] }] })
      deepEqual(await find(), ['c1 l3 400', 'c1 l2 300', 'c2 l1 100'])
      deepEqual(await find({ after: 'c1' }), ['c2 l1 100'])
      deepEqual(await find({ limit: 1, upTo: 501 }), ['c1 l3 501'])
      deepEqual(await find({ sku: 'b' }), ['c2 l1 100'])
      await ingest({ watched: [{ list: 'l1', customer: 'c3', items: [{ sku: 'a', since: 200 }] }] })
      await ingest({ watched: [{ list: 'l3', customer: 'c1', items: [] }] })
      deepEqual(await find(), ['c1 l2 300', 'c3 l1 200'])
      deepEqual(await find({ sku: 'b' }), [])
    },
  },
  {
    title: 'keeps a changed offer until it is forgotten, and how far its watchers were told',
    run: async ({ store, ingest }) => {
      const due = (upTo: number, limit = 10) => store.dueOffers({ source: 'shop', upTo, limit })
      const offer = (id: string, at: number, position: string | null = null) => ({ id, at, body: `{"of":"${id}"}`, position })
      await ingest({ offers: [offer('b', 500), offer('a', 500), offer('c', 400)] })
      await ingest({ source: 'other', offers: [offer('a', 1)] })
      deepEqual(await due(399), [])
      deepEqual(await due(500), [offer('c', 400), offer('a', 500), offer('b', 500)])
      deepEqual(await due(500, 1), [offer('c', 400)])
      await ingest({ offers: [{ id: 'c', body: null }, offer('a', 500, 'c7'), { id: 'unknown', body: null }] })
      deepEqual(await due(500), [offer('a', 500, 'c7'), offer('b', 500)])
    },
  },
  {
    title: 'forgets what an erased list held',
    run: async ({ store, token, ingest }) => {
      await ingest({
        watched: [
          { list: 'l1', customer: 'c1', items: [{ sku: 'a', since: 1 }] },
          { list: 'l2', customer: 'c2', items: [{ sku: 'a', since: 1 }] },
        ],
      })
      const records = ['l1', 'unknown'].map((id) => ({ source: 'shop', entity: 'shopping-list' as const, id }))
      await store.erase(token, { people: [], records, scrubbed: [], units: [], subjects: [], tombstones: [] }, 5000)
      const left = await store.watchers({ source: 'shop', sku: 'a', upTo: 9, after: null, limit: 9 })
      deepEqual(left, [{ customer: 'c2', list: 'l2', since: 1 }])
    },
  },
]
