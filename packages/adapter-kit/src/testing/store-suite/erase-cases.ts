import type { StoreErasure } from '@millrace/core'
import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { created, customer, problem, rejectsWith, type StoreCase } from './workbench.ts'

const nothing: StoreErasure = { people: [], records: [], scrubbed: [], units: [], subjects: [], tombstones: [] }
const ref = (id: string) => ({ source: 'shop', entity: 'customer' as const, id })
const person = { identity: 'i', unit: 'customer:shop:1' }

/** Forgetting people. */
export const eraseCases: readonly StoreCase[] = [
  {
    title: 'takes the content of records and keeps their version, so that the same version is not news',
    run: async ({ store, token, ingest }) => {
      await ingest({ records: [customer('1'), customer('2')] })
      const counts = await store.erase(token, { ...nothing, records: [ref('1'), ref('unknown')] }, 5000)
      deepEqual(counts, { records: 1, scrubbed: 0, deliveries: 0, events: 0, journal: 0, exchanges: 0 })
      const [one, two] = await store.records([ref('1'), ref('2')])
      deepEqual([one?.body, one?.deletedAt, one?.version, one?.contentHash], [null, 5000, { customer: 1 }, 'hash of 1'])
      notEqual(two?.body, null)
      equal((await store.erase(token, { ...nothing, records: [ref('1')] }, 6000)).records, 0)
    },
  },
  {
    title: 'puts what is left in the place of a record that stays',
    run: async ({ store, token, ingest }) => {
      await ingest({ records: [customer('1')] })
      await store.erase(token, { ...nothing, scrubbed: [{ ...ref('1'), body: '{"id":"1","left":true}', contentHash: 'left' }] }, 5000)
      const [record] = await store.records([ref('1')])
      deepEqual([record?.body, record?.contentHash, record?.deletedAt], ['{"id":"1","left":true}', 'left', null])
    },
  },
  {
    title: 'forgets who a person is, under that identity only',
    run: async ({ store, token, ingest }) => {
      await ingest({
        records: [customer('1')],
        aliases: [
          { identity: 'i', key: 'customer:shop:1', unit: person.unit },
          { identity: 'i', key: 'email:*:abc', unit: person.unit },
          { identity: 'j', key: 'email:de:abc', unit: person.unit },
        ],
        members: [{ ...person, entity: 'customer', id: '1', role: 'account' }],
      })
      deepEqual(await store.unitsOfEmail('abc'), [person, { ...person, identity: 'j' }])
      deepEqual(await store.unitsOfEmail('bc'), [])
      await store.erase(token, { ...nothing, people: [person], units: [person.unit] }, 5000)
      deepEqual(await store.aliases('i', ['customer:shop:1', 'email:*:abc']), [undefined, undefined])
      deepEqual(await store.members('i', [person.unit]), [[]])
    },
  },
  {
    title: 'ends deliveries in whatever state they are, with nothing left of what was sent, and a late answer changes nothing',
    run: async ({ store, token, raise, claim, settle, row, deliver }) => {
      await deliver('sent', { ...created('r1'), objects: { a: 'b' }, progress: { x: 1 } })
      await deliver('dead', { to: 'dead', attempts: 3, problem })
      await deliver('pending', { to: 'pending', ticket: 't', nextAt: 9000 })
      await raise([{ unit: 'flying' }])
      const [flying] = await claim()
      await raise([{ unit: 'ready' }, { unit: 'other' }])
      const counts = await store.erase(token, { ...nothing, units: ['sent', 'dead', 'pending', 'flying', 'ready'] }, 5000)
      equal(counts.deliveries, 5)
      if (flying) await settle(flying, created('r9'))
      for (const unit of ['sent', 'dead', 'pending', 'flying', 'ready']) {
        const { state, result, remoteId, objects, fingerprint, progress, ticket, problem: why } = await row(unit)
        deepEqual(
          { state, result, remoteId, objects, fingerprint, progress, ticket, code: why?.code },
          {
            state: 'settled',
            result: 'skipped',
            remoteId: null,
            objects: {},
            fingerprint: null,
            progress: null,
            ticket: null,
            code: 'erased',
          },
          unit,
        )
      }
      equal((await row('other')).state, 'ready')
      const sums = (await store.counts('crm')).filter(({ count }) => count > 0).map(({ state, code, count }) => [state, code, count])
      deepEqual(sums.toSorted(), [
        ['ready', null, 1],
        ['settled', 'erased', 5],
      ])
      deepEqual(await store.openTickets('crm'), [])
    },
  },
  {
    title: 'what waits for a person who is erased is looked at again',
    run: async ({ store, token, raise, claim, settle, row }) => {
      await raise([{ unit: 'person' }, { unit: 'order', object: 'deal', kind: 'order' }])
      const [order] = await claim({ deal: 1 })
      if (order) await settle(order, { to: 'parked', waitsFor: { object: 'contact', unit: 'person' }, problem })
      equal((await row('order', 'deal')).state, 'parked')
      await store.erase(token, { ...nothing, units: ['person'] }, 5000)
      equal((await row('order', 'deal')).state, 'ready')
    },
  },
  {
    title: 'leaves no reason and no name in the journal',
    run: async ({ store, token, deliver }) => {
      await deliver(person.unit, { to: 'dead', attempts: 1, problem })
      await store.erase(token, { ...nothing, people: [person], units: [person.unit] }, 5000)
      const entries = await store.journal({ limit: 100 })
      equal(entries.length, 1)
      equal(entries[0]?.problem, null)
      match(entries[0]?.unit ?? '', /^erased:[0-9a-f]+$/)
      deepEqual(await store.journal({ unit: person.unit, limit: 100 }), [])
    },
  },
  {
    title: 'forgets events about a person, and their deliveries',
    run: async ({ store, token, ingest, row }) => {
      const event = (id: string, subject: string) => ({
        source: 'shop',
        id,
        type: 'order.placed' as const,
        occurredAt: 1,
        subject,
        body: '{}',
        raises: [
          { connection: 'crm', object: 'event', unit: `event:shop:${id}`, kind: 'event' as const, cause: 'delta' as const, priority: 2 },
        ],
      })
      await ingest({ events: [event('e1', 'customer:shop:1'), event('e2', 'customer:shop:2')] })
      const counts = await store.erase(token, { ...nothing, subjects: ['customer:shop:1'] }, 5000)
      deepEqual([counts.events, counts.deliveries], [1, 1])
      const [one, two] = await store.events([
        { source: 'shop', id: 'e1' },
        { source: 'shop', id: 'e2' },
      ])
      deepEqual([one?.body, one?.subject, two?.body], [null, null, '{}'])
      equal((await row('event:shop:e1', 'event')).result, 'skipped')
      equal((await row('event:shop:e2', 'event')).state, 'ready')
    },
  },
  {
    title: 'remembers that somebody was erased, by a mark, under a key that stays',
    run: async ({ store, token }) => {
      const key = await store.erasureKey()
      match(key, /^[0-9a-f]{64}$/)
      equal(await store.erasureKey(), key)
      await store.erase(
        token,
        {
          ...nothing,
          tombstones: [
            { mark: 'b', erasedAt: 2 },
            { mark: 'a', erasedAt: 1 },
          ],
        },
        5000,
      )
      await store.erase(token, { ...nothing, tombstones: [{ mark: 'a', erasedAt: 9 }] }, 5000)
      const marks = (await store.tombstones()).map(({ mark, applied }) => [mark, applied])
      deepEqual(marks, [
        ['a', true],
        ['b', true],
      ])
    },
  },
  {
    title: 'a stale token forgets nothing',
    run: async ({ store, token, ingest }) => {
      await ingest({ records: [customer('1')] })
      await store.release(token)
      await rejectsWith(
        store.erase(token, { ...nothing, records: [ref('1')], tombstones: [{ mark: 'a', erasedAt: 1 }] }, 5000),
        'lease_lost',
      )
      notEqual((await store.records([ref('1')]))[0]?.body, null)
      deepEqual(await store.tombstones(), [])
    },
  },
]
