import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rateLimit } from './rate-limit.ts'

describe('a rate limit', () => {
  it('never allows more than a minute’s share in a row and what was refilled since, however the calls come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(10_000), { maxLength: 100 }), (perMinute, pauses) => {
        const isAllowed = rateLimit(perMinute)
        let [now, allowed] = [0, 0]
        for (const pause of pauses) {
          now += pause
          if (isAllowed('a', now)) allowed += 1
        }
        expect(allowed).toBeLessThanOrEqual(perMinute + (now * perMinute) / 60_000)
      }),
    )
  })

  it('counts callers apart, and is not fooled by a clock that goes back', () => {
    const isAllowed = rateLimit(1)
    expect([isAllowed('a', 1_000), isAllowed('b', 1_000), isAllowed('a', 1_000), isAllowed('a', 0)]).toEqual([true, true, false, false])
    expect(isAllowed('a', 61_000)).toBe(true)
  })

  it('forgets whoever was not seen for longest when too many call', () => {
    const isAllowed = rateLimit(1)
    for (let caller = 0; caller < 10_001; caller += 1) isAllowed(String(caller), 0)
    expect([isAllowed('10000', 0), isAllowed('0', 0)]).toEqual([false, true])
  })
})
