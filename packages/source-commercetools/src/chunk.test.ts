import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf } from './chunk.ts'

describe('chunks of values', () => {
  it('hold every distinct value once, in order, at most 100 and within the room of an address', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii', maxLength: 300 }), { maxLength: 400 }), (values) => {
        const chunks = chunksOf(values)
        expect(chunks.flat()).toEqual([...new Set(values)])
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(100)
          expect(
            chunk.length === 1 ||
              new URLSearchParams(chunk.map((value): [string, string] => ['var.values', value])).toString().length <= 8000,
          ).toBe(true)
        }
      }),
    )
  })

  it('give a value too long for any address a request of its own', () => {
    expect(chunksOf(['a', 'x'.repeat(9000), 'b'])).toEqual([['a'], ['x'.repeat(9000)], ['b']])
    expect(chunksOf([])).toEqual([])
  })
})
