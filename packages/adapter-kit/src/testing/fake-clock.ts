import type { Clock } from '@millrace/core'

/** A clock that only moves by hand. */
export interface FakeClock extends Clock {
  /**
   * Moves both times forward by `ms`. Sleepers wake in the order of their time, each at exactly its time, also those that go to sleep meanwhile; work that
   * they start and that needs no real input or output is done before the next one wakes.
   */
  advance(ms: number): Promise<void>
  /** Moves the wall clock only, as an operator or NTP does; nobody wakes. */
  jump(ms: number): void
  /** Advances from sleeper to sleeper until the promise settles, and returns its value. Throws when it is still open and nobody sleeps. */
  run<Value>(work: Promise<Value>): Promise<Value>
  /** How many are asleep. */
  readonly sleepers: number
}

interface Sleeper {
  at: number
  wake: () => void
}

/** Lets everything that is ready run: promises, ticks and immediates, a few layers deep. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Makes a clock that stands at `start`, epoch ms; default 2026-03-01T12:00:00Z. */
export function fakeClock(start: number = Date.UTC(2026, 2, 1, 12)): FakeClock {
  let elapsed = 0
  let wall = start
  let asleep: Sleeper[] = []

  const first = (): Sleeper | undefined =>
    asleep.reduce<Sleeper | undefined>((best, one) => (best === undefined || one.at < best.at ? one : best), undefined)
  const moveTo = (at: number): void => {
    wall += at - elapsed
    elapsed = at
  }
  async function wake(sleeper: Sleeper): Promise<void> {
    moveTo(Math.max(elapsed, sleeper.at))
    asleep = asleep.filter((other) => other !== sleeper)
    sleeper.wake()
    await settle()
  }

  return {
    now: () => wall,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason)
        const stop = (): void => {
          asleep = asleep.filter((other) => other !== sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          at: elapsed + Math.max(0, ms),
          wake() {
            signal?.removeEventListener('abort', stop)
            resolve()
          },
        }
        asleep.push(sleeper)
        signal?.addEventListener('abort', stop, { once: true })
      }),
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      for (let next = first(); next !== undefined && next.at <= end; next = first()) await wake(next)
      moveTo(end)
    },
    jump(ms) {
      wall += ms
    },
    async run(work) {
      const state = { open: true }
      const close = (): void => {
        state.open = false
      }
      work.then(close, close)
      await settle()
      while (state.open) {
        const next = first()
        if (next === undefined)
          throw new Error('The work is still open and nobody sleeps: it waits for something that this clock does not move')
        await wake(next)
      }
      return work
    },
    get sleepers() {
      return asleep.length
    },
  }
}
