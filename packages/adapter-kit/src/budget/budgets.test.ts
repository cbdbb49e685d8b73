import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { accountBudgets } from './account.ts'
import { createBudgets, type Permit } from './budgets.ts'
import { concurrency } from './concurrency.ts'
import { daily } from './daily.ts'
import { rolling } from './rolling.ts'

const never = new AbortController().signal
const ok = { status: 200, headers: {}, body: undefined }

describe('createBudgets', () => {
  it('serves first come first served', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { one: concurrency({ limit: 1 }) } })
    const order: number[] = []
    const work = [1, 2, 3, 4].map(async (n) => {
      const permit = await budgets.acquire(['one'], { signal: never })
      order.push(n)
      await clock.sleep(5)
      permit.done(ok)
    })
    await clock.run(Promise.all(work))
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('serves urgent requests before all that wait, in their own order', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { one: concurrency({ limit: 1 }) } })
    const order: string[] = []
    const work = ['first', 'calm', 'calm2', 'urgent', 'urgent2'].map(async (name) => {
      const permit = await budgets.acquire(['one'], { signal: never, urgent: name.startsWith('urgent') })
      order.push(name)
      await clock.sleep(5)
      permit.done(ok)
    })
    await clock.run(Promise.all(work))
    expect(order).toEqual(['first', 'urgent', 'urgent2', 'calm', 'calm2'])
  })

  it('takes from all named budgets or from none, and lets others pass a request that waits for a budget they do not need', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { wide: concurrency({ limit: 2 }), narrow: concurrency({ limit: 1 }) } })
    const first = await budgets.acquire(['narrow'], { signal: never })
    const both = budgets.acquire(['wide', 'narrow'], { signal: never })
    const permits = await Promise.all([budgets.acquire(['wide'], { signal: never }), budgets.acquire(['wide'], { signal: never })])
    expect(budgets.usage()).toEqual({ wide: { used: 2, limit: 2 }, narrow: { used: 1, limit: 1 } })
    first.done(ok)
    expect(budgets.usage().narrow?.used).toBe(0)
    permits[0].done(ok)
    await both
    expect(budgets.usage()).toEqual({ wide: { used: 2, limit: 2 }, narrow: { used: 1, limit: 1 } })
  })

  it('gives an aborted waiter nothing, tells it that nothing was sent, and serves the one behind it', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { one: concurrency({ limit: 1 }) } })
    const held = await budgets.acquire(['one'], { signal: never })
    const stop = new AbortController()
    const stopped = budgets.acquire(['one'], { signal: stop.signal })
    const behind = budgets.acquire(['one'], { signal: never })
    stop.abort()
    await expect(stopped).rejects.toMatchObject({ code: 'aborted', context: { applied: 'no' } })
    await expect(budgets.acquire(['one'], { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' })
    held.done(ok)
    const permit = await behind
    permit.done(ok)
    permit.done(ok)
    expect(budgets.usage()).toEqual({ one: { used: 0, limit: 1 } })
    expect(clock.sleepers).toBe(0)
  })

  it('leaves no timer behind when the last waiter is aborted', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 1, windowMs: 1_000 }) } })
    const permit = await budgets.acquire(['burst'], { signal: never })
    permit.done(ok)
    const stop = new AbortController()
    const waiting = budgets.acquire(['burst'], { signal: stop.signal })
    expect(clock.sleepers).toBe(1)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' })
    expect(clock.sleepers).toBe(0)
  })

  it('names the budgets there are when an adapter names an unknown one', async () => {
    const budgets = createBudgets({ clock: fakeClock(), budgets: { burst: concurrency({ limit: 1 }) } })
    await expect(budgets.acquire(['brust'], { signal: never })).rejects.toMatchObject({
      code: 'unknown_budget',
      message: expect.stringContaining('burst'),
    })
  })

  it('refuses instead of waiting in place for longer than a minute', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 5, windowMs: 10_000 }) } })
    const permit = await budgets.acquire(['burst'], { signal: never })
    permit.done({ status: 429, headers: { 'retry-after': '120' }, body: undefined })
    await expect(budgets.acquire(['burst'], { signal: never })).rejects.toMatchObject({
      code: 'rate_limited',
      scope: 'destination',
      retryable: true,
      retryAfterMs: 120_005,
      context: { applied: 'no' },
    })
    await clock.advance(120_005)
    await budgets.acquire(['burst'], { signal: never })
  })
})

/** A vendor with a true rolling window: counts at some moment between sending and answering. Returns the arrivals and the refusals. */
function vendor(clock: ReturnType<typeof fakeClock>, limit: number, windowMs: number) {
  const arrivals: number[] = []
  let refused = 0
  return {
    arrivals,
    get refused() {
      return refused
    },
    arrive() {
      const now = clock.monotonic()
      const used = arrivals.filter((at) => at > now - windowMs).length
      if (used >= limit) refused += 1
      else arrivals.push(now)
      return used < limit
    },
  }
}

