import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunk } from './chunk.ts'

describe('chunk', () => {
  it('fills chunks in order', () => {
    expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
    expect(chunk([], 2)).toEqual([])
  })

  it('puts a second item of the same key into a later chunk and fills the earlier one with others', () => {
    expect(chunk(['a1', 'a2', 'b1', 'a3', 'c1'], 2, (item) => item.slice(0, 1))).toEqual([['a1', 'b1'], ['a2', 'c1'], ['a3']])
  })

  it('never repeats a key in a chunk, never exceeds the size, loses nothing and keeps the order of a key', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', '__proto__'), n: fc.nat() })),
        fc.integer({ min: 1, max: 5 }),
        (items, size) => {
          const chunks = chunk(items, size, (item) => item.key)
          for (const part of chunks) {
            expect(part.length).toBeLessThanOrEqual(size)
            expect(new Set(part.map((item) => item.key)).size).toBe(part.length)
          }
          for (const key of ['a', 'b', 'c', '__proto__']) {
            expect(chunks.flat().filter((item) => item.key === key)).toEqual(items.filter((item) => item.key === key))
          }
        },
      ),
    )
  })

  it('refuses a size that would never end', () => {
    expect(() => chunk([1], 0)).toThrow(RangeError)
    expect(() => chunk([1], Number.NaN)).toThrow(RangeError)
  })
})
