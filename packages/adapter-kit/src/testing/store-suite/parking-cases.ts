import { deepEqual, equal } from 'node:assert/strict'
import { created, problem } from './workbench.ts'
import type { StoreCase, Workbench } from './workbench.ts'

const parent = { object: 'contact', unit: 'parent' }
const waiting = { to: 'parked', waitsFor: parent, problem: { code: 'waiting', message: 'Waits.' } } as const
const known = { ...waiting, problem: { code: 'parent_dead_lettered', message: 'Its parent is a dead letter.' } }

const park = async ({ raise, claim, settle }: Workbench, part: typeof waiting | typeof known): Promise<void> => {
  await raise([{ unit: 'child', object: 'deal', kind: 'order' }])
  const [child] = await claim({ deal: 1 })
  if (child) await settle(child, part, 2000)
}

/** Rows that wait for others: none spins, none is forgotten. */
export const parkingCases: readonly StoreCase[] = [
  {
    title: 'a row waits while the other is on its way, and is released when that one is settled',
    run: async (bench) => {
      const { raise, claim, settle, row } = bench
      await raise([{ unit: 'parent' }])
      await park(bench, waiting)
      const parked = await row('child', 'deal')
      deepEqual([parked.state, parked.waitsFor, parked.problem?.code], ['parked', parent, 'waiting'])
      const [sent] = await claim({ contact: 1 })
      if (sent) await settle(sent, created('r1'), 3000)
      const released = await row('child', 'deal')
      deepEqual([released.state, released.nextAt, released.waitsFor], ['ready', 3000, null])
    },
  },
  {
    title: 'a row is released when the other becomes a dead letter',
    run: async (bench) => {
      const { raise, claim, settle, row } = bench
      await raise([{ unit: 'parent' }])
      const [sent] = await claim({ contact: 1 })
      await park(bench, waiting)
      if (sent) await settle(sent, { to: 'dead', attempts: 1, problem })
      equal((await row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'parent and child settled in one batch meet, whichever comes first',
    run: async ({ raise, claim, store, token, row }) => {
      await raise([{ unit: 'parent' }, { unit: 'child', object: 'deal', kind: 'order' }])
      const [sent] = await claim({ contact: 1 })
      const [child] = await claim({ deal: 1 })
      await store.settle(
        token,
        null,
        [
          { did: child?.did ?? 0, sending: 1, ...waiting },
          { did: sent?.did ?? 0, sending: 1, ...created('r1') },
        ],
        1000,
      )
      equal((await row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'a row that parks for one that is settled meanwhile is ready at once, whatever its reason',
    run: async (bench) => {
      await bench.deliver('parent', { to: 'settled', result: 'skipped' })
      await park(bench, waiting)
      equal((await bench.row('child', 'deal')).state, 'ready')
      await bench.raise([{ unit: 'child', object: 'deal' }])
      const [child] = await bench.claim({ deal: 1 }, 5000)
      if (child) await bench.settle(child, known)
      equal((await bench.row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'a row that does not know its parent is dead decides anew; one that knows waits, and follows when the parent is mended',
    run: async (bench) => {
      const { deliver, claim, settle, row, raise } = bench
      await deliver('parent', { to: 'dead', attempts: 1, problem })
      await park(bench, waiting)
      equal((await row('child', 'deal')).state, 'ready')
      const [child] = await claim({ deal: 1 }, 5000)
      if (child) await settle(child, known)
      equal((await row('child', 'deal')).state, 'parked')
      await raise([{ unit: 'parent' }])
      const [mended] = await claim({ contact: 1 })
      if (mended) await settle(mended, created('r1'))
      equal((await row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'a row can wait for one that does not exist yet',
    run: async (bench) => {
      await park(bench, known)
      equal((await bench.row('child', 'deal')).state, 'parked')
      await bench.deliver('parent', created('r1'))
      equal((await bench.row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'only rows of the same connection that wait for that very row are released',
    run: async (bench) => {
      await bench.raise([{ unit: 'parent' }, { unit: 'parent', object: 'lead' }, { unit: 'parent', connection: 'other' }])
      await park(bench, waiting)
      const others = [
        ...(await bench.claim({ lead: 1 })),
        ...(await bench.store.claim({ token: bench.token, connection: 'other', limits: { contact: 1 }, now: 1000 })),
      ]
      for (const other of others) await bench.settle(other, created('r'))
      equal((await bench.row('child', 'deal')).state, 'parked')
    },
  },
  {
    title: 'a discarded parent releases too',
    run: async (bench) => {
      await bench.deliver('parent', { to: 'dead', attempts: 1, problem })
      await park(bench, known)
      await bench.store.discard(bench.token, { unit: 'parent' }, 4000)
      equal((await bench.row('child', 'deal')).state, 'ready')
    },
  },
  {
    title: 'what went without an object is raised when that one is at the vendor, once, and at once when it is there already',
    run: async (bench) => {
      const without = { ...created('d1'), waitsFor: { object: 'contact', unit: 'parent' } }
      await bench.deliver('parent', { to: 'dead', attempts: 1, problem })
      await bench.deliver('child', without, { object: 'deal', kind: 'order' })
      deepEqual((await bench.row('child', 'deal')).waitsFor, { object: 'contact', unit: 'parent' })
      await bench.deliver('parent', { to: 'settled', result: 'skipped' })
      equal((await bench.row('child', 'deal')).state, 'settled')
      await bench.deliver('parent', created('r1'))
      const raised = await bench.row('child', 'deal')
      deepEqual([raised.state, raised.cause, raised.wanted, raised.waitsFor], ['ready', 'signals', 2, null])
      const [again] = await bench.claim({ deal: 1 })
      if (again) await bench.settle(again, { to: 'settled', result: 'updated' })
      equal((await bench.row('child', 'deal')).state, 'settled')
      await bench.deliver('late', without, { object: 'deal', kind: 'order' })
      equal((await bench.row('late', 'deal')).state, 'ready')
    },
  },
]
