import { describe, expect, it } from 'vitest'
import { fakeClock } from './fake-clock.ts'

describe('fakeClock', () => {
  it('wakes sleepers in the order of their time, at their time, also those that fall asleep on the way', async () => {
    const clock = fakeClock(1_000)
    const woken: [string, number][] = []
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms)
      woken.push([name, clock.now()])
    }
    void sleep('late', 30)
    void sleep('early', 10).then(() => sleep('nested', 5))
    await clock.advance(20)
    expect(woken).toEqual([
      ['early', 1_010],
      ['nested', 1_015],
    ])
    expect(clock.now()).toBe(1_020)
    expect(clock.sleepers).toBe(1)
    await clock.advance(10)
    expect(woken.at(-1)).toEqual(['late', 1_030])
  })

  it('rejects a sleep with the reason of its signal, before and while sleeping, and forgets the sleeper', async () => {
    const clock = fakeClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(10, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    await expect(clock.sleep(10, stop.signal)).rejects.toThrow('enough')
    expect(clock.sleepers).toBe(0)
  })

  it('jumps the wall clock without moving durations or waking anyone', async () => {
    const clock = fakeClock(5_000)
    void clock.sleep(10)
    clock.jump(-4_000)
    expect([clock.now(), clock.monotonic(), clock.sleepers]).toEqual([1_000, 0, 1])
    await clock.advance(10)
    expect([clock.now(), clock.monotonic(), clock.sleepers]).toEqual([1_010, 10, 0])
  })

  it('runs work to its end without being told how long it takes, and says so when nothing can move it', async () => {
    const clock = fakeClock()
    const work = clock
      .sleep(1e9)
      .then(() => clock.sleep(1e9))
      .then(() => 'done')
    expect(await clock.run(work)).toBe('done')
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow('nobody sleeps')
  })
})
