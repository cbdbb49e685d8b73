import type { IngestEvent } from '@millrace/core'
import { deepEqual, equal } from 'node:assert/strict'
import type { StoreCase } from './workbench.ts'

const unitOf = (id: string): string => `event:shop:${id}`

/** An order that was placed by customer 1, raised at the connection `crm`. */
const placed = (id: string, over: Partial<IngestEvent> = {}): IngestEvent => ({
  source: 'shop',
  id: `order.placed:${id}`,
  type: 'order.placed',
  occurredAt: 500,
  subject: 'customer:shop:1',
  body: `{"id":"${id}"}`,
  raises: [{ connection: 'crm', object: 'event', unit: unitOf(`order.placed:${id}`), kind: 'event', cause: 'delta', priority: 2 }],
  ...over,
})

/** Facts are kept once, and carts are watched. */
export const eventCases: readonly StoreCase[] = [
  {
    title: 'stores a new fact with its raises, in the transaction of its page',
    run: async ({ store, ingest, row }) => {
      deepEqual(await ingest({ events: [placed('1')] }), { status: 'applied', changed: 0, raised: 1 })
      const { raises: _raises, ...stored } = placed('1')
      deepEqual(
        await store.events([
          { source: 'shop', id: 'unknown' },
          { source: 'shop', id: 'order.placed:1' },
        ]),
        [undefined, stored],
      )
      equal((await row(unitOf('order.placed:1'), 'event')).state, 'ready')
    },
  },
  {
    title: 'a fact that comes again changes nothing and raises nothing, also within one page',
    run: async ({ store, ingest, row }) => {
      await ingest({ events: [placed('1'), placed('1', { body: 'second' })] })
      deepEqual(await ingest({ events: [placed('1', { body: 'third', type: 'refund' })] }), { status: 'applied', changed: 0, raised: 0 })
      const [event] = await store.events([{ source: 'shop', id: 'order.placed:1' }])
      deepEqual([event?.body, event?.type], ['{"id":"1"}', 'order.placed'])
      equal((await row(unitOf('order.placed:1'), 'event')).wanted, 1)
    },
  },
  {
    title: 'a fact recorded as sent is never sent when it comes again; the same id of another source is another fact',
    run: async ({ store, ingest }) => {
      await ingest({ events: [placed('1', { body: null, raises: [] })] })
      await ingest({ events: [placed('1'), placed('1', { source: 'other', raises: [] })] })
      deepEqual(await store.deliveries({}, { afterDid: 0, limit: 10 }), [])
      const ids = ['shop', 'other'].map((source) => ({ source, id: 'order.placed:1' }))
      deepEqual(
        (await store.events(ids)).map((event) => event?.body),
        [null, '{"id":"1"}'],
      )
    },
  },
  {
    title: 'finds events about subjects by type and time, in the order of time',
    run: async ({ store, ingest }) => {
      await ingest({
        events: [
          placed('late', { occurredAt: 900 }),
          placed('early', { occurredAt: 100 }),
          placed('other', { subject: 'email:abc' }),
          placed('nobody', { subject: null }),
          placed('refund', { type: 'refund' }),
        ],
      })
      const find = async (subjects: string[], since: number): Promise<string[]> =>
        (await store.eventsAbout({ subjects, types: ['order.placed', 'order.paid'], since })).map(({ id }) =>
          id.slice('order.placed:'.length),
        )
      deepEqual(await find(['customer:shop:1', 'email:abc'], 0), ['early', 'other', 'late'])
      deepEqual(await find(['customer:shop:1'], 101), ['late'])
      deepEqual(await find([], 0), [])
      deepEqual(await store.eventsAbout({ subjects: ['customer:shop:1'], types: [], since: 0 }), [])
    },
  },
  {
    title: 'gives watched carts when they are due, and keeps how often they were left',
    run: async ({ store, ingest }) => {
      const due = (upTo: number, limit = 10) => store.dueCarts({ source: 'shop', upTo, limit })
      await ingest({
        carts: [
          { id: 'b', dueAt: 500 },
          { id: 'a', dueAt: 500 },
          { id: 'c', dueAt: 400, left: 2 },
          { id: 'd', dueAt: null },
        ],
      })
      await ingest({ source: 'other', carts: [{ id: 'a', dueAt: 1 }] })
      deepEqual(await due(399), [])
      deepEqual(await due(500), [
        { id: 'c', dueAt: 400, left: 2 },
        { id: 'a', dueAt: 500, left: 0 },
        { id: 'b', dueAt: 500, left: 0 },
      ])
      equal((await due(500, 1)).length, 1)
      await ingest({
        carts: [
          { id: 'c', dueAt: 450 },
          { id: 'a', dueAt: null, left: 1 },
        ],
      })
      await ingest({ carts: [{ id: 'a', dueAt: 460 }] })
      deepEqual(await due(499), [
        { id: 'c', dueAt: 450, left: 2 },
        { id: 'a', dueAt: 460, left: 1 },
      ])
    },
  },
  {
    title: 'an event that is replayed is no longer uncertain; anything else still is',
    run: async ({ store, token, raise, claim }) => {
      const rows = [{ unit: unitOf('1'), object: 'deal', kind: 'event' as const }, { unit: 'u1' }]
      await raise(rows)
      equal((await claim()).length, 1)
      equal((await claim()).length, 1)
      await store.release(token)
      const next = await store.acquire('next engine')
      await store.requeue(next, {}, 'replay', 1000)
      const again = [
        ...(await store.claim({ token: next, connection: 'crm', limits: { deal: 9 }, now: 1000 })),
        ...(await store.claim({ token: next, connection: 'crm', limits: { contact: 9 }, now: 1000 })),
      ]
      deepEqual(
        again.map(({ kind, uncertain }) => [kind, uncertain]),
        [
          ['event', false],
          ['person', true],
        ],
      )
    },
  },
]
