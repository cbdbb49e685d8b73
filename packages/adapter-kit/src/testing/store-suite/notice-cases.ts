import type { IncomingNotice, Store } from '@millrace/core'
import { deepEqual, equal } from 'node:assert/strict'
import { problem, rejectsWith, type StoreCase } from './workbench.ts'

const notice = (key: string, over: Partial<IncomingNotice> = {}): IncomingNotice => ({
  source: 'shop',
  key,
  version: 1,
  at: 500,
  data: { id: key },
  ...over,
})

const due = async (store: Store, now = 10_000): Promise<string[]> => (await store.notices(now, 100)).map(({ key }) => key)

/** What sources announced. */
export const noticeCases: readonly StoreCase[] = [
  {
    title: 'keeps a notice without a lease, once for each key, at its highest version',
    run: async ({ store }) => {
      await store.receive([notice('order:1', { version: 3, at: 700, data: { id: '1', v: 3 } })], 1000)
      await store.receive([notice('order:1', { version: 2, data: { id: '1', v: 2 } }), notice('order:2', { source: 'other' })], 2000)
      deepEqual(await store.notices(2000, 10), [
        { source: 'other', key: 'order:2', version: 1, at: 500, data: { id: 'order:2' }, seq: 1, receivedAt: 2000, attempts: 0 },
        { source: 'shop', key: 'order:1', version: 3, at: 700, data: { id: '1', v: 3 }, seq: 2, receivedAt: 1000, attempts: 0 },
      ])
    },
  },
  {
    title: 'gives the longest waiting first, and none before its time',
    run: async ({ store }) => {
      await store.receive([notice('b')], 2000)
      await store.receive([notice('a'), notice('c')], 1000)
      deepEqual(await due(store, 1500), ['a', 'c'])
      deepEqual(await due(store), ['a', 'c', 'b'])
      deepEqual(
        (await store.notices(9000, 2)).map(({ key }) => key),
        ['a', 'c'],
      )
    },
  },
  {
    title: 'gives those whose keys begin with something, or all others',
    run: async ({ store }) => {
      await store.receive([notice('a:1'), notice('ab:1'), notice('a:2'), notice('A:1'), notice('a_1')], 1000)
      const keys = async (which: Parameters<Store['notices']>[2], limit = 10): Promise<string[]> =>
        (await store.notices(1000, limit, which)).map(({ key }) => key)
      deepEqual(await keys({ prefix: 'a:' }), ['a:1', 'a:2'])
      deepEqual(await keys({ prefix: 'a:' }, 1), ['a:1'])
      deepEqual(await keys({ prefix: 'a:', excluded: true }), ['A:1', 'a_1', 'ab:1'])
      deepEqual(await keys({ prefix: 'b:' }), [])
    },
  },
  {
    title: 'forgets a notice with the page that answers it, but not one that was received again meanwhile',
    run: async ({ store, ingest }) => {
      await store.receive([notice('a'), notice('b')], 1000)
      await store.receive([notice('b')], 1100)
      await ingest({
        notices: [
          { source: 'shop', key: 'a', seq: 1 },
          { source: 'shop', key: 'b', seq: 1 },
        ],
      })
      deepEqual(await due(store), ['b'])
    },
  },
  {
    title: 'puts off what failed and gives up what is dead; a new reception begins anew',
    run: async ({ store, token }) => {
      await store.receive([notice('a'), notice('b')], 1000)
      await store.deferNotices(
        token,
        [
          { source: 'shop', key: 'a', seq: 1, attempts: 1, nextAt: 5000, problem },
          { source: 'shop', key: 'b', seq: 1, attempts: 3, nextAt: null, problem },
        ],
        1500,
      )
      deepEqual(await due(store, 4000), [])
      equal((await store.notices(5000, 10))[0]?.attempts, 1)
      deepEqual(await store.noticeCounts(), [{ source: 'shop', waiting: 1, dead: 1, nextAt: 5000 }])
      deepEqual(await store.deadNotices(10), [{ source: 'shop', key: 'b', problem, attempts: 3, at: 1500 }])
      await store.receive([notice('b')], 6000)
      deepEqual(await due(store, 6000), ['a', 'b'])
      equal((await store.notices(6000, 10))[1]?.receivedAt, 6000)
    },
  },
  {
    title: 'a failure that is older than the last reception changes nothing',
    run: async ({ store, token }) => {
      await store.receive([notice('a')], 1000)
      await store.receive([notice('a')], 1100)
      await store.deferNotices(token, [{ source: 'shop', key: 'a', seq: 1, attempts: 9, nextAt: null, problem }], 1200)
      deepEqual(await due(store), ['a'])
    },
  },
  {
    title: 'keeps what nobody understood as dead, to be replayed or discarded',
    run: async ({ store, token }) => {
      await store.receive([notice('x', { problem }), notice('y', { problem }), notice('z', { source: 'other', problem })], 1000)
      deepEqual(await due(store), [])
      equal(await store.requeueNotices(token, { source: 'shop', key: 'x' }, 2000), 1)
      deepEqual(await due(store), ['x'])
      equal(
        await store.discardNotices(token, { source: 'other' }, 2000, { actor: 'ann', action: 'discard', connection: null, detail: {} }),
        1,
      )
      equal(await store.discardNotices(token, { source: 'nobody' }, 2000), 0)
      deepEqual(
        (await store.deadNotices(10)).map(({ key }) => key),
        ['y'],
      )
      equal((await store.auditLog(1))[0]?.count, 1)
    },
  },
  {
    title: 'a stale token puts off, requeues and discards nothing',
    run: async ({ store, token }) => {
      await store.receive([notice('a', { problem })], 1000)
      await store.release(token)
      await rejectsWith(store.deferNotices(token, [], 1000), 'lease_lost')
      await rejectsWith(store.requeueNotices(token, {}, 1000), 'lease_lost')
      await rejectsWith(store.discardNotices(token, {}, 1000), 'lease_lost')
      equal((await store.deadNotices(10)).length, 1)
    },
  },
]
