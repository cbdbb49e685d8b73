import { deepEqual, equal } from 'node:assert/strict'
import type { OrderFact } from '@millrace/core'
import { created, customer } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

const fact: OrderFact = {
  source: 'shop',
  orderId: 'o1',
  number: '1001',
  placedAt: '2026-01-01T00:00:00.000Z',
  paidAt: null,
  currency: 'EUR',
  gross: '119.00',
  net: '100.00',
  refunded: '0.00',
  cancelled: false,
  guest: true,
  skus: ['sku-1'],
}
const member = (unit: string, id: string, role: 'account' | 'guest' | 'order', entity: 'customer' | 'order' = 'customer') => ({
  identity: 'default',
  unit,
  entity,
  id,
  role,
})
const join = { identity: 'default', from: 'guest', into: 'account', connections: ['crm'] }

/** Who records belong to, and what happens when two units turn out to be one person. */
export const peopleCases: readonly StoreCase[] = [
  {
    title: 'finds keys and units in both directions, per identity, and forgets a key',
    run: async ({ store, ingest }) => {
      await ingest({
        aliases: [
          { identity: 'default', key: 'b', unit: 'u' },
          { identity: 'default', key: 'B', unit: 'u' },
          { identity: 'other', key: 'b', unit: 'v' },
        ],
      })
      deepEqual(await store.aliases('default', ['b', 'B', 'none']), ['u', 'u', undefined])
      deepEqual(await store.aliasKeys('default', ['u', 'v', 'unknown']), [['B', 'b'], [], []])
      await ingest({ aliases: [{ identity: 'default', key: 'b', unit: null }] })
      deepEqual(await store.aliases('default', ['b']), [undefined])
      deepEqual(await store.aliases('other', ['b']), ['v'])
    },
  },
  {
    title: 'gives bodies of accounts and guests, facts of guests and orders',
    run: async ({ store, ingest }) => {
      await ingest({
        records: [
          customer('1'),
          customer('g', { entity: 'order', fact }),
          customer('o', { entity: 'order', fact: { ...fact, guest: false } }),
        ],
        members: [member('u', '1', 'account'), member('u', 'g', 'guest', 'order'), member('u', 'o', 'order', 'order')],
      })
      const [members = []] = await store.members('default', ['u'])
      deepEqual(
        members.map(({ role, record, fact: found }) => [role, record?.id ?? null, found?.guest ?? null]),
        [
          ['account', '1', null],
          ['guest', 'g', true],
          ['order', null, false],
        ],
      )
    },
  },
  {
    title: 'a join moves aliases, members and deliveries, keeps the remote object and raises the row',
    run: async ({ store, ingest, deliver, row }) => {
      await ingest({
        records: [customer('1')],
        members: [member('guest', '1', 'guest')],
        aliases: [{ identity: 'default', key: 'k', unit: 'guest' }],
      })
      await deliver('guest', created('r1'))
      await ingest({ joins: [join], now: 2000 })
      deepEqual(await store.aliases('default', ['k']), ['account'])
      deepEqual(
        (await store.members('default', ['guest', 'account'])).map((members) => members.length),
        [0, 1],
      )
      const moved = await row('account')
      deepEqual([moved.remoteId, moved.state, moved.wanted, moved.nextAt], ['r1', 'ready', 2, 2000])
      deepEqual(await store.deliveries({ unit: 'guest' }, { afterDid: 0, limit: 10 }), [])
      const [link] = await store.links('crm', [{ object: 'contact', unit: 'account' }])
      deepEqual([link?.remoteId, link?.fingerprint], ['r1', 'print of r1'])
    },
  },
  {
    title: 'where both were delivered the older remote object stays, with its children and fingerprint',
    run: async ({ ingest, deliver, row, store }) => {
      await deliver('guest', { ...created('older'), objects: { line: 'l1' } }, { cause: 'backfill' })
      await deliver('account', created('newer'))
      await ingest({ joins: [join] })
      const kept = await row('account')
      deepEqual([kept.remoteId, kept.objects, kept.fingerprint, kept.origin], ['older', { line: 'l1' }, 'print of older', 'backfill'])
      deepEqual([kept.state, kept.wanted], ['ready', 2])
      equal((await store.deliveries({}, { afterDid: 0, limit: 10 })).length, 1)
    },
  },
  {
    title: 'the outcome of a delivery that was in flight during the join is not lost',
    run: async ({ ingest, raise, claim, settle, row }) => {
      await raise([{ unit: 'guest' }, { unit: 'account', dueAt: 9000 }])
      const [sent] = await claim()
      await ingest({ joins: [join] })
      if (sent) await settle(sent, created('r1'))
      const kept = await row('account')
      deepEqual([kept.remoteId, kept.state], ['r1', 'ready'])
    },
  },
  {
    title: 'when both are in flight both outcomes are kept, and both rows are raised',
    run: async ({ ingest, raise, claim, settle, row }) => {
      await raise([{ unit: 'guest' }, { unit: 'account' }])
      const claimed = await claim()
      await ingest({ joins: [join] })
      for (const each of claimed) await settle(each, created(`r ${each.unit}`))
      deepEqual([(await row('account')).remoteId, (await row('guest')).remoteId], ['r account', 'r guest'])
      deepEqual([(await row('account')).state, (await row('guest')).state], ['ready', 'ready'])
    },
  },
  {
    title: 'rows that wait for a unit that is joined away wait for the one that stays',
    run: async ({ ingest, raise, claim, settle, row }) => {
      await raise([{ unit: 'guest' }, { unit: 'order', object: 'deal', kind: 'order' }])
      const [guest] = await claim({ contact: 1 })
      const [order] = await claim({ deal: 1 })
      if (order) await settle(order, { to: 'parked', waitsFor: { object: 'contact', unit: 'guest' }, problem })
      await ingest({ joins: [join] })
      deepEqual((await row('order', 'deal')).waitsFor, { object: 'contact', unit: 'account' })
      if (guest) await settle(guest, created('r1'))
      equal((await row('order', 'deal')).state, 'ready')
    },
  },
  {
    title: 'a join keeps a held removal held, and leaves other connections and identities alone',
    run: async ({ ingest, deliver, raise, row, store }) => {
      await deliver('guest', created('r1'))
      await raise([{ unit: 'guest', held: true, cause: 'removal' }])
      await raise([{ unit: 'guest', connection: 'other' }])
      await ingest({ aliases: [{ identity: 'other', key: 'k', unit: 'guest' }] })
      await ingest({ joins: [join] })
      equal((await row('account')).state, 'held')
      deepEqual(await store.aliases('other', ['k']), ['guest'])
      deepEqual(
        (await store.deliveries({ connection: 'other' }, { afterDid: 0, limit: 10 })).map((each) => each.unit),
        ['guest'],
      )
    },
  },
  {
    title: 'a raise of a unit that the same page joins away reaches the unit that stays',
    run: async ({ ingest, row, store }) => {
      const raise = { connection: 'crm', object: 'contact', unit: 'first', kind: 'person', cause: 'delta', priority: 2 } as const
      await ingest({
        joins: [{ ...join, from: 'first', into: 'guest' }, join],
        raises: [raise],
      })
      equal((await row('account')).wanted, 1)
      equal((await store.deliveries({}, { afterDid: 0, limit: 10 })).length, 1)
    },
  },
]

const problem = { code: 'parent_not_settled', message: 'Waits for its buyer.' }
