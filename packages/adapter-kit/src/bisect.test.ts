import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bisect } from './bisect.ts'

async function deliver(size: number, bad: ReadonlySet<number>) {
  let calls = 0
  const accepted: number[] = []
  const rejected: number[] = []
  const items = Array.from({ length: size }, (_, index) => index)
  const call = (part: readonly number[]) => {
    calls += 1
    return Promise.resolve({ status: part.some((item) => bad.has(item)) ? 400 : 200 })
  }
  for await (const part of bisect(items, call, { isBatchRejection: (reply) => reply.status === 400 })) {
    if (part.rejected) rejected.push(...part.items)
    else accepted.push(...part.items)
  }
  return { calls, accepted, rejected }
}

describe('bisect', () => {
  it('makes one call when nothing is bad, and none for nothing', async () => {
    expect(await deliver(100, new Set())).toMatchObject({ calls: 1, rejected: [] })
    expect(await deliver(0, new Set())).toEqual({ calls: 0, accepted: [], rejected: [] })
  })

  it.each([
    [100, [0], 1 + 2 * 7],
    [100, [99], 1 + 2 * 6],
    [64, [17], 1 + 2 * 6],
    [2, [1], 3],
    [1, [0], 1],
  ])('finds the bad ones of %i at %j in exactly %i calls', async (size, bad, calls) => {
    const result = await deliver(size, new Set(bad))
    expect(result.calls).toBe(calls)
    expect(result.rejected).toEqual(bad)
    expect(result.accepted).toHaveLength(size - bad.length)
  })

  it('costs at most k (2 log2 n + 2) extra calls, and every item is in exactly one part, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 130 }), fc.array(fc.nat(129), { maxLength: 12 }), async (size, places) => {
        const bad = new Set(places.filter((place) => place < size))
        const { calls, accepted, rejected } = await deliver(size, bad)
        expect(calls - 1).toBeLessThanOrEqual(bad.size * (2 * Math.log2(size) + 2))
        expect(new Set(rejected)).toEqual(bad)
        expect([...accepted, ...rejected].toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index))
        expect(accepted).toEqual(accepted.toSorted((a, b) => a - b))
      }),
    )
  })

  it('yields what was accepted before the next call is made', async () => {
    const log: string[] = []
    const call = (items: readonly string[]) => {
      log.push(`call ${items.join('')}`)
      return Promise.resolve(items.includes('x'))
    }
    for await (const { items, rejected } of bisect(['a', 'x'], call, { isBatchRejection: Boolean }))
      log.push(`${rejected ? 'bad' : 'good'} ${items.join('')}`)
    expect(log).toEqual(['call ax', 'call a', 'good a', 'call x', 'bad x'])
  })

  it('passes on what a call throws, after what is already known', async () => {
    const seen: string[] = []
    const work = async () => {
      const call = (items: readonly string[]) => (items[0] === 'b' ? Promise.reject(new Error('lost')) : Promise.resolve(items.length > 1))
      for await (const part of bisect(['a', 'b'], call, { isBatchRejection: Boolean })) seen.push(...part.items)
    }
    await expect(work()).rejects.toThrow('lost')
    expect(seen).toEqual(['a'])
  })
})