function mostInAnyWindow(arrivals: readonly number[], windowMs: number): number {
  let most = 0
  let start = 0
  arrivals.forEach((at, index) => {
    while ((arrivals[start] ?? at) <= at - windowMs) start += 1
    most = Math.max(most, index - start + 1)
  })
  return most
}

describe('rolling', () => {
  it('never exceeds the limit in any window, whatever the latencies, wherever in them the vendor counts, and always goes on', async () => {
    const latency = fc.record({ out: fc.nat(400), back: fc.nat(400), pause: fc.nat(300) })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 50, max: 1_000 }),
        fc.array(latency, { minLength: 10, maxLength: 60 }),
        async (limit, windowMs, calls) => {
          const clock = fakeClock()
          const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit, windowMs }) } })
          const strict = vendor(clock, limit, windowMs)
          const work = calls.map(async ({ out, back, pause }, index) => {
            await clock.sleep(pause * (index % 3))
            const permit = await budgets.acquire(['burst'], { signal: never })
            await clock.sleep(out)
            strict.arrive()
            await clock.sleep(back)
            permit.done(index % 5 === 0 ? undefined : ok)
          })
          await clock.run(Promise.all(work))
          expect(strict.refused).toBe(0)
          expect(mostInAnyWindow(strict.arrivals, windowMs)).toBeLessThanOrEqual(limit)
          expect(strict.arrivals).toHaveLength(calls.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each([20, 100, 400])('uses at least 95 %% of 190 per 10 s at %i ms latency', async (latency) => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 190, windowMs: 10_000 }) } })
    const strict = vendor(clock, 190, 10_000)
    const worker = async (): Promise<void> => {
      while (clock.monotonic() < 60_000) {
        const permit = await budgets.acquire(['burst'], { signal: never })
        await clock.sleep(latency / 2)
        if (clock.monotonic() < 60_000) strict.arrive()
        await clock.sleep(latency / 2)
        permit.done(ok)
      }
    }
    await clock.run(Promise.all(Array.from({ length: 16 }, worker)))
    expect(strict.refused).toBe(0)
    expect(strict.arrivals.length).toBeGreaterThanOrEqual(0.95 * 190 * 6)
  })

  it('waits one window after a 429 without Retry-After, and as long as Retry-After says with one', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 5, windowMs: 10_000 }) } })
    const after = async (headers: Record<string, string>): Promise<number> => {
      const permit = await budgets.acquire(['burst'], { signal: never })
      permit.done({ status: 429, headers, body: undefined })
      const from = clock.monotonic()
      const next: Permit = await clock.run(budgets.acquire(['burst'], { signal: never }))
      next.done(ok)
      return clock.monotonic() - from
    }
    expect(await after({})).toBe(10_005)
    expect(await after({ 'retry-after': '3' })).toBe(3_005)
  })

  it('loses nothing and meets few refusals when a second client eats half, and takes the whole again when it stops', async () => {
    const clock = fakeClock()
    const limit = 20
    const strict = vendor(clock, limit, 1_000)
    const remaining = (): number => limit - strict.arrivals.filter((at) => at > clock.monotonic() - 1_000).length
    const learn = (reply: { status: number; headers: Readonly<Record<string, string>> }) => ({
      remaining: Number(reply.headers.remaining),
      ...(reply.status === 429 ? { blockedForMs: 200 } : {}),
    })
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit, windowMs: 1_000, learn }) } })
    const foreign = (async () => {
      while (clock.monotonic() < 20_000) {
        strict.arrive()
        await clock.sleep(100)
      }
    })()
    const taken: number[] = []
    let refused = 0
    const worker = async (): Promise<void> => {
      while (clock.monotonic() < 40_000) {
        const permit = await budgets.acquire(['burst'], { signal: never })
        await clock.sleep(20)
        const accepted = strict.arrive()
        if (accepted) taken.push(clock.monotonic())
        else refused += 1
        permit.done({ status: accepted ? 200 : 429, headers: { remaining: String(remaining()) }, body: undefined })
      }
    }
    await clock.run(Promise.all([foreign, worker(), worker(), worker()]))
    const shared = taken.filter((at) => at < 20_000).length
    const alone = taken.filter((at) => at >= 21_000).length
    expect(shared).toBeGreaterThan(0.8 * 10 * 20)
    expect(alone).toBeGreaterThan(0.9 * 20 * 19)
    expect(refused).toBeLessThan(0.1 * shared)
  })

  it("takes over the vendor's own limit", async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 1, windowMs: 1_000, learn: () => ({ limit: 3 }) }) } })
    const permit = await budgets.acquire(['burst'], { signal: never })
    permit.done(ok)
    expect(budgets.usage()).toEqual({ burst: { used: 1, limit: 3 } })
  })

  it('does not stop for good on a header that claims nothing is left', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 3, windowMs: 1_000, learn: () => ({ remaining: 0 }) }) } })
    const work = async (): Promise<number> => {
      for (let n = 0; n < 5; n += 1) (await budgets.acquire(['burst'], { signal: never })).done(ok)
      return clock.monotonic()
    }
    expect(await clock.run(work())).toBeLessThan(6_000)
  })

  it('keeps its window when the wall clock jumps', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { burst: rolling({ limit: 1, windowMs: 1_000 }) } })
    ;(await budgets.acquire(['burst'], { signal: never })).done(ok)
    clock.jump(3_600_000)
    const from = clock.monotonic()
    await clock.run(budgets.acquire(['burst'], { signal: never }))
    expect(clock.monotonic() - from).toBe(1_005)
  })
})

