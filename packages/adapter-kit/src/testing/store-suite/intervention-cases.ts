import { deepEqual, equal } from 'node:assert/strict'
import { created, problem } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

const states = ['dead', 'held', 'parked', 'ready', 'sending', 'settled']

const oneOfEach = async ({ raise, deliver, claim, settle }: Parameters<StoreCase['run']>[0]): Promise<void> => {
  await deliver('dead', { to: 'dead', attempts: 3, problem })
  await deliver('parked', { to: 'parked', waitsFor: null, problem })
  await deliver('settled', created('r1'))
  await deliver('held', created('r2'))
  await raise([{ unit: 'held', held: true, cause: 'removal' }])
  await raise([{ unit: 'ready' }])
  const [ready] = await claim()
  if (ready) await settle(ready, { to: 'ready', nextAt: 50_000, attempts: 2, problem })
  await raise([{ unit: 'sending' }])
  await claim()
}

/** What a person may do with rows. */
export const interventionCases: readonly StoreCase[] = [
  {
    title: 'requeue makes matching rows ready now, but touches neither rows in flight nor held removals',
    run: async (bench) => {
      await oneOfEach(bench)
      equal(await bench.store.requeue(bench.token, {}, 'replay', 7000), 4)
      for (const unit of ['dead', 'parked', 'settled', 'ready']) {
        const row = await bench.row(unit)
        deepEqual([row.state, row.nextAt, row.attempts, row.problem, row.cause], ['ready', 7000, 0, null, 'replay'])
      }
      equal((await bench.row('settled')).wanted, 2)
      equal((await bench.row('dead')).wanted, 1)
      deepEqual([(await bench.row('held')).state, (await bench.row('sending')).state], ['held', 'sending'])
    },
  },
  {
    title: 'what is requeued as a backfill counts as having been there before, unless it has an object at the vendor',
    run: async (bench) => {
      await bench.deliver('linked', created('r1'))
      await bench.deliver('observed', { to: 'parked', waitsFor: null, problem })
      await bench.deliver('other', { to: 'parked', waitsFor: null, problem })
      await bench.store.requeue(bench.token, { unit: 'other' }, 'delta', 7000)
      for (const unit of ['linked', 'observed']) await bench.store.requeue(bench.token, { unit }, 'backfill', 7000)
      const origins = []
      for (const unit of ['linked', 'observed', 'other']) origins.push((await bench.row(unit)).origin)
      deepEqual(origins, ['live', 'backfill', 'live'])
    },
  },
  {
    title: 'tells dead letters that were replayed and died of the same code each time, until code or revision changes',
    run: async ({ store, token, raise, claim, settle, deliver }) => {
      const dead = { to: 'dead', attempts: 1, problem } as const
      const left = async (replayedLess: number) =>
        (await store.deliveries({ state: 'dead', replayedLess }, { afterDid: 0, limit: 10 })).map((row) => row.unit)
      const replayed = async (part: Parameters<typeof settle>[1]) => {
        equal(await store.requeue(token, { unit: 'a', replayedLess: 2 }, 'replay', 1000), 1)
        const [row] = await claim()
        if (row) await settle(row, part)
      }
      await deliver('b', dead)
      await deliver('a', dead)
      deepEqual(await left(1), ['b', 'a'])
      await replayed(dead)
      deepEqual([await left(1), await left(2)], [['b'], ['b', 'a']])
      await replayed(dead)
      deepEqual([await left(2), await left(3)], [['b'], ['b', 'a']])
      equal(await store.requeue(token, { unit: 'a', replayedLess: 2 }, 'replay', 1000), 0)
      equal(await store.requeue(token, { unit: 'a' }, 'replay', 1000), 1)
      const [other] = await claim()
      if (other) await settle(other, { ...dead, problem: { code: 'other', message: 'Something else.' } })
      deepEqual(await left(1), ['b', 'a'])
      await replayed({ ...dead, problem: { code: 'other', message: 'Something else.' } })
      deepEqual(await left(1), ['b'])
      await raise([{ unit: 'a' }])
      const [newer] = await claim()
      if (newer) await settle(newer, { ...dead, problem: { code: 'other', message: 'Something else.' } })
      deepEqual(await left(1), ['b', 'a'])
    },
  },
  {
    title: 'discard settles dead, parked and held rows as superseded, and nothing else',
    run: async (bench) => {
      await oneOfEach(bench)
      equal(await bench.store.discard(bench.token, {}, 7000), 3)
      for (const unit of ['dead', 'parked', 'held']) {
        const row = await bench.row(unit)
        deepEqual([row.state, row.result, row.settled, row.problem], ['settled', 'superseded', row.wanted, null])
      }
      deepEqual([(await bench.row('ready')).state, (await bench.row('settled')).result], ['ready', 'created'])
      const journal = await bench.store.journal({ unit: 'dead', limit: 10 })
      deepEqual(
        journal.map((entry) => [entry.event, entry.problem]),
        [
          ['dead-lettered', problem],
          ['superseded', problem],
        ],
      )
    },
  },
  {
    title: 'releases the held removals of one connection',
    run: async (bench) => {
      await oneOfEach(bench)
      equal(await bench.store.releaseHeld(bench.token, 'other', 7000), 0)
      equal(await bench.store.releaseHeld(bench.token, 'crm', 7000), 1)
      deepEqual([(await bench.row('held')).state, (await bench.row('held')).nextAt], ['ready', 7000])
    },
  },
  {
    title: 'finds rows by every part of a filter, in pages',
    run: async (bench) => {
      await oneOfEach(bench)
      const page = { afterDid: 0, limit: 100 }
      const all = await bench.store.deliveries({}, page)
      deepEqual(all.map((row) => row.state).toSorted(), states)
      for (const state of all.map((row) => row.state)) {
        deepEqual(
          (await bench.store.deliveries({ state }, page)).map((row) => row.unit),
          [state],
        )
      }
      const units = async (filter: Parameters<typeof bench.store.deliveries>[0]): Promise<string[]> =>
        (await bench.store.deliveries(filter, page)).map((row) => row.unit)
      deepEqual(await units({ code: problem.code }), ['dead', 'parked', 'ready'])
      deepEqual(await units({ code: 'unknown' }), [])
      deepEqual(await units({ connection: 'other' }), [])
      deepEqual(await units({ object: 'contact', unit: 'settled' }), ['settled'])
      deepEqual(await units({ dids: [all[1]?.did ?? 0, all[0]?.did ?? 0] }), [all[0]?.unit, all[1]?.unit])
      const [first] = await bench.store.deliveries({}, { afterDid: 0, limit: 1 })
      const [second] = await bench.store.deliveries({}, { afterDid: first?.did ?? 0, limit: 1 })
      deepEqual([first?.did, second?.did], [all[0]?.did, all[1]?.did])
    },
  },
  {
    title: 'counts rows by connection, object, state, result and code',
    run: async (bench) => {
      await oneOfEach(bench)
      await bench.raise([
        { unit: 'x', connection: 'other' },
        { unit: 'y', connection: 'other' },
      ])
      deepEqual(await bench.store.counts('other'), [
        { connection: 'other', object: 'contact', state: 'ready', result: null, code: null, count: 2 },
      ])
      const counts = await bench.store.counts()
      deepEqual(
        counts.filter((each) => each.connection === 'crm').map((each) => [each.state, each.result, each.code, each.count]),
        [
          ['dead', null, problem.code, 1],
          ['held', null, null, 1],
          ['parked', null, problem.code, 1],
          ['ready', null, problem.code, 1],
          ['sending', null, null, 1],
          ['settled', 'created', null, 1],
        ],
      )
      deepEqual(await bench.store.counts('unknown'), [])
    },
  },
  {
    title: 'knows when there is something to do again',
    run: async ({ raise, store, claim, settle }) => {
      equal(await store.nextAt('crm'), undefined)
      await raise([
        { unit: 'a', dueAt: 9000 },
        { unit: 'b', object: 'deal', dueAt: 8000, priority: 3 },
      ])
      await raise([{ unit: 'c', connection: 'other' }])
      equal(await store.nextAt('crm'), 8000)
      const [b] = await claim({ deal: 1 }, 8000)
      equal(await store.nextAt('crm'), 9000)
      if (b) await settle(b, { to: 'pending', ticket: 't', nextAt: 8500 })
      equal(await store.nextAt('crm'), 8500)
    },
  },
  {
    title: 'gives links in the order asked for',
    run: async ({ deliver, store }) => {
      await deliver('a', created('r1'))
      const [unknown, link, otherObject] = await store.links('crm', [
        { object: 'contact', unit: 'unknown' },
        { object: 'contact', unit: 'a' },
        { object: 'deal', unit: 'a' },
      ])
      deepEqual([unknown, otherObject], [undefined, undefined])
      deepEqual(link, { object: 'contact', unit: 'a', state: 'settled', result: 'created', remoteId: 'r1', fingerprint: 'print of r1' })
    },
  },
]
