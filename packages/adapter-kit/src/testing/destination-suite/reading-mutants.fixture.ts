import type { Destination, Input, ListedObject } from '@millrace/core'
import { around, broken, collect } from './mutate.fixture.ts'

const listing =
  (change: (pages: AsyncIterable<ListedObject[]>) => AsyncIterable<ListedObject[]>) =>
  (good: Destination): Destination => ({ ...good, list: (query, ctx) => change(good.list?.(query, ctx) ?? noPages()) })

async function* noPages(): AsyncGenerator<ListedObject[]> {}

/** Small changes to what an adapter of people and orders gives back and takes away: lists, reads, checks, archives, erasures. As `orderMutants`. */
export const readingMutants: Record<string, readonly (readonly [object: string, mutate: (good: Destination) => Destination])[]> = {
  'lists-everything': [
    [
      'buyer',
      listing(async function* (pages) {
        for await (const page of pages) {
          yield page
          return
        }
      }),
    ],
    [
      'buyer',
      listing(async function* (pages) {
        for await (const page of pages) yield [...page, ...page.slice(0, 1)]
      }),
    ],
    [
      'purchase',
      listing(async function* (pages) {
        for await (const page of pages)
          yield page.map((one) => ({ ...one, fields: { ...one.fields, total: String(Math.round(Number(one.fields['total']))) } }))
      }),
    ],
  ],
  'failing-list-is-an-error': [
    [
      'buyer',
      listing(async function* (pages) {
        try {
          yield* pages
        } catch {
          // What came so far will do.
        }
      }),
    ],
  ],
  'reads-what-is-there': [
    // An id that nobody has comes back blank.
    [
      'buyer',
      (good) => ({
        ...good,
        async read(query, ctx) {
          const found = (await good.read?.(query, ctx)) ?? []
          return query.remoteIds.map(
            (remoteId) => found.find((one) => one.remoteId === remoteId) ?? { object: 'buyer', key: '', remoteId, fields: {} },
          )
        },
      }),
    ],
    // Reading makes sure that everything is there.
    [
      'buyer',
      (good) => {
        let last: readonly Input[] = []
        return {
          ...good,
          deliver: (inputs, ctx) => good.deliver((last = inputs), ctx),
          async read(query, ctx) {
            await collect(good.deliver(last, ctx))
            return (await good.read?.(query, ctx)) ?? []
          },
        }
      },
    ],
  ],
  'failing-read-is-an-error': [
    ['buyer', (good) => ({ ...good, read: async (query, ctx) => (await good.read?.(query, ctx).catch(() => [])) ?? [] })],
  ],
  'checks-credentials': [
    ['buyer', (good) => ({ ...good, check: () => Promise.resolve([]) })],
    [
      'buyer',
      (good) => ({
        ...good,
        check: async (ctx, depth) => ((await good.check?.(ctx, depth)) ?? []).map((one) => ({ ...one, level: 'warning' as const })),
      }),
    ],
  ],
  archives: [
    // Takes an archived record for one to be written.
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, operation: 'upsert' })),
            ctx,
          ),
      ),
    ],
    [
      'buyer',
      around(
        (good) =>
          async function* (inputs, ctx) {
            const { archive = [], upsert = [] } = Object.groupBy(inputs, ({ operation }) => operation)
            yield archive.map(({ unit }) => ({ unit, result: 'delivered', created: false }))
            yield* good(upsert, ctx)
          },
      ),
    ],
    [
      'buyer',
      around(
        (good) =>
          async function* (inputs, ctx) {
            for await (const batch of good(inputs, ctx))
              yield batch.map((one) =>
                inputs.some(({ unit, operation, uncertain }) => unit === one.unit && operation === 'archive' && uncertain)
                  ? { unit: one.unit, result: 'failed', error: broken('not_found') }
                  : one,
              )
          },
      ),
    ],
  ],
  erases: [
    [
      'buyer',
      (good) => ({
        ...good,
        async *erase(people) {
          yield await Promise.resolve(people.map(({ unit }) => ({ unit, result: 'erased' as const, remains: [] })))
        },
      }),
    ],
    // Of whom no id is known nobody is looked for.
    [
      'buyer',
      (good) => ({
        ...good,
        async *erase(people, ctx) {
          for (const person of people)
            if (person.remoteId === undefined) yield [{ unit: person.unit, result: 'absent', remains: [] }]
            else yield* good.erase?.([person], ctx) ?? []
        },
      }),
    ],
    // Who is gone is a failure.
    [
      'buyer',
      (good) => ({
        ...good,
        async *erase(people, ctx) {
          for await (const batch of good.erase?.(people, ctx) ?? [])
            yield batch.map((one) =>
              one.result === 'absent' ? { unit: one.unit, remains: [], result: 'failed', error: broken('not_found') } : one,
            )
        },
      }),
    ],
  ],
  'failed-erasure-is-told': [
    [
      'buyer',
      (good) => ({
        ...good,
        async *erase(people, ctx) {
          try {
            yield* good.erase?.(people, ctx) ?? []
          } catch {
            yield people.map(({ unit }) => ({ unit, result: 'absent' as const, remains: [] }))
          }
        },
      }),
    ],
  ],
}
