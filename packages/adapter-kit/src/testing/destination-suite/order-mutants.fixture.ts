import type { Destination, Input } from '@millrace/core'
import { around } from './mutate.fixture.ts'

/** Records whose fields are changed on the way. */
const withFields = (change: (fields: Input['fields'], input: Input) => Input['fields']) =>
  around(
    (good) => (inputs, ctx) =>
      good(
        inputs.map((input) => ({ ...input, fields: change(input.fields, input) })),
        ctx,
      ),
  )

/** Small changes to an adapter of people and orders, under the rule; the object that must notice, and what it makes of a good adapter. */
export const orderMutants: Record<string, readonly (readonly [object: string, mutate: (good: Destination) => Destination])[]> = {
  'fields-are-held': [
    // A date that is read in the zone of the machine.
    ['purchase', withFields((fields) => ({ ...fields, placed_at: '2026-03-01T22:30:00.000Z' }))],
    // Everybody gets the name of the first one.
    [
      'buyer',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, fields: { ...input.fields, name: inputs[0]?.fields['name'] ?? null } })),
            ctx,
          ),
      ),
    ],
  ],
  'updates-are-written': [
    // Whoever is linked is taken for done.
    [
      'buyer',
      around(
        (good) =>
          async function* (inputs, ctx) {
            yield inputs.flatMap(({ unit, remoteId }) =>
              remoteId === undefined ? [] : [{ unit, remoteId, result: 'delivered' as const, created: false }],
            )
            yield* good(
              inputs.filter(({ remoteId }) => remoteId === undefined),
              ctx,
            )
          },
      ),
    ],
    // The last one of many is forgotten.
    [
      'purchase',
      around(
        (good) =>
          async function* (inputs, ctx) {
            const last = inputs.length > 2 ? inputs.at(-1) : undefined
            yield* good(
              inputs.filter((input) => input !== last),
              ctx,
            )
            if (last?.remoteId !== undefined) yield [{ unit: last.unit, remoteId: last.remoteId, result: 'delivered', created: false }]
            else if (last !== undefined) yield* good([last], ctx)
          },
      ),
    ],
  ],
  'blank-clears': [
    ['buyer', withFields((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)))],
    // What is not named is blanked.
    ['buyer', withFields((fields) => ({ name: null, town: null, ...fields }))],
  ],
  'amounts-are-exact': [
    ['purchase', withFields((fields) => ({ ...fields, total: (Math.trunc(Number(fields['total']) * 100) / 100).toFixed(2) }))],
    ['purchase', withFields((fields) => ({ ...fields, total: String(Math.trunc(Number(fields['total']) * 100)), currency: 'JPY' }))],
    ['purchase', withFields((fields) => ({ ...fields, total: fields['currency'] === 'KWD' ? '1.230' : (fields['total'] ?? null) }))],
  ],
  'new-key-same-object': [
    [
      'buyer',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, key: input.remoteKey ?? input.key })),
            ctx,
          ),
      ),
    ],
    [
      'buyer',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => {
              const copy = { ...input }
              delete copy.remoteKey
              return copy
            }),
            ctx,
          ),
      ),
    ],
  ],
  'belongs-to-its-person': [
    // The parents of a batch by place, in another order.
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input, index) => ({ ...input, parents: inputs.at(-1 - index)?.parents ?? [] })),
            ctx,
          ),
      ),
    ],
    // Who it belongs to is said once.
    [
      'purchase',
      (good) => {
        const owners = new Map<string, Input['parents']>()
        return {
          ...good,
          deliver: (inputs, ctx) =>
            good.deliver(
              inputs.map((input) => {
                const parents = owners.get(input.key) ?? input.parents
                owners.set(input.key, parents)
                return { ...input, parents }
              }),
              ctx,
            ),
        }
      },
    ],
  ],
  'children-are-whole': [
    // The lines of a batch by place, in another order; there are as many as before.
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input, index) => ({ ...input, children: inputs.at(-1 - index)?.children ?? [] })),
            ctx,
          ),
      ),
    ],
    // The price of a line in the smallest unit.
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({
              ...input,
              children: input.children.map((child) => ({
                ...child,
                fields: { ...child.fields, price: String(Math.round(Number(child.fields['price']) * 100)) },
              })),
            })),
            ctx,
          ),
      ),
    ],
    // Only what changed is sent.
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, children: input.children.filter((child) => child.changed) })),
            ctx,
          ),
      ),
    ],
    [
      'purchase',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, children: input.children.slice(0, -1) })),
            ctx,
          ),
      ),
    ],
  ],
  'whole-claim': [
    // The last record of a batch is called delivered and never sent.
    [
      'buyer',
      around(
        (good) =>
          async function* (inputs, ctx) {
            yield* good(inputs.slice(0, -1), ctx)
            yield inputs.slice(-1).map(({ unit }) => ({ unit, result: 'delivered', created: true, remoteId: 'a1' }))
          },
      ),
    ],
  ],
  'outcome-per-input': [
    [
      'buyer',
      around(
        (good) => (inputs, ctx) =>
          good(
            inputs.map((input) => ({ ...input, key: input.key.toLowerCase() })),
            ctx,
          ),
      ),
    ],
  ],
  'silence-is-not-success': [
    // A 204 is taken for a confirmation of what is linked.
    [
      'buyer',
      around(
        (good) =>
          async function* (inputs, ctx) {
            const seen = new Set<string>()
            for await (const batch of good(inputs, ctx)) {
              for (const { unit } of batch) seen.add(unit)
              yield batch.map((outcome) => {
                const { remoteId } = inputs.find(({ unit }) => unit === outcome.unit) ?? {}
                const status = outcome.result === 'failed' ? outcome.error.context['status'] : undefined
                return status === 204 && remoteId !== undefined
                  ? { unit: outcome.unit, remoteId, result: 'delivered', created: false }
                  : outcome
              })
            }
          },
      ),
    ],
  ],
  'no-secrets': [
    [
      'buyer',
      around((good) => (inputs, ctx) => {
        ctx.logger.debug({ headers: { authorization: 'Bearer acme-key' } }, 'sending')
        return good(inputs, ctx)
      }),
    ],
  ],
}
