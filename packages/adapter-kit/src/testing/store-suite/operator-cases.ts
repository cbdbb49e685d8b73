import type { Audited } from '@millrace/core'
import { deepEqual, equal } from 'node:assert/strict'
import { created, problem, rejectsWith } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

const by = (action: Audited['action'], detail: Audited['detail'] = {}): Audited => ({ actor: 'ann', action, connection: 'crm', detail })
const pause = { connection: 'crm', since: 2000, actor: 'ann', reason: 'a move' }

/** Pauses by hand, and who did what. */
export const operatorCases: readonly StoreCase[] = [
  {
    title: 'keeps pauses by name, the first one of a connection, until it is resumed',
    run: async ({ store }) => {
      deepEqual(await store.pauses(), [])
      deepEqual(await store.pause(pause), pause)
      deepEqual(await store.pause({ connection: 'analytics', since: 3000, actor: 'bob', reason: null }), {
        connection: 'analytics',
        since: 3000,
        actor: 'bob',
        reason: null,
      })
      deepEqual(await store.pause({ ...pause, since: 4000, actor: 'bob', reason: null }), pause)
      deepEqual(
        (await store.pauses()).map((each) => [each.connection, each.since]),
        [
          ['analytics', 3000],
          ['crm', 2000],
        ],
      )
      equal(await store.resume('crm', 5000), true)
      equal(await store.resume('crm', 5000), false)
      equal(await store.resume('never used', 5000), false)
      deepEqual(
        (await store.pauses()).map((each) => each.connection),
        ['analytics'],
      )
    },
  },
  {
    title: 'a pause needs no lease, outlives it, and touches no row',
    run: async ({ store, token, raise, row }) => {
      await raise([{ unit: 'a' }])
      const before = await row('a')
      await store.pause(pause)
      await store.release(token)
      await store.acquire('the next engine')
      deepEqual(await store.pauses(), [pause])
      deepEqual(await row('a'), before)
    },
  },
  {
    title: 'tells who did what, the newest first, with the number of rows that it changed',
    run: async ({ store, token, raise, deliver }) => {
      await deliver('dead', { to: 'dead', attempts: 3, problem })
      await deliver('other', { to: 'dead', attempts: 3, problem })
      await deliver('held', created('r1'))
      await raise([{ unit: 'held', held: true, cause: 'removal' }])
      await store.audit({ actor: 'bob', action: 'apply', connection: null, detail: { changes: 2 } }, 1000)
      await store.discard(token, { unit: 'other' }, 2000, by('discard', { id: 2 }))
      await store.requeue(token, { state: 'dead' }, 'replay', 3000, by('replay', { code: problem.code }))
      await store.releaseHeld(token, 'crm', 4000, by('accept-removals'))
      await store.putContract(token, 'crm', { hash: 'h', body: '{}' }, 5000, by('contract-change', { hash: 'h' }))
      deepEqual(await store.auditLog(10), [
        { ...by('contract-change', { hash: 'h' }), at: 5000, count: null },
        { ...by('accept-removals'), at: 4000, count: 1 },
        { ...by('replay', { code: problem.code }), at: 3000, count: 1 },
        { ...by('discard', { id: 2 }), at: 2000, count: 1 },
        { actor: 'bob', action: 'apply', connection: null, detail: { changes: 2 }, at: 1000, count: null },
      ])
      deepEqual(
        (await store.auditLog(2)).map((entry) => entry.at),
        [5000, 4000],
      )
      deepEqual(await store.auditLog(0), [])
    },
  },
  {
    title: 'what changed nothing because the connection was paused, or was not, is no line',
    run: async ({ store }) => {
      await store.resume('crm', 1000, by('resume'))
      await store.pause(pause, by('pause'))
      await store.pause({ ...pause, since: 3000 }, by('pause'))
      await store.resume('crm', 4000, by('resume'))
      deepEqual(
        (await store.auditLog(10)).map((entry) => [entry.action, entry.at]),
        [
          ['resume', 4000],
          ['pause', 2000],
        ],
      )
    },
  },
  {
    title: 'a command that is refused leaves no line, and what was handed out cannot change one',
    run: async ({ store, token }) => {
      await store.pause(pause, by('pause'))
      await store.release(token)
      await rejectsWith(store.requeue(token, {}, 'replay', 3000, by('replay')), 'lease_lost')
      await rejectsWith(store.discard(token, {}, 3000, by('discard')), 'lease_lost')
      const [entry] = await store.auditLog(10)
      if (entry) Object.assign(entry, { actor: 'nobody', at: 9 })
      deepEqual(await store.auditLog(10), [{ ...by('pause'), at: 2000, count: null }])
    },
  },
]
