import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import type { Change } from '../model/change.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import type { Source } from '../spec/source.ts'
import type { Store } from '../spec/store.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

const at = (version: number): string => new Date(Date.parse('2026-05-01T00:00:00.000Z') + version * 1000).toISOString()

const versionOf = (id: string, version: number): Change => ({
  type: 'upsert',
  record: customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: at(0),
    modifiedAt: at(version),
    email: `${id}@example.com`,
    // Every other edit takes the name back, so that equal content appears under different versions.
    lastName: `v${version % 3}`,
  }),
  version: { customer: version },
  modifiedAt: Date.parse(at(version)),
})

/** A source that hands out the given pages, stale and doubled as they are, and knows the truth when asked for one record. */
const sourceOf = (pages: readonly (readonly Change[])[], truth: ReadonlyMap<string, Change>): Source => ({
  ...scriptedSource(),
  entities: ['customer'],
  async *read() {
    for (const [index, changes] of pages.entries()) yield { changes: [...changes], cursor: String(index) }
  },
  get: async (_, id) => truth.get(id),
  async *ids() {
    yield [...truth.keys()]
  },
})

const history = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
  seed: fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
  pageSize: fc.integer({ min: 1, max: 7 }),
})

describe('any order of changes', () => {
  it('ends in the state of the newest version, however pages are shuffled, doubled and cut', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ lengths, seed, pageSize }) => {
        const all = lengths.flatMap((length, person) => Array.from({ length }, (_, version) => versionOf(`c${person}`, version + 1)))
        const truth = new Map(lengths.map((length, person) => [`c${person}`, versionOf(`c${person}`, length)]))
        // Every change at least once, in a shuffled order, and some again.
        const shuffled = all
          .map((change, index) => ({ change, order: (seed[index % seed.length] ?? 0) * 31 + index * (seed[0] ?? 1) }))
          .toSorted((a, b) => (a.order % 97) - (b.order % 97))
          .map(({ change }) => change)
        const again = seed.flatMap((value) => all[value % all.length] ?? [])
        const stream = [...shuffled, ...again]
        const pages = Array.from({ length: Math.ceil(stream.length / pageSize) }, (_, index) =>
          stream.slice(index * pageSize, (index + 1) * pageSize),
        )
        const crm = recordingDestination()
        const half = Math.floor(pages.length / 2)
        const store = memoryStore()
        for (const part of [pages.slice(0, half), pages.slice(half)]) {
          const millrace = createMillrace({ sources: { shop: sourceOf(part, truth) }, connections: { crm: { destination: crm } }, store })
          expect((await millrace.backfill()).run.status).toBe('completed')
        }
        const names = new Map(crm.objectsOf('contact').map((contact) => [contact.key, contact.fields['name']]))
        expect(names).toEqual(new Map(lengths.map((length, person) => [`shop:c${person}`, `v${length % 3}`])))
      }),
      { numRuns: 150 },
    )
  })

  it('ends with what the newest guest order says of a person, also when nothing but its stamp is new, as in a new store', async () => {
    const shop = scriptedSource()
    const order = (id: string, lastName: string, version: number) =>
      orderSchema.parse({
        entity: 'order',
        id,
        createdAt: at(0),
        modifiedAt: at(version),
        currency: 'EUR',
        placedAt: at(0),
        email: 'guest@example.com',
        gross: { currency: 'EUR', amount: '1.00' },
        refunded: { currency: 'EUR', amount: '0.00' },
        billingAddress: { lastName },
        lines: [],
      })
    const nameBy = async (store: Store): Promise<unknown[]> => {
      const crm = recordingDestination()
      const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store })
      expect((await millrace.backfill()).run.status).toBe('completed')
      return crm.objectsOf('contact').map(({ fields }) => fields['name'])
    }
    const store = memoryStore()
    shop.put(order('o1', 'First', 1))
    shop.put(order('o2', 'Second', 2))
    expect(await nameBy(store)).toEqual(['Second'])
    shop.put(order('o1', 'First', 3))
    expect(await nameBy(store)).toEqual(['First'])
    expect(await nameBy(memoryStore())).toEqual(['First'])
  })
})
