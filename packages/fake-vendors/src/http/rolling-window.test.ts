import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createRollingWindow } from './rolling-window.ts'

test('no interval of the window length ever holds more than the limit, and nothing is refused below it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(400), { maxLength: 80 }), (limit, gaps) => {
      const window = createRollingWindow(limit, 1000)
      const taken: number[] = []
      let at = 0
      for (const gap of gaps) {
        at += gap
        const inWindow = taken.filter((time) => time > at - 1000).length
        expect(window.remaining(at)).toBe(limit - inWindow)
        expect(window.take(at)).toBe(inWindow < limit)
        if (inWindow < limit) taken.push(at)
      }
    }),
  )
})

test('tells when the next slot is free', () => {
  const window = createRollingWindow(2, 1000)
  window.take(100)
  window.take(400)
  expect([window.take(500), window.freeAfter(500)]).toEqual([false, 600])
  expect([window.freeAfter(1100), window.take(1100), window.take(1100)]).toEqual([0, true, false])
  window.consume(1100, 5)
  expect(window.remaining(1500)).toBe(0)
  expect(window.freeAfter(1500)).toBe(600)
})

test('an unlimited window never refuses and keeps nothing', () => {
  const window = createRollingWindow(Infinity, 1000)
  for (let hit = 0; hit < 100; hit += 1) expect(window.take(0)).toBe(true)
  expect([window.remaining(0), window.freeAfter(0)]).toEqual([Infinity, 0])
})

test('a limit of zero refuses everything', () => {
  const window = createRollingWindow(0, 1000)
  expect([window.take(0), window.remaining(0)]).toEqual([false, 0])
})
