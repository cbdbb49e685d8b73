import { seedShop } from '@millrace/fake-vendors/commercetools'
import { expect, it } from 'vitest'
import { createDice } from '../support/dice.ts'
import { sharedClock } from '../support/shared-clock.ts'
import { startWorld } from '../support/world.ts'
import { runWorker, type Ended } from './run-worker.ts'

/** `MILLRACE_EVENT_KILLS=100` for the long run, `MILLRACE_CRASH_SEED=7` to repeat a plan. */
const kills = Number(process.env['MILLRACE_EVENT_KILLS'] ?? 6)
const seed = Number(process.env['MILLRACE_CRASH_SEED'] ?? 20_261_121)
const clockFactor = 10
const ordersEach = 8

it(
  `events that HubSpot takes at most once are told once, or are a dead letter that says so, though their process is killed ${kills} times (seed ${seed})`,
  { timeout: 240_000 + kills * 20_000 },
  async () => {
    const dice = createDice(seed)
    let onSend = (): void => {}
    const world = await startWorld({
      seed,
      latencyMs: ({ path }) => {
        if (!path.includes('/send')) return 0
        onSend()
        return dice.below(20)
      },
    })
    const { shop, portal } = world
    const clockStart = Date.now()
    const clock = sharedClock(clockStart, clockFactor)
    const destination = { accessToken: portal.accessToken, baseUrl: portal.url, events: 'behavioural' } as const
    /** A pass in a process of its own, killed a moment after it began to send events. */
    const pass = async (fatal: boolean): Promise<Ended> => {
      const { projectKey, clientId, clientSecret, apiUrl, authUrl } = shop
      const source = { projectKey, clientId, clientSecret, apiUrl, authUrl }
      const worker = runWorker({ kind: 'sync', path: world.path, source, destination, clockStart, clockFactor })
      const afterMs = dice.below(40)
      onSend = () => {
        if (!fatal) return
        onSend = () => {}
        setTimeout(worker.kill, afterMs)
      }
      return worker.ended
    }
    try {
      seedShop(shop, { customers: 30, orders: 30, products: 10, seed })
      const first = world.open({ clock, destination })
      await first.apply()
      expect((await first.sync()).problems).toEqual([])
      await first.close()
      expect(portal.portal.events).toEqual([])

      const patterns = shop.project.all('order').filter((order) => order['customerId'] !== undefined)
      const placed: string[] = []
      let dead = 0
      for (let round = 0; dead < kills; round += 1) {
        world.advance(5_000)
        for (let index = 0; index < ordersEach; index += 1) {
          const id = `event-order-${round}-${index}`
          const { createdAt: _created, lastModifiedAt: _modified, version: _version, paymentInfo: _paid, ...draft } = dice.pick(patterns)
          shop.project.add('order', {
            ...draft,
            id,
            orderNumber: id,
            orderState: 'Open',
            shipmentState: 'Pending',
            paymentState: 'Pending',
          })
          placed.push(id)
        }
        world.advance(5_000)
        // Half of them die after the portal has it, the others before.
        if (round % 2 === 0) portal.faults.next({ kind: 'hang', applied: false }, { path: '/send' })
        if ((await pass(true)).killed) dead += 1
        else expect(round).toBeLessThan(kills * 5)
      }
      world.advance(200_000)
      for (let turn = 0; turn < 3; turn += 1) await pass(false)

      const millrace = world.open({ clock, destination })
      const letters = await millrace.deadLetters.list()
      expect(letters.filter(({ code }) => code !== 'event_outcome_unknown')).toEqual([])
      const doubted = new Set(letters.map(({ unit }) => unit))
      const told = Map.groupBy(
        portal.portal.events.filter(({ eventName }) => eventName.endsWith('order_placed')),
        ({ properties }) => String(properties['order_number']),
      )
      expect([...told.values()].filter((times) => times.length > 1)).toEqual([])
      const lost = placed.filter((id) => !told.has(id) && !doubted.has(`event:shop:order.placed:${id}`))
      expect(lost).toEqual([])
      // Kills that met no event in flight would prove nothing.
      const both = placed.filter((id) => told.has(id) && doubted.has(`event:shop:order.placed:${id}`)).length
      expect(both).toBeGreaterThan(0)
      expect(doubted.size).toBeGreaterThan(both)
      process.stdout.write(
        `killed ${dead} times: of ${placed.length} events ${told.size} told once, ${doubted.size} in doubt (${both} of them were told), none twice\n`,
      )
    } finally {
      await world.close()
    }
  },
)
