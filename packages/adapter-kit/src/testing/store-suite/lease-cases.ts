import { deepEqual, equal, match } from 'node:assert/strict'
import { created, customer, rejectsWith } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

/** Who may write, and what a dead engine leaves behind. */
export const leaseCases: readonly StoreCase[] = [
  {
    title: 'refuses a second lease and says who holds the first',
    run: async ({ store }) => {
      await rejectsWith(store.acquire('second'), 'store_in_use')
      await store.acquire('second').catch((error: unknown) => match(String(error), /store suite/))
    },
  },
  {
    title: 'a stale token changes nothing in any command',
    run: async ({ store, token, raise, claim, ingest, row }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }])
      const [claimed] = await claim({ contact: 1 })
      await store.release(token)
      await rejectsWith(ingest({ records: [customer('1')] }), 'lease_lost')
      await rejectsWith(raise([{ unit: 'c' }]), 'lease_lost')
      await rejectsWith(claim(), 'lease_lost')
      await rejectsWith(
        store.settle(token, null, [{ did: claimed?.did ?? 0, sending: 1, to: 'settled', result: 'created' }], 1000),
        'lease_lost',
      )
      await rejectsWith(store.requeue(token, {}, 'replay', 1000), 'lease_lost')
      await rejectsWith(store.discard(token, {}, 1000), 'lease_lost')
      await rejectsWith(store.releaseHeld(token, 'crm', 1000), 'lease_lost')
      await rejectsWith(store.putContract(token, 'crm', { hash: 'h', body: '{}' }, 1000), 'lease_lost')
      await rejectsWith(
        store.putCursor(token, { source: 'shop', entity: 'customer', mode: 'delta', high: 1, from: null, to: null, position: null }),
        'lease_lost',
      )
      await rejectsWith(
        store.putRun(token, { id: 'r', kind: 'sync', startedAt: 1, finishedAt: null, status: 'running', summary: null }),
        'lease_lost',
      )
      deepEqual(await store.heads([{ source: 'shop', entity: 'customer', id: '1' }]), [undefined])
      equal((await row('a')).state, 'sending')
      equal(await store.contract('crm'), undefined)
      deepEqual(await store.runs(10), [])
    },
  },
  {
    title: 'a token stays stale when a new lease was taken, and releasing it frees nothing',
    run: async ({ store, token, raise }) => {
      await store.release(token)
      await store.acquire('second')
      await rejectsWith(raise([{ unit: 'a' }]), 'lease_lost')
      await store.release(token)
      await rejectsWith(store.acquire('third'), 'store_in_use')
    },
  },
  {
    title: 'rows left in flight come back ready and uncertain; pending ones keep their tickets',
    run: async ({ store, token, raise, claim, settle, row }) => {
      await raise([{ unit: 'a' }, { unit: 'b' }])
      const [a, b] = await claim()
      if (b) await settle(b, { to: 'pending', ticket: 'import-1', nextAt: 5000 })
      await store.release(token)
      const next = await store.acquire('after a crash')
      equal((await row('a')).state, 'ready')
      equal((await row('b')).state, 'pending')
      const [again] = await store.claim({ token: next, connection: 'crm', limits: { contact: 10 }, now: 1000 })
      equal(again?.did, a?.did)
      equal(again?.uncertain, true)
    },
  },
  {
    title: 'uncertainty ends only when an attempt is known to have been applied',
    run: async ({ raise, claim, settle }) => {
      await raise([{ unit: 'a' }])
      const [first] = await claim()
      if (first) await settle(first, { to: 'ready', nextAt: 1000, attempts: 1, unconfirmed: true })
      const [second] = await claim()
      equal(second?.uncertain, true)
      if (second) await settle(second, { to: 'ready', nextAt: 1000, attempts: 2, problem: { code: 'rate_limited', message: 'later' } })
      const [third] = await claim()
      equal(third?.uncertain, true)
      if (third) await settle(third, created('r1'))
      await raise([{ unit: 'a' }])
      equal((await claim())[0]?.uncertain, false)
    },
  },
]
