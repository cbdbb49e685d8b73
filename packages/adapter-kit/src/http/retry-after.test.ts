import { describe, expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.UTC(2026, 10, 21, 10, 0, 0)

describe('retryAfterMs', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['1.5', 1_500],
    [' 2 ', 2_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 10:00:30 GMT', 30_000],
    ['Sat Nov 21 10:00:30 2026', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['99999999', 86_400_000],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['NaN', undefined],
    ['Sat, 99 Foo 2026', undefined],
  ])('reads "%s" as %s', (value, wait) => {
    expect(retryAfterMs({ 'retry-after': value }, now)).toBe(wait)
  })

  it('is undefined without the header', () => {
    expect(retryAfterMs({}, now)).toBeUndefined()
  })
})
