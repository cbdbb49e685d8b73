import { describe, expect, it } from 'vitest'
import { mapConcurrent } from './map-concurrent.ts'
import { fakeClock } from './testing/fake-clock.ts'

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('mapConcurrent', () => {
  it('yields results as they come and never runs more than the limit', async () => {
    const clock = fakeClock()
    let running = 0
    let most = 0
    async function* work(ms: number): AsyncGenerator<number> {
      running += 1
      most = Math.max(most, running)
      await clock.sleep(ms)
      yield ms
      await clock.sleep(1)
      yield ms + 1
      running -= 1
    }
    const all = collect(mapConcurrent([30, 10, 20, 5], 2, work))
    expect(await clock.run(all)).toEqual([10, 11, 30, 20, 31, 21, 5, 6])
    expect(most).toBe(2)
  })

  it('passes on what others in flight still yield before it throws, and starts nothing new', async () => {
    const clock = fakeClock()
    const started: string[] = []
    const seen: string[] = []
    async function* work(name: string): AsyncGenerator<string> {
      started.push(name)
      await clock.sleep(name === 'bad' ? 1 : 10)
      if (name === 'bad') throw new Error('bad fails')
      yield name
    }
    const run = async (): Promise<void> => {
      for await (const name of mapConcurrent(['bad', 'good', 'never'], 2, work)) seen.push(name)
    }
    await expect(clock.run(run())).rejects.toThrow('bad fails')
    expect([started, seen]).toEqual([['bad', 'good'], ['good']])
  })

  it('starts nothing after an abort and throws what the engine knows, with the reason', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    async function* work(item: number): AsyncGenerator<number> {
      yield await Promise.resolve(item)
    }
    const run = async (): Promise<void> => {
      for await (const item of mapConcurrent([1, 2, 3], 1, work, stop.signal)) {
        seen.push(item)
        stop.abort(new Error('stopped'))
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted', retryable: true, cause: { message: 'stopped' } })
    expect(seen).toEqual([1])
  })

  it('closes its sources when the consumer stops early', async () => {
    let closed = 0
    async function* work(item: number): AsyncGenerator<number> {
      try {
        yield await Promise.resolve(item)
        yield item
      } finally {
        closed += 1
      }
    }
    for await (const item of mapConcurrent([1, 2], 2, work)) {
      expect(item).toBe(1)
      break
    }
    expect(closed).toBe(2)
  })
})
