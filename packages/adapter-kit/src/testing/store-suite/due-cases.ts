import { deepEqual, equal } from 'node:assert/strict'
import { created, problem, rejectsWith } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** Rows that are looked at again when a time has come. */
export const dueCases: readonly StoreCase[] = [
  {
    title: 'a row is raised when its time has come, once, and until then it is settled and nothing waits',
    run: async ({ store, token, deliver, row }) => {
      await deliver('a', created('r1'))
      const { did } = await row('a')
      await store.schedule(token, [{ did, at: 5000 }])
      deepEqual([(await row('a')).state, await store.nextAt('crm'), await store.raiseDue(token, 'crm', 4999)], ['settled', undefined, 0])
      equal(await store.raiseDue(token, 'crm', 5000), 1)
      const raised = await row('a')
      deepEqual(
        [raised.state, raised.wanted, raised.cause, raised.priority, raised.nextAt, raised.remoteId],
        ['ready', 2, 'due', 2, 5000, 'r1'],
      )
      equal(await store.raiseDue(token, 'crm', 9000), 0)
    },
  },
  {
    title: 'the last time counts, and null forgets it',
    run: async ({ store, token, deliver, row }) => {
      await deliver('a', created('r1'))
      await deliver('b', created('r2'))
      const [a, b] = [(await row('a')).did, (await row('b')).did]
      await store.schedule(token, [
        { did: a, at: 2000 },
        { did: b, at: 2000 },
      ])
      await store.schedule(token, [
        { did: a, at: 8000 },
        { did: b, at: null },
        { did: 999_999, at: 2000 },
      ])
      equal(await store.raiseDue(token, 'crm', 7000), 0)
      equal(await store.raiseDue(token, 'crm', 8000), 1)
    },
  },
  {
    title: 'each connection has its own, and a stale token changes nothing',
    run: async ({ store, token, deliver, row }) => {
      await deliver('a', created('r1'))
      await store.schedule(token, [{ did: (await row('a')).did, at: 2000 }])
      equal(await store.raiseDue(token, 'other', 3000), 0)
      await rejectsWith(store.raiseDue('stale', 'crm', 3000), 'lease_lost')
      await rejectsWith(store.schedule('stale', []), 'lease_lost')
      equal(await store.raiseDue(token, 'crm', 3000), 1)
    },
  },
  {
    title: 'it survives a restart of the engine, raises a dead letter anew and leaves a row in flight occupied',
    run: async ({ store, token, deliver, raise, claim, settle, row }) => {
      await deliver('dead', { to: 'dead', attempts: 3, problem })
      await raise([{ unit: 'busy' }])
      const [busy] = await claim()
      await store.schedule(token, [
        { did: (await row('dead')).did, at: 2000 },
        { did: (await row('busy')).did, at: 2000 },
      ])
      equal(await store.raiseDue(token, 'crm', 3000), 2)
      deepEqual([(await row('dead')).state, (await row('busy')).state], ['ready', 'sending'])
      if (busy) await settle(busy, created('r1'), 3000)
      equal((await row('busy')).state, 'ready')
    },
  },
]
