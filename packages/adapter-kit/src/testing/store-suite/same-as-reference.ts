import type { Store } from '@millrace/core'
import { memoryStore } from '@millrace/core/testing'
import { deepStrictEqual } from 'node:assert/strict'
import type * as FastCheck from 'fast-check'
import { arbitraryStep, vocabulary } from './arbitrary-step.ts'
import { observe } from './observe.ts'
import { playerOf } from './step.ts'

/** Plays random sequences on a store and on the memory store: every result and everything that can be seen afterwards must be equal. */
export const checkAgainstReference = async (fc: typeof FastCheck, create: () => Store | Promise<Store>, numRuns: number): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryStep(fc), { maxLength: 30, size: 'max' }), async (steps) => {
      const store = await create()
      const reference = memoryStore()
      const player = await playerOf(store)
      const model = await playerOf(reference)
      try {
        for (const step of steps) {
          deepStrictEqual(await player.play(step), await model.play(step))
          deepStrictEqual(await observe(store, vocabulary), await observe(reference, vocabulary))
        }
      } finally {
        await store.close()
      }
    }),
    { numRuns },
  )
}
