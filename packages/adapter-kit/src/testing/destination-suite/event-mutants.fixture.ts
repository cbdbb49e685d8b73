import type { Destination } from '@millrace/core'
import { around, collect } from './mutate.fixture.ts'

/** Small changes to an adapter of events, under the rule and the object that must notice. */
export const eventMutants: Record<string, readonly [object: string, mutate: (good: Destination) => Destination]> = {
  'events-are-told': ['signal', around((good) => (inputs, ctx) => good(inputs.slice(1), ctx))],
  'events-are-never-doubled': [
    'signal',
    around(
      (good) =>
        async function* (inputs, ctx) {
          const outcomes = await collect(good(inputs, ctx))
          const lost = new Set(outcomes.filter(({ result }) => result === 'failed').map(({ unit }) => unit))
          yield outcomes.filter(({ unit }) => !lost.has(unit))
          yield* good(
            inputs.filter(({ unit }) => lost.has(unit)),
            ctx,
          )
        },
    ),
  ],
  'events-repeat-under-their-id': [
    'note',
    around(
      (good) => (inputs, ctx) =>
        good(
          inputs.map((input) => ({
            ...input,
            ...(input.event === undefined ? {} : { event: { ...input.event, id: crypto.randomUUID() } }),
          })),
          ctx,
        ),
    ),
  ],
}
