import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { Millrace } from '../api/millrace.ts'
import type { Change } from '../model/change.ts'
import { customerSchema } from '../model/customer.ts'
import type { CommerceRecord } from '../model/record.ts'
import type { Store } from '../spec/store.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const record = (id: string, over: Record<string, unknown> = {}): CommerceRecord =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: '2026-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-01T00:00:00.000Z',
    email: `${id}@example.com`,
    custom: { size: 'L', tags: ['a'] },
    ...over,
  })

const upsert = (given: unknown, version = 1): Change => ({
  type: 'upsert',
  record: given as CommerceRecord,
  version: { customer: version },
  modifiedAt: 0,
})

/** A source that reads exactly these changes, and a count of what a pass found. */
const read = async (store: Store, changes: readonly Change[]): Promise<{ read: number; changed: number; rejected: number } | undefined> => {
  const { ids: _ids, ...source } = scriptedSource()
  const pages: typeof source.read = async function* () {
    yield { changes: [...changes], cursor: '1' }
  }
  const millrace: Millrace = createMillrace({
    sources: { shop: { ...source, entities: ['customer'], read: pages } },
    connections: { crm: { destination: recordingDestination() } },
    store,
  })
  const report = await millrace.backfill()
  expect(report.run.status).not.toBe('failed')
  return report.sources['shop']?.customer
}

const reversed = (value: object): object => Object.fromEntries(Object.entries(value).toReversed())

describe('what is compared with the store', () => {
  it('is the same content whatever order the source writes its keys in, and whether it fills in defaults or not', async () => {
    const store = memoryStore()
    const { groups: _, addresses: __, ...bare } = customerSchema.parse(record('c1'))
    await read(store, [upsert(record('c1'))])
    expect(await read(store, [upsert(reversed(record('c1')))])).toMatchObject({ read: 1, changed: 0, rejected: 0 })
    expect(await read(store, [upsert({ ...bare, custom: reversed({ size: 'L', tags: ['a'] }) })])).toMatchObject({
      changed: 0,
      rejected: 0,
    })
  })

  it('is a change when a member was added that only looks like what was there', async () => {
    const store = memoryStore()
    await read(store, [upsert(record('c1'))])
    expect(await read(store, [upsert(record('c1', { custom: { size: 'L', tags: ['a', 'a'] } }), 2)])).toMatchObject({ changed: 1 })
  })

  it('is checked when it differs: a bad record is put aside, what is stored stays', async () => {
    const store = memoryStore()
    await read(store, [upsert(record('c1')), upsert(record('c2'))])
    const before = await store.records([{ source: 'shop', entity: 'customer', id: 'c1' }])
    const totals = await read(store, [upsert({ ...record('c1'), email: 7 }, 2), upsert(record('c2', { lastName: 'New' }), 2)])
    expect(totals).toEqual({ read: 2, changed: 1, rejected: 1 })
    expect(await store.records([{ source: 'shop', entity: 'customer', id: 'c1' }])).toEqual(before)
  })

  it('costs one record when it cannot even be written as text', async () => {
    const circular: Record<string, unknown> = { ...record('c1') }
    circular['custom'] = { circular }
    const deep = JSON.parse('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000))
    const totals = await read(memoryStore(), [
      upsert(circular),
      upsert({ ...record('c2'), email: 1n }),
      upsert({ ...record('c3'), custom: { amount: 1n } }),
      upsert({ ...record('c4'), custom: deep }),
      upsert(record('c5')),
    ])
    expect(totals).toEqual({ read: 5, changed: 1, rejected: 4 })
  })

  it('takes the older of two in a page when the newer one is bad', async () => {
    const store = memoryStore()
    await read(store, [upsert(record('c1'))])
    const totals = await read(store, [upsert(record('c1', { lastName: 'Good' }), 2), upsert({ ...record('c1'), email: 7 }, 3)])
    expect(totals).toEqual({ read: 2, changed: 1, rejected: 1 })
    const [stored] = await store.records([{ source: 'shop', entity: 'customer', id: 'c1' }])
    expect(stored).toMatchObject({ version: { customer: 2 }, body: expect.stringContaining('Good') })
  })
})
