import { deepEqual, equal } from 'node:assert/strict'
import { customer, rejectsWith } from './workbench.ts'
import type { StoreCase } from './workbench.ts'

const ref = { source: 'shop', entity: 'customer', id: '1' } as const
const cursor = { source: 'shop', entity: 'customer', mode: 'delta', high: 9, from: null, to: null, position: 'p' } as const

/** A page is applied as a whole, or not at all. */
export const ingestCases: readonly StoreCase[] = [
  {
    title: 'stores new records with revision 1, and finds heads and bodies in the order asked for',
    run: async ({ store, ingest }) => {
      deepEqual(await ingest({ records: [customer('2'), customer('1')], cursor }), { status: 'applied', changed: 2, raised: 0 })
      const unknown = { ...ref, id: 'unknown' }
      const [second, missing, first] = await store.records([{ ...ref, id: '2' }, unknown, ref])
      deepEqual([second?.id, missing, first?.body, first?.revision], ['2', undefined, '{"id":"1"}', 1])
      const [head] = await store.heads([ref])
      deepEqual([head?.contentHash, head?.version, head?.deletedAt], ['hash of 1', { customer: 1 }, null])
      deepEqual(await store.cursor('shop', 'customer', 'delta'), cursor)
      equal(await store.cursor('shop', 'customer', 'full'), undefined)
    },
  },
  {
    title: 'a record that moved on since it was compared leaves nothing of the page behind',
    run: async ({ store, ingest }) => {
      await ingest({ records: [customer('1')] })
      const page = {
        records: [customer('2'), customer('1', { baseRevision: 0, contentHash: 'late' })],
        aliases: [{ identity: 'default', key: 'k', unit: 'u' }],
        raises: [{ connection: 'crm', object: 'contact', unit: 'u', kind: 'person', cause: 'delta', priority: 2 }] as const,
        cursor,
      }
      deepEqual(await ingest({ ...page, raises: [...page.raises] }), { status: 'conflict' })
      deepEqual(await store.heads([{ ...ref, id: '2' }]), [undefined])
      deepEqual(await store.aliases('default', ['k']), [undefined])
      deepEqual(await store.deliveries({}, { afterDid: 0, limit: 10 }), [])
      equal(await store.cursor('shop', 'customer', 'delta'), undefined)
    },
  },
  {
    title: 'without a body only the version moves; with one the revision is raised',
    run: async ({ store, ingest }) => {
      await ingest({ records: [customer('1')] })
      const { body: _body, ...versionOnly } = customer('1', { baseRevision: 1, version: { customer: 2 } })
      deepEqual(await ingest({ records: [versionOnly] }), { status: 'applied', changed: 0, raised: 0 })
      const [moved] = await store.records([ref])
      deepEqual([moved?.revision, moved?.version, moved?.body], [1, { customer: 2 }, '{"id":"1"}'])
      await ingest({ records: [customer('1', { baseRevision: 1, contentHash: 'new', body: '{}' })] })
      const [changed] = await store.records([ref])
      deepEqual([changed?.revision, changed?.contentHash, changed?.body], [2, 'new', '{}'])
    },
  },
  {
    title: 'the version outlives a deletion, also of a record that was never seen',
    run: async ({ store, ingest }) => {
      const { body: _body, ...gone } = customer('1', { version: { customer: 7 }, deletedAt: 500 })
      deepEqual(await ingest({ records: [gone] }), { status: 'applied', changed: 0, raised: 0 })
      const [tombstone] = await store.records([ref])
      deepEqual([tombstone?.revision, tombstone?.version, tombstone?.deletedAt, tombstone?.body], [0, { customer: 7 }, 500, null])
      await ingest({ records: [customer('1')] })
      const [back] = await store.heads([ref])
      deepEqual([back?.revision, back?.deletedAt], [1, null])
      deepEqual(await ingest({ records: [{ ...gone, baseRevision: 1 }] }), { status: 'applied', changed: 1, raised: 0 })
      const [again] = await store.records([ref])
      deepEqual([again?.revision, again?.deletedAt, again?.body], [2, 500, '{"id":"1"}'])
    },
  },
  {
    title: 'of duplicate keys in a page the later entries win',
    run: async ({ store, ingest }) => {
      const result = await ingest({
        records: [customer('1', { contentHash: 'first' }), customer('1', { contentHash: 'second' })],
        aliases: [
          { identity: 'default', key: 'k', unit: 'a' },
          { identity: 'default', key: 'k', unit: 'b' },
        ],
        members: [
          { identity: 'default', unit: 'a', entity: 'customer', id: '1', role: 'guest' },
          { identity: 'default', unit: 'b', entity: 'customer', id: '1', role: 'account' },
        ],
      })
      deepEqual(result, { status: 'applied', changed: 1, raised: 0 })
      const [head] = await store.heads([ref])
      deepEqual([head?.contentHash, head?.revision], ['second', 1])
      deepEqual(await store.aliases('default', ['k']), ['b'])
      const [ofA, ofB] = await store.members('default', ['a', 'b'])
      deepEqual([ofA?.length, ofB?.length, ofB?.[0]?.role], [0, 1, 'account'])
    },
  },
  {
    title: 'scans records of one kind in pages, with and without bodies',
    run: async ({ store, ingest }) => {
      await ingest({ records: [customer('1'), customer('2'), customer('3'), customer('4', { entity: 'order' })] })
      const query = { source: 'shop', entity: 'customer', limit: 2, bodies: true } as const
      const first = await store.scan({ ...query, afterRid: 0 })
      const second = await store.scan({ ...query, afterRid: first[1]?.rid ?? 0, bodies: false })
      deepEqual(
        [...first, ...second].map((record) => [record.id, record.body]),
        [
          ['1', '{"id":"1"}'],
          ['2', '{"id":"2"}'],
          ['3', null],
        ],
      )
      deepEqual(await store.scan({ ...query, source: 'elsewhere', afterRid: 0 }), [])
    },
  },
  {
    title: 'keeps rejected records until a readable version arrives',
    run: async ({ store, ingest }) => {
      const rejected = { entity: 'customer', id: '1', version: { customer: 1 }, problem: 'no currency', field: 'gross', raw: '{}' } as const
      await ingest({ rejected: [rejected, { ...rejected, id: '2' }] })
      await ingest({ rejected: [{ ...rejected, problem: 'still none' }], now: 2000 })
      deepEqual(await store.rejected(10), [
        { source: 'shop', entity: 'customer', id: '1', problem: 'still none', field: 'gross', at: 2000 },
        { source: 'shop', entity: 'customer', id: '2', problem: 'no currency', field: 'gross', at: 1000 },
      ])
      await ingest({ records: [customer('1')] })
      deepEqual(
        (await store.rejected(10)).map((each) => each.id),
        ['2'],
      )
    },
  },
  {
    title: 'refuses a member whose record was never stored, with the whole page',
    run: async ({ store, ingest }) => {
      const members = [{ identity: 'default', unit: 'a', entity: 'customer', id: 'nobody', role: 'account' } as const]
      await rejectsWith(ingest({ records: [customer('1')], members }), 'store_unknown_record')
      deepEqual(await store.heads([ref]), [undefined])
    },
  },
  {
    title: 'keeps any text and any JSON as it was given',
    run: async ({ store, ingest }) => {
      const ids = ['', '\u0000', 'a\u0000b', "'; DROP TABLE record; --", '\u{1F468}\u{200D}\u{1F469}', '__proto__', 'x'.repeat(65_000)].map(
        (id) => `id ${id}`,
      )
      const body = JSON.stringify({ ['__proto__']: { a: '\u0000' }, lone: '\ud800', text: '\u2028' })
      await ingest({ records: ids.map((id) => customer(id, { body, version: { 'payment:\u0000': 1 } })) })
      const stored = await store.records(ids.map((id) => ({ ...ref, id })))
      deepEqual(
        stored.map((record) => record?.id),
        ids,
      )
      deepEqual(new Set(stored.map((record) => record?.body)), new Set([body]))
      deepEqual(stored[0]?.version, { 'payment:\u0000': 1 })
    },
  },
]
