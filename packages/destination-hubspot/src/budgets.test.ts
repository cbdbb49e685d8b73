import { hastyClock } from '@millrace/adapter-kit/testing'
import { afterEach, expect, test } from 'vitest'
import { closePortals, input, openPortal, person } from './test-support/portal.ts'

afterEach(closePortals)

const addresses = (requests: number): string[] => Array.from({ length: requests * 100 }, (_, index) => `nobody${index}@example.com`)

test('inside a true rolling window of the smallest tier, no request is refused, and the window is used', async () => {
  const clock = hastyClock()
  const { fake, destination, ctx } = await openPortal({ clock, fake: { tier: 'free', now: clock.now, limits: { burst: 100 } } })
  const started = clock.now()
  await destination.find?.({ object: 'contact', by: 'email', values: addresses(350) }, ctx)
  expect(fake.requests.filter((request) => request.status === 429)).toEqual([])
  expect(fake.count({ path: 'batch/read' })).toBe(350)
  // 350 requests at 100 per 10 s need at least 25 s; the windows before them were partly used by the set-up.
  expect(clock.now() - started).toBeLessThan(45_000)
})

test('the limit of a larger tier is learnt from the answers', async () => {
  const clock = hastyClock()
  const { destination, ctx, fake } = await openPortal({ clock, fake: { tier: 'professional', now: clock.now, limits: { burst: 190 } } })
  const started = clock.now()
  await destination.find?.({ object: 'contact', by: 'email', values: addresses(360) }, ctx)
  expect(fake.requests.filter((request) => request.status === 429)).toEqual([])
  expect(clock.now() - started).toBeLessThan(30_000)
})

test('requests of other apps are made room for', async () => {
  const clock = hastyClock()
  const { fake, destination, ctx } = await openPortal({ clock, fake: { now: clock.now, limits: { burst: 100 } } })
  await destination.find?.({ object: 'contact', by: 'email', values: addresses(1) }, ctx)
  fake.rates.consume({ burst: 50 })
  await destination.find?.({ object: 'contact', by: 'email', values: addresses(150) }, ctx)
  expect(fake.requests.filter((request) => request.status === 429).length).toBeLessThanOrEqual(8)
  expect(fake.count({ path: 'batch/read' })).toBeGreaterThanOrEqual(151)
})

test('links have a budget of their own', async () => {
  const clock = hastyClock()
  const { fake, deliver } = await openPortal({ clock, fake: { now: clock.now, limits: { burst: 100, associationBurst: 5 } } })
  const buyer = (await deliver(person('k1'))).get('contact:k1')
  const parents = [{ object: 'contact', key: 'k1', remoteId: buyer?.remoteId ?? '' }]
  for (let index = 0; index < 12; index += 1) {
    const fields = { dealname: `o${index}`, pipeline: 'commerce', dealstage: 'placed' }
    expect((await deliver(input('deal', `o${index}`, fields, { parents }))).get(`deal:o${index}`)).toMatchObject({ result: 'delivered' })
  }
  expect(fake.portal.countAssociations('deals', 'contacts')).toBe(12)
  expect(fake.requests.filter((request) => request.status === 429)).toEqual([])
})

test('a day that ends in the middle stops there and goes on after midnight, with nothing lost', async () => {
  const clock = hastyClock()
  let shift = 0
  const moving = { ...clock, now: () => clock.now() + shift }
  const { fake, deliver } = await openPortal({ clock: moving, fake: { now: moving.now, limits: { daily: 60 } } })
  const inputs = Array.from({ length: 1_000 }, (_, index) => person(`d${index}`))
  let delivered = 0
  let exhausted = 0
  for (let round = 0; round < 6; round += 1) {
    for (const outcome of (await deliver(...inputs.slice(0, 900))).values()) {
      if (outcome.result === 'delivered') delivered += 1
      if (outcome.result === 'failed' && outcome.error.code === 'daily_budget_exhausted') exhausted += 1
    }
  }
  expect(exhausted).toBeGreaterThan(0)
  expect(delivered % 100).toBe(0)
  expect(fake.requests.filter((request) => request.status === 429)).toEqual([])
  shift = 24 * 3_600_000
  const after = await deliver(...inputs)
  expect([...after.values()].every((outcome) => outcome.result === 'delivered')).toBe(true)
  expect(fake.portal.count('contacts')).toBe(1_000)
})
