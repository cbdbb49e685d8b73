import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  seedShop(world.shop, { customers: 20, orders: 40, products: 8, seed: 5 })
})
afterAll(() => world.close())

/** Requests that change something; a search is a POST that reads. */
const writes = (): string[] =>
  world.portal.requests.flatMap(({ method, path }) => {
    const reads = method === 'GET' || /\/(search|batch\/read)(\?|$)/.test(path) || /oauth|access-token/.test(path)
    return reads ? [] : [`${method} ${path}`]
  })

it('a portal that is only observed gets no request that writes; live, it gets exactly what was observed', async () => {
  const rehearsal = world.open()
  await rehearsal.apply()
  await rehearsal.close()
  const before = writes().length
  const observing = world.open({ mode: 'observe' })
  const observed = await observing.backfill()
  expect(observed.problems).toEqual([])
  expect(observed.run.status).toBe('completed')
  expect(writes().slice(before)).toEqual([])
  expect(world.portal.portal.all('contacts')).toHaveLength(0)
  const totals = observed.connections['hubspot']?.observed
  expect(totals).toMatchObject({ update: 0, archive: 0 })
  expect(totals?.create).toBeGreaterThan(60)
  await observing.close()
  const live = await world.open({ mode: 'live' }).sync()
  expect(live.run.status).toBe('completed')
  expect(live.connections['hubspot']?.created).toBe(totals?.create)
}, 120_000)
