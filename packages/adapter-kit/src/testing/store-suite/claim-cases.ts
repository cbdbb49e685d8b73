import { deepEqual, equal } from 'node:assert/strict'
import { created, problem } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** What is handed out, and in which order. */
export const claimCases: readonly StoreCase[] = [
  {
    title: 'hands out one object at a time: the best row decides which',
    run: async ({ raise, claim }) => {
      await raise([
        { unit: 'o', object: 'deal', kind: 'order' },
        { unit: 'p1' },
        { unit: 'p2' },
        { unit: 'x', object: 'item', kind: 'product' },
      ])
      const limits = { deal: 10, contact: 10, item: 10 }
      deepEqual(
        (await claim(limits)).map((row) => row.unit),
        ['x'],
      )
      deepEqual(
        (await claim(limits)).map((row) => row.unit),
        ['p1', 'p2'],
      )
      deepEqual(
        (await claim(limits)).map((row) => row.unit),
        ['o'],
      )
      deepEqual(await claim(limits), [])
    },
  },
  {
    title: 'orders by priority, then rank of the kind, then time',
    run: async ({ raise, claim }) => {
      const kinds = ['event', 'cart', 'order', 'person', 'company', 'product', 'category'] as const
      await raise(kinds.map((kind) => ({ unit: kind, object: kind, kind, priority: 2 })))
      await raise([{ unit: 'consent', object: 'consent', kind: 'consent', priority: 0 }], 5000)
      const limits = Object.fromEntries([...kinds, 'consent'].map((object) => [object, 10]))
      const order: string[] = []
      for (let rows = await claim(limits, 6000); rows.length > 0; rows = await claim(limits, 6000))
        order.push(...rows.map((row) => row.unit))
      deepEqual(order, ['consent', 'category', 'product', 'company', 'person', 'order', 'cart', 'event'])
    },
  },
  {
    title: 'takes at most the limit of the object, the earliest first',
    run: async ({ raise, claim }) => {
      await raise([
        { unit: 'a', dueAt: 900 },
        { unit: 'b', dueAt: 800 },
        { unit: 'c', dueAt: 700 },
        { unit: 'd', dueAt: 2000 },
      ])
      deepEqual(
        (await claim({ contact: 2 })).map((row) => row.unit),
        ['c', 'b'],
      )
      deepEqual(
        (await claim({ contact: 2 })).map((row) => row.unit),
        ['a'],
      )
    },
  },
  {
    title: 'fills the limit from several priorities',
    run: async ({ raise, claim }) => {
      await raise([
        { unit: 'a', priority: 3 },
        { unit: 'b', priority: 1 },
        { unit: 'c', priority: 2, dueAt: 9000 },
        { unit: 'd', priority: 2 },
      ])
      deepEqual(
        (await claim({ contact: 3 })).map((row) => row.unit),
        ['b', 'd', 'a'],
      )
    },
  },
  {
    title: 'never claims objects without a limit, other connections, or what is not due',
    run: async ({ raise, claim }) => {
      await raise([
        { unit: 'a', object: 'deal' },
        { unit: 'b', connection: 'other' },
        { unit: 'c', dueAt: 1001 },
      ])
      deepEqual(await claim({ contact: 10 }), [])
      deepEqual(await claim({ contact: 0, deal: 0 }), [])
      deepEqual(
        (await claim({ contact: 10 }, 1001)).map((row) => row.unit),
        ['c'],
      )
    },
  },
  {
    title: 'one delivery of a unit is in flight at a time',
    run: async ({ raise, claim }) => {
      await raise([{ unit: 'a' }])
      equal((await claim()).length, 1)
      await raise([{ unit: 'a' }])
      deepEqual(await claim(), [])
    },
  },
  {
    title: 'rows that back off or are parked starve nobody',
    run: async ({ raise, claim, store, token }) => {
      await raise(Array.from({ length: 50 }, (_, index) => ({ unit: `early ${index}`, priority: 1 })))
      const claimed = await claim({ contact: 50 })
      await store.settle(
        token,
        null,
        claimed.map(({ did, sending }, index) =>
          index % 2 === 0
            ? { did, sending, to: 'ready', nextAt: 99_000, attempts: 1, problem }
            : { did, sending, to: 'parked', waitsFor: null, problem },
        ),
        1000,
      )
      await raise([{ unit: 'late', priority: 3 }])
      deepEqual(
        (await claim({ contact: 1 })).map((row) => row.unit),
        ['late'],
      )
    },
  },
  {
    title: 'hands out everything that is known of the row',
    run: async ({ raise, deliver, claim }) => {
      await deliver('a', { ...created('r1'), objects: { line: 'l1' }, progress: { done: ['lines'] } })
      await raise([{ unit: 'a', cause: 'push', priority: 1 }], 1500)
      const [row] = await claim(undefined, 2000)
      deepEqual(row, {
        did: row?.did,
        connection: 'crm',
        object: 'contact',
        unit: 'a',
        kind: 'person',
        state: 'sending',
        wanted: 2,
        settled: 1,
        sending: 2,
        priority: 1,
        cause: 'push',
        origin: 'live',
        attempts: 0,
        nextAt: 1500,
        result: 'created',
        remoteId: 'r1',
        objects: { line: 'l1' },
        fingerprint: 'print of r1',
        progress: { done: ['lines'] },
        problem: null,
        waitsFor: null,
        ticket: null,
        failedSince: null,
        updatedAt: 2000,
        changedAt: null,
        uncertain: false,
        fence: 2000,
      })
    },
  },
  {
    title: 'numbers claims of a connection upwards, never below the time, also where the clock goes back',
    run: async ({ raise, claim }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }, { unit: 'c', dueAt: 1100 }, { unit: 'd', object: 'consent', kind: 'consent' }])
      const fences = async (object: string, now: number): Promise<number[]> => (await claim({ [object]: 2 }, now)).map((row) => row.fence)
      deepEqual(await fences('contact', 5000), [5000, 5000])
      deepEqual(await fences('contact', 1200), [5001])
      deepEqual(await fences('consent', 5001), [5002])
    },
  },
]