describe('daily', () => {
  const use = async (budgets: ReturnType<typeof createBudgets>, times: number, urgent = false): Promise<void> => {
    for (let n = 0; n < times; n += 1) (await budgets.acquire(['day'], { signal: never, urgent })).done(ok)
  }

  it('stops early with the time until the day turns in the zone of the vendor, keeps the last 5 % for urgent ones, and goes on next day', async () => {
    const clock = fakeClock(Date.UTC(2026, 2, 1, 12))
    const budgets = createBudgets({ clock, budgets: { day: daily({ limit: 100, timeZone: 'America/New_York' }) } })
    await use(budgets, 95)
    await expect(use(budgets, 1)).rejects.toMatchObject({
      code: 'daily_budget_exhausted',
      scope: 'destination',
      retryAfterMs: 17 * 3_600_000,
    })
    await use(budgets, 5, true)
    await expect(use(budgets, 1, true)).rejects.toMatchObject({ code: 'daily_budget_exhausted', retryable: true })
    await clock.advance(17 * 3_600_000 - 1)
    await expect(use(budgets, 1)).rejects.toMatchObject({ retryAfterMs: 1 })
    await clock.advance(1)
    await use(budgets, 95)
  })

  it.each([
    ['2026-03-29T12:00:00+02:00', 12],
    ['2026-03-29T00:30:00+01:00', 22.5],
    ['2026-10-25T00:30:00+02:00', 24.5],
  ])('knows that days have 23 or 25 hours: from %s the next one is %d hours away', async (start, hours) => {
    const clock = fakeClock(Date.parse(start))
    const budgets = createBudgets({ clock, budgets: { day: daily({ limit: 1, timeZone: 'Europe/Berlin', reserve: 0 }) } })
    await use(budgets, 1)
    await expect(use(budgets, 1)).rejects.toMatchObject({ retryAfterMs: hours * 3_600_000 })
  })

  it('survives a restart on the same day and starts anew on the next', async () => {
    const clock = fakeClock()
    const make = () => createBudgets({ clock, budgets: { day: daily({ limit: 10, reserve: 0 }) } })
    const before = make()
    await use(before, 7)
    const saved = JSON.parse(JSON.stringify(before.snapshot()))
    const after = make()
    after.restore(saved)
    await use(after, 3)
    await expect(use(after, 1)).rejects.toMatchObject({ code: 'daily_budget_exhausted' })
    await clock.advance(12 * 3_600_000)
    const tomorrow = make()
    tomorrow.restore(saved)
    await use(tomorrow, 10)
  })

  it('does not grant the day twice when the clock is set back', async () => {
    const clock = fakeClock()
    const budgets = createBudgets({ clock, budgets: { day: daily({ limit: 1, reserve: 0 }) } })
    await use(budgets, 1)
    clock.jump(-24 * 3_600_000)
    await expect(use(budgets, 1)).rejects.toMatchObject({ code: 'daily_budget_exhausted' })
  })

  it('learns what others used and stops when the vendor says so', async () => {
    const clock = fakeClock()
    const learn = ({ headers }: { headers: Readonly<Record<string, string>> }) => ({ limit: 50, remaining: Number(headers.left) })
    const budgets = createBudgets({ clock, budgets: { day: daily({ limit: 1_000, reserve: 0, learn }) } })
    const permit = await budgets.acquire(['day'], { signal: never })
    permit.done({ status: 200, headers: { left: '2' }, body: undefined })
    expect(budgets.usage()).toEqual({ day: { used: 48, limit: 50 } })
  })
})

describe('accountBudgets', () => {
  it('is one set per account and clock, so that two connections never overspend together', async () => {
    const clock = fakeClock()
    const define = { clock, budgets: { burst: rolling({ limit: 2, windowMs: 1_000 }) } }
    const [a, b] = [accountBudgets('hubspot:1', define), accountBudgets('hubspot:1', define)]
    expect(a).toBe(b)
    expect(accountBudgets('hubspot:2', define)).not.toBe(a)
    expect(accountBudgets('hubspot:1', { ...define, clock: fakeClock() })).not.toBe(a)
    for (const set of [a, b]) (await set.acquire(['burst'], { signal: never })).done(ok)
    const from = clock.monotonic()
    await clock.run(a.acquire(['burst'], { signal: never }))
    expect(clock.monotonic() - from).toBe(1_005)
  })
})
