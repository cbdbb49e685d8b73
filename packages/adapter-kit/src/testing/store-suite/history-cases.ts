import type { Raise, StoredExchange } from '@millrace/core'
import { deepEqual, equal } from 'node:assert/strict'
import { created, problem, rejectsWith } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

const exchange = (id: number, over: Partial<StoredExchange> = {}): StoredExchange => ({
  id,
  run: 'run',
  connection: 'crm',
  object: 'contact',
  at: 1000,
  method: 'POST',
  path: '/contacts',
  status: 200,
  durationMs: 12.5,
  correlationId: 'c-1',
  fault: null,
  request: null,
  answer: null,
  ...over,
})
const minute = 60_000
const nothing = { journal: 0, exchanges: 0, runs: 0, counts: 0, events: 0, held: 0 }

/** Exchanges, measured changes, counts, what goes when it is old, and what the engine remembers of itself. */
export const historyCases: readonly StoreCase[] = [
  {
    title: 'keeps exchanges with the settlement that they led to, once, and names them in the journal',
    run: async ({ store, token, raise, claim }) => {
      await raise([{ unit: 'a' }])
      const [row] = await claim()
      if (row === undefined) throw new Error('nothing was claimed')
      const said = [
        exchange(7, { request: '{}', answer: '{}' }),
        exchange(3, { status: null, fault: 'timeout', correlationId: null, run: null, object: null }),
      ]
      const settlement = { did: row.did, sending: row.sending, exchanges: [7, 3], ...created('r1') }
      await store.settle(token, 'run', [settlement], 2000, said)
      await store.settle(token, 'run', [], 2000, [exchange(7, { status: 500 })])
      deepEqual(await store.exchanges([3, 7, 99]), said)
      deepEqual(
        (await store.journal({ limit: 10 })).map((entry) => entry.exchanges),
        [[7, 3]],
      )
      await rejectsWith(store.settle('stale', 'run', [], 2000, [exchange(8)]), 'lease_lost')
      deepEqual(await store.exchanges([8]), [])
    },
  },
  {
    title: 'hands out the earliest change that a revision carries, and tells what was measured, the newest first',
    run: async ({ store, raise, claim, settle }) => {
      await raise([{ unit: 'a', changedAt: 500 }], 1000)
      await raise([{ unit: 'a', changedAt: 800 }], 1100)
      await raise([{ unit: 'a' }], 1100)
      const [first] = await claim({ contact: 1 }, 1200)
      equal(first?.changedAt, 500)
      await raise([{ unit: 'a', changedAt: 1250 }], 1300)
      if (first) await settle(first, { ...created('r1'), changedAt: 500 }, 1400)
      const [second] = await claim({ contact: 1 }, 1500)
      equal(second?.changedAt, 1250)
      if (second) await settle(second, { to: 'settled', result: 'updated', changedAt: 1250 }, 1600)
      await raise([{ unit: 'a' }], 1700)
      const [third] = await claim({ contact: 1 }, 1700)
      equal(third?.changedAt, null)
      deepEqual(await store.latencies('crm', 10), [
        { connection: 'crm', object: 'contact', changedAt: 1250, settledAt: 1600 },
        { connection: 'crm', object: 'contact', changedAt: 500, settledAt: 1400 },
      ])
      equal((await store.latencies('crm', 1)).length, 1)
      deepEqual(await store.latencies('other', 10), [])
    },
  },
  {
    title: 'a replay measures nothing: its change is as old as its trouble',
    run: async ({ store, token, raise, claim, settle }) => {
      await raise([{ unit: 'a', changedAt: 500 }])
      const [row] = await claim()
      if (row) await settle(row, { to: 'dead', attempts: 1, problem })
      await store.requeue(token, { state: 'dead' }, 'replay', 2000)
      equal((await claim({ contact: 1 }, 3000))[0]?.changedAt, null)
    },
  },
  {
    title: 'counts events and codes by five minutes',
    run: async ({ store, raise, claim, settle }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }, { unit: 'c' }])
      for (const [index, row] of (await claim()).entries()) {
        await settle(row, index === 2 ? created('r') : { to: 'dead', attempts: 1, problem }, index === 0 ? 1000 : 6 * minute)
      }
      const counted = { connection: 'crm', event: 'dead-lettered', code: problem.code, count: 1 }
      deepEqual(await store.eventCounts(0), [
        { at: 0, ...counted },
        { at: 5 * minute, connection: 'crm', event: 'created', code: null, count: 1 },
        { at: 5 * minute, ...counted },
      ])
      equal((await store.eventCounts(1)).length, 2)
    },
  },
  {
    title: 'removes history in small steps, the oldest first, and nothing that is young or under way',
    run: async ({ store, token, raise, claim, settle }) => {
      for (let i = 0; i < 5; i++) {
        await raise([{ unit: 'a' }], i * minute)
        const [row] = await claim({ contact: 1 }, i * minute)
        if (row) await settle(row, { to: 'settled', result: 'updated' }, i * minute)
        await store.settle(token, null, [], 0, [exchange(i, { at: i * minute })])
        const run = { id: `run-${i}`, kind: 'sync', startedAt: i * minute, status: 'completed', summary: null }
        await store.putRun(token, { ...run, finishedAt: i === 0 ? null : i * minute })
      }
      equal(await store.prune(nothing, 100), 0)
      const before = { journal: 3 * minute, exchanges: 2 * minute, runs: 2 * minute, counts: 0, events: 0, held: 0 }
      equal(await store.prune(before, 2), 5)
      equal(await store.prune(before, 2), 1)
      equal(await store.prune(before, 2), 0)
      deepEqual(
        (await store.journal({ limit: 10 })).map(({ at }) => at),
        [3 * minute, 4 * minute],
      )
      deepEqual(
        (await store.exchanges([0, 1, 2, 3, 4])).map(({ id }) => id),
        [2, 3, 4],
      )
      deepEqual(
        (await store.runs(10)).map(({ id }) => id),
        ['run-4', 'run-3', 'run-2', 'run-0'],
      )
      equal((await store.eventCounts(0)).length, 1)
      equal(await store.prune({ ...nothing, counts: 5 * minute }, 10), 1)
      deepEqual(await store.eventCounts(0), [])
    },
  },
  {
    title: 'forgets what old events said, not that they were told, and nothing of those that are still to be told',
    run: async ({ store, token, ingest }) => {
      const event = (id: string, occurredAt: number) => {
        const unit = `event:shop:${id}`
        const raises: Raise[] = [{ connection: 'crm', object: 'event', unit, kind: 'event', cause: 'delta', priority: 1 }]
        return { source: 'shop', id, type: 'order.placed', occurredAt, subject: null, body: '{}', raises } as const
      }
      await ingest({ events: [event('a', 1), event('b', 2), event('c', 3)].map((each) => ({ ...each, raises: [...each.raises] })) })
      const [row] = await store.claim({ token, connection: 'crm', limits: { event: 1 }, now: 1000 })
      if (row) await store.settle(token, null, [{ did: row.did, sending: row.sending, ...created('r') }], 1000)
      equal(await store.prune({ ...nothing, events: 3 }, 10), 1)
      const refs = ['a', 'b', 'c'].map((id) => ({ source: 'shop', id }))
      deepEqual(
        (await store.events(refs)).map((each) => each?.body),
        [null, '{}', '{}'],
      )
      equal(await store.prune({ ...nothing, events: 3 }, 10), 0)
    },
  },
  {
    title: 'forgets held events whole that nobody was told of, and no others',
    run: async ({ store, ingest }) => {
      const event = (id: string, occurredAt: number, held: boolean) =>
        ({ source: 'shop', id, type: 'product.viewed', occurredAt, subject: 'anonymous:shop:v', body: '{}', raises: [], held }) as const
      const all = [event('a', 1, true), event('b', 1, true), event('c', 2, true), event('d', 9, true), event('told', 1, false)]
      await ingest({ events: all.map((each) => ({ ...each, raises: [] })) })
      const raise = { connection: 'crm', object: 'event', unit: 'event:shop:a', kind: 'event', cause: 'push', priority: 1 } as const
      await ingest({ raises: [raise] })
      const left = async () => {
        const ids = ['a', 'b', 'c', 'd', 'told']
        const found = await store.events(ids.map((id) => ({ source: 'shop', id })))
        return ids.filter((_, index) => found[index]?.body === '{}')
      }
      equal(await store.prune({ ...nothing, held: 1 }, 10), 0)
      equal(await store.prune({ ...nothing, held: 3 }, 1), 1)
      deepEqual(await left(), ['a', 'c', 'd', 'told'])
      equal(await store.prune({ ...nothing, held: 3 }, 10), 1)
      equal(await store.prune({ ...nothing, held: 3 }, 10), 0)
      deepEqual(await left(), ['a', 'd', 'told'])
    },
  },
  {
    title: 'remembers what the engine is told to, by kind and name, beyond a lease',
    run: async ({ store, token }) => {
      const alert = { kind: 'alert', name: 'spike:crm:timeout', value: { since: 1, toldAt: 2 } } as const
      await store.putStates([
        { kind: 'seal', name: '', value: 'key' },
        alert,
        { kind: 'budget', name: 'account', value: { daily: { day: '2026-05-01', used: 3, blockedUntil: 0 } } },
      ])
      await store.release(token)
      await store.putStates([
        { ...alert, value: { since: 1, toldAt: 9 } },
        { kind: 'budget', name: 'account', value: null },
        { kind: 'budget', name: 'never there', value: null },
      ])
      deepEqual(await store.states(), [
        { ...alert, value: { since: 1, toldAt: 9 } },
        { kind: 'seal', name: '', value: 'key' },
      ])
    },
  },
]
