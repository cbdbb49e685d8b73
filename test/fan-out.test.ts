import { seedShop } from '@millrace/fake-vendors/commercetools'
import { afterEach, describe, expect, it } from 'vitest'
import { placeNames, type PlaceName } from './support/all-destinations.ts'
import { startFanOut, type FanOutWorld } from './support/fan-out-world.ts'

let world: FanOutWorld
afterEach(() => world.close())

const orders = 25
const start = async (): Promise<void> => {
  world = await startFanOut()
  seedShop(world.shop, { customers: 30, orders, products: 10, businessUnits: 0, carts: 0, seed: 5 })
  await world.millrace.apply()
}
const countsOf = (): Record<string, number> => Object.fromEntries(placeNames.map((name) => [name, world.places[name].orders().length]))
const healthy = ['activecampaign', 'crm', 'warehouse'] as const satisfies readonly PlaceName[]
const everywhere = { hubspot: orders, activecampaign: orders, dotdigital: orders, crm: orders, warehouse: orders }

describe('one source into every destination in one run', () => {
  it('reads the shop once, brings every order everywhere, and sends nothing the second time', async () => {
    await start()
    const run = await world.millrace.backfill()
    expect(run.run.status).toBe('completed')
    expect(countsOf()).toEqual(everywhere)
    expect(run.sources['shop']?.['order']).toMatchObject({ read: orders })
    for (const name of placeNames) world.places[name].forget()
    const again = await world.millrace.backfill()
    for (const name of placeNames) {
      expect(again.connections[name], name).toMatchObject({ delivered: 0, deadLettered: 0 })
      // ActiveCampaign and CRM One look for opt-outs by reading; what they read by POST writes nothing.
      if (name !== 'activecampaign') expect(world.places[name].writes(), name).toBe(0)
    }
  })

  it.each(['all', 'writes'] as const)(
    'a wrong credential at one and a storm of 429 at another (%s) hold up nobody else, and both catch up without losing or doubling anything',
    async (which) => {
      await start()
      const { hubspot, dotdigital } = world.places
      hubspot.outage(401, which)
      dotdigital.outage(429, which)
      const broken = await world.millrace.backfill({ drainMs: 30_000 })
      expect(broken.run.status).toBe('failed')
      expect(countsOf()).toEqual({ ...everywhere, hubspot: 0, dotdigital: 0 })
      for (const name of healthy) expect(broken.connections[name], name).toMatchObject({ deadLettered: 0, parked: 0 })
      const troubled = new Set(broken.problems.map(({ connection }) => connection))
      expect(troubled).toContain('hubspot')
      expect(healthy.filter((name) => troubled.has(name))).toEqual([])
      // An outage is nobody's fault but the vendor's: no record is given up for it.
      expect(await world.millrace.deadLetters.list()).toEqual([])

      for (const name of healthy) world.places[name].forget()
      hubspot.outage(undefined)
      dotdigital.outage(undefined)
      const caughtUp = await world.millrace.backfill({ drainMs: 3_600_000 })
      expect(caughtUp.run.status).toBe('completed')
      expect(countsOf()).toEqual(everywhere)
      for (const name of ['hubspot', 'dotdigital'] as const) {
        const ids = world.places[name].orders().map(({ id }) => id)
        expect(new Set(ids).size, name).toBe(ids.length)
      }
      for (const name of healthy) expect(caughtUp.connections[name], name).toMatchObject({ delivered: 0 })
    },
  )
})
