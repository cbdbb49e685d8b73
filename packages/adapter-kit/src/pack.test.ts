import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack } from './pack.ts'

describe('pack', () => {
  it('fills requests in order, and lets what is too large go alone', () => {
    const bytesOf = (text: string): number => text.length
    expect(pack(['aa', 'b', 'cc', 'ddddddd', 'e', 'f'], { maxBytes: 3, bytesOf })).toEqual([['aa', 'b'], ['cc'], ['ddddddd'], ['e', 'f']])
    expect(pack([], { maxBytes: 3, bytesOf })).toEqual([])
  })

  it('keeps every item once and in order, below both limits, and leaves no room that the next item would have had', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 20 }))
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6 }), (items, maxBytes, maxItems) => {
        const packs = pack(items, { maxBytes, maxItems, bytesOf: (size) => size })
        const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0)
        expect(packs.flat()).toEqual(items)
        for (const [at, one] of packs.entries()) {
          expect(one.length).toBeLessThanOrEqual(maxItems)
          expect(one.length === 1 || sum(one) <= maxBytes).toBe(true)
          const next = packs[at + 1]?.[0]
          if (next !== undefined) expect(one.length === maxItems || sum(one) + next > maxBytes).toBe(true)
        }
      }),
    )
  })
})
