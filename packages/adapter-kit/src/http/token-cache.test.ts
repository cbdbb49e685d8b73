import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { tokenCache, type FetchedToken } from './token-cache.ts'

const { signal } = new AbortController()

function setup(options: { finishes?: boolean; lifetimeMs?: number } = {}) {
  const clock = fakeClock()
  const fetches: { resolve(fetched: FetchedToken): void; reject(error: unknown): void; signal: AbortSignal }[] = []
  const cache = tokenCache(
    (caller) => {
      const { promise, resolve, reject } = Promise.withResolvers<FetchedToken>()
      fetches.push({ resolve, reject, signal: caller.signal })
      return promise
    },
    { leewayMs: 60_000, finishes: options.finishes ?? false },
  )
  const answer = (token: string, lifetimeMs = 3_600_000): void => fetches.at(-1)?.resolve({ token, lifetimeMs })
  return { clock, cache, fetches, answer, get: (own: AbortSignal = signal) => cache.get({ clock, signal: own }) }
}

describe('a token', () => {
  it('is fetched once for all who ask at the same time, and kept', async () => {
    const { get, fetches, answer } = setup()
    const all = [get(), get(), get()]
    answer('a')
    expect(await Promise.all(all)).toEqual(['a', 'a', 'a'])
    expect(await get()).toBe('a')
    expect(fetches).toHaveLength(1)
  })

  it('is replaced a minute before it expires, and a short one after half of its life', async () => {
    const { get, fetches, answer, clock } = setup()
    const first = get()
    answer('a', 3_600_000)
    await first
    await clock.advance(3_540_000 - 1)
    expect(await get()).toBe('a')
    await clock.advance(1)
    const second = get()
    answer('b', 30_000)
    expect(await second).toBe('b')
    await clock.advance(14_999)
    expect(await get()).toBe('b')
    await clock.advance(1)
    const third = get()
    answer('c')
    expect([await third, fetches.length]).toEqual(['c', 3])
  })

  it('that is refused is fetched anew, unless somebody did already', async () => {
    const { get, fetches, answer, cache } = setup()
    const first = get()
    answer('a')
    await first
    cache.drop('a')
    const second = get()
    answer('b')
    expect(await second).toBe('b')
    cache.drop('a')
    expect([await get(), fetches.length]).toEqual(['b', 2])
  })

  it('that could not be fetched is fetched again by the next one', async () => {
    const { get, fetches, answer } = setup()
    const both = Promise.allSettled([get(), get()])
    fetches[0]?.reject(new Error('no'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const next = get()
    answer('a')
    expect([await next, fetches.length]).toEqual(['a', 2])
  })

  it('comes to those who still wait when the one who began is stopped, and to nobody who is', async () => {
    const { get, fetches, answer } = setup()
    const stop = new AbortController()
    const first = get(stop.signal)
    const second = get()
    stop.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect(fetches[0]?.signal.aborted).toBe(false)
    answer('a')
    expect(await second).toBe('a')
    await expect(get(stop.signal)).rejects.toThrow('enough')
  })

  it('is not fetched on when nobody waits any more, and then fetched anew', async () => {
    const { get, fetches, answer } = setup()
    const stop = new AbortController()
    const first = get(stop.signal)
    stop.abort()
    await expect(first).rejects.toThrow()
    expect(fetches[0]?.signal.aborted).toBe(true)
    const second = get()
    answer('b')
    expect([await second, fetches.length]).toEqual(['b', 2])
  })

  it('is fetched to the end when the fetch changes something, and whoever comes later waits for that one', async () => {
    const { get, fetches, answer } = setup({ finishes: true })
    const stop = new AbortController()
    const first = get(stop.signal)
    stop.abort()
    await expect(first).rejects.toThrow()
    expect(fetches[0]?.signal.aborted).toBe(false)
    const second = get()
    answer('a')
    expect([await second, fetches.length]).toEqual(['a', 1])
  })
})
