import { deepEqual, equal } from 'node:assert/strict'
import { created, problem } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** What a raise makes of a row in each state. */
export const raiseCases: readonly StoreCase[] = [
  {
    title: 'creates rows that are not there; what a backfill brought stays marked as historical',
    run: async ({ raise, row }) => {
      equal(await raise([{ unit: 'a', cause: 'backfill', priority: 3 }, { unit: 'b' }]), 2)
      await raise([{ unit: 'a' }])
      const [a, b] = [await row('a'), await row('b')]
      deepEqual([a.state, a.wanted, a.settled, a.nextAt, a.origin, a.cause], ['ready', 2, 0, 1000, 'backfill', 'delta'])
      equal(b.origin, 'live')
    },
  },
  {
    title: 'each raise of a row counts, but the row is counted once',
    run: async ({ raise, row }) => {
      equal(await raise([{ unit: 'a' }, { unit: 'a', priority: 1 }, { unit: 'a', priority: 3 }]), 1)
      deepEqual([(await row('a')).wanted, (await row('a')).priority], [3, 1])
    },
  },
  {
    title: 'the lowest priority counts while a row is unsettled, the new one afterwards',
    run: async ({ raise, deliver, row }) => {
      await deliver('a', created('r1'), { priority: 1 })
      await raise([{ unit: 'a', priority: 3 }])
      equal((await row('a')).priority, 3)
      await raise([{ unit: 'a', priority: 2 }])
      await raise([{ unit: 'a', priority: 3 }])
      equal((await row('a')).priority, 2)
    },
  },
  {
    title: 'a newer revision supersedes a dead letter and a parking',
    run: async ({ raise, deliver, row }) => {
      await deliver('dead', { to: 'dead', attempts: 4, problem })
      await deliver('parked', { to: 'parked', waitsFor: null, problem })
      await raise([{ unit: 'dead' }, { unit: 'parked' }], 2000)
      for (const each of [await row('dead'), await row('parked')]) {
        deepEqual([each.state, each.attempts, each.problem, each.waitsFor, each.nextAt], ['ready', 0, null, null, 2000])
      }
    },
  },
  {
    title: 'a row that backs off keeps its time',
    run: async ({ raise, deliver, row }) => {
      await deliver('a', { to: 'ready', nextAt: 60_000, attempts: 2, problem })
      await raise([{ unit: 'a' }], 2000)
      deepEqual([(await row('a')).nextAt, (await row('a')).attempts], [60_000, 2])
    },
  },
  {
    title: 'a row in flight stays occupied and is ready again after its settle',
    run: async ({ raise, claim, settle, row }) => {
      await raise([{ unit: 'a' }])
      const [first] = await claim()
      await raise([{ unit: 'a' }])
      deepEqual([(await row('a')).state, (await claim()).length], ['sending', 0])
      if (first) await settle(first, created('r1'), 3000)
      const again = await row('a')
      deepEqual([again.state, again.settled, again.wanted, again.nextAt, again.remoteId], ['ready', 1, 2, 3000, 'r1'])
    },
  },
  {
    title: 'a row at the vendor stays pending until its import is collected',
    run: async ({ raise, deliver, row, store, settle }) => {
      await deliver('a', { to: 'pending', ticket: 't', nextAt: 1000 })
      await raise([{ unit: 'a' }])
      equal((await row('a')).state, 'pending')
      const [due] = await store.tickets('crm', 1000, 10)
      if (due) await settle(due, created('r1'))
      deepEqual([(await row('a')).state, (await row('a')).ticket], ['ready', null])
    },
  },
  {
    title: 'a row with a due time is not claimed before, and a change without one brings it forward',
    run: async ({ raise, claim, row }) => {
      await raise([{ unit: 'a', dueAt: 5000 }])
      deepEqual(await claim(), [])
      await raise([{ unit: 'a', dueAt: 7000 }])
      equal((await row('a')).nextAt, 5000)
      await raise([{ unit: 'a' }], 2000)
      equal((await row('a')).nextAt, 2000)
    },
  },
  {
    title: 'a held removal waits where there is a remote object, and only there',
    run: async ({ raise, deliver, claim, row }) => {
      await deliver('linked', created('r1'))
      await raise([
        { unit: 'linked', held: true, cause: 'removal' },
        { unit: 'new', held: true, cause: 'removal' },
      ])
      deepEqual([(await row('linked')).state, (await row('new')).state], ['held', 'ready'])
      deepEqual(
        (await claim()).map((each) => each.unit),
        ['new'],
      )
      await raise([{ unit: 'linked', held: true, cause: 'removal' }])
      equal((await row('linked')).state, 'held')
      await raise([{ unit: 'linked', cause: 'signals' }])
      equal((await row('linked')).state, 'held')
      await raise([{ unit: 'linked', held: false }])
      equal((await row('linked')).state, 'ready')
    },
  },
  {
    title: 'a held removal of a dead letter or a parked row with a remote object is held too',
    run: async ({ raise, deliver, row }) => {
      await deliver('dead', { to: 'dead', attempts: 1, problem, remoteId: 'r1' })
      await deliver('parked', { to: 'parked', waitsFor: null, problem, remoteId: 'r2' })
      await raise([
        { unit: 'dead', held: true },
        { unit: 'parked', held: true },
      ])
      deepEqual([(await row('dead')).state, (await row('parked')).state], ['held', 'held'])
    },
  },
  {
    title: 'a removal raised while the row is in flight is held when the row comes back, also after a crash',
    run: async ({ raise, claim, settle, row, store, token }) => {
      await raise([{ unit: 'settles' }])
      const [first] = await claim()
      await raise([{ unit: 'settles', held: true }])
      if (first) await settle(first, created('r1'))
      equal((await row('settles')).state, 'held')
      await raise([{ unit: 'settles', held: false }])
      await claim()
      await raise([{ unit: 'settles', held: true }])
      await store.release(token)
      await store.acquire('after a crash')
      equal((await row('settles')).state, 'held')
    },
  },
]
