import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'
import { cart, customer, eventWorld, jumpingClock, minute, order, start, takingConsent } from './event-fixture.ts'

const onlyCarts = { events: { 'account.created': false, 'checkout.started': false, 'order.placed': false } } as const
const left = (times: number, id = 'k1'): string => `shop:cart.abandoned:${id}:${times}`
const recovered = (times: number, id = 'k1'): string => `shop:cart.recovered:${id}:${times}`

/** A shop that was read whole, with a customer who fills a cart at minute 10. */
const shopping = async () => {
  const world = eventWorld({ contract: onlyCarts })
  world.shop.put(customer('c1'))
  world.at(5)
  await world.millrace.sync()
  world.shop.put(cart('k1', 'c1', 10))
  world.at(11)
  await world.millrace.sync()
  return { ...world, pass: async (minutes: number) => (world.at(minutes), world.millrace.sync()) }
}

describe('a cart that is left', () => {
  it('is told once, when it was left alone for an hour and not before', async () => {
    const { crm, told, pass } = await shopping()
    await pass(69)
    expect(told('id')).toEqual([])
    await pass(71)
    expect(told('id')).toEqual([left(1)])
    expect(crm.told()[0]).toMatchObject({ type: 'cart.abandoned', occurredAt: minute(70) })
    for (const minutes of [72, 200, 2_000]) await pass(minutes)
    expect(told('id')).toEqual([left(1)])
  })

  it('is told again each time it was touched since, four times at most', async () => {
    const { shop, told, pass } = await shopping()
    await pass(71)
    for (const round of [1, 2, 3, 4, 5]) {
      shop.put(cart('k1', 'c1', round * 1_000, { locale: `x-${round}` }))
      await pass(round * 1_000 + 10)
      await pass(round * 1_000 + 61)
    }
    expect(told('id')).toEqual([1, 2, 3, 4].map((times) => left(times)))
  })

  it('waits anew when it is touched before its time', async () => {
    const { shop, told, pass } = await shopping()
    shop.put(cart('k1', 'c1', 60, { locale: 'en' }))
    await pass(71)
    await pass(119)
    expect(told()).toEqual([])
    await pass(120)
    expect(told('id')).toEqual([left(1)])
  })

  it.each([
    ['ordered', { state: 'ordered' }],
    ['merged', { state: 'merged' }],
    ['empty', { lines: [] }],
  ] as const)('says nothing when it is %s', async (_, more) => {
    const { shop, told, pass } = await shopping()
    shop.put(cart('k1', 'c1', 20, { ...more, lines: 'lines' in more ? [] : cart('k1', 'c1', 20).lines }))
    await pass(71)
    await pass(90)
    expect(told()).toEqual([])
  })

  it('says nothing of carts that were left before the first sync, or while nobody looked for a day', async () => {
    const world = eventWorld({ contract: onlyCarts })
    world.shop.put(customer('c1'))
    world.shop.put(cart('old', 'c1', 0))
    world.shop.put(cart('fresh', 'c1', 500))
    world.at(530)
    await world.millrace.sync()
    world.shop.put(cart('lonely', 'c1', 540))
    world.at(541)
    await world.millrace.sync()
    world.at(3_000)
    await world.millrace.sync()
    expect(world.told('id')).toEqual([])
    world.shop.put(cart('next', 'c1', 3_001))
    world.at(3_062)
    await world.millrace.sync()
    expect(world.told('id')).toEqual([left(1, 'next')])
  })

  it('of the first sync whose hour ends later is told', async () => {
    const world = eventWorld({ contract: onlyCarts })
    world.shop.put(customer('c1'))
    world.shop.put(cart('fresh', 'c1', 500))
    world.at(530)
    await world.millrace.sync()
    world.at(561)
    await world.millrace.sync()
    expect(world.told('id')).toEqual([left(1, 'fresh')])
  })

  it('is not told while orders were not read up to then, since a purchase may be among them', async () => {
    const { shop, told, at, millrace, pass } = await shopping()
    at(71)
    await millrace.sync({ entity: 'cart' })
    await millrace.push({ source: 'shop', entity: 'cart', id: 'k1' })
    expect(told()).toEqual([])
    shop.put(order('o1', 'c1', 65))
    await pass(72)
    expect(told()).toEqual([])
  })

  it('waits for as many hours as the config says, from 1 to 4', async () => {
    const shop = scriptedSource({ now: start })
    const crm = recordingDestination({ events: 'at-most-once' })
    const clock = jumpingClock()
    const config = { sources: { shop }, connections: { crm: { destination: crm, contract: onlyCarts } }, store: memoryStore(), clock }
    for (const cartIdleHours of [0.5, 5, Number.NaN]) {
      expect(() => createMillrace({ ...config, events: { cartIdleHours } })).toThrow('events.cartIdleHours')
    }
    const millrace = createMillrace({ ...config, events: { cartIdleHours: 4 } })
    shop.put(customer('c1'))
    for (const [minutes, count] of [
      [5, 0],
      [249, 0],
      [251, 1],
    ] as const) {
      shop.setNow(start + minutes * 60_000)
      clock.set(minutes)
      await millrace.sync()
      expect(crm.told()).toHaveLength(count)
      shop.put(cart('k1', 'c1', 10))
    }
  })
})

describe('a purchase of the same person', () => {
  const shops = async () => {
    const [berlin, paris] = [scriptedSource({ now: start }), scriptedSource({ now: start })]
    const crm = recordingDestination({ events: 'at-most-once' })
    const clock = jumpingClock()
    const millrace = createMillrace({
      sources: { shop: berlin, paris },
      connections: { crm: { destination: crm, contract: onlyCarts } },
      store: memoryStore(),
      clock,
    })
    const pass = async (minutes: number): Promise<void> => {
      for (const shop of [berlin, paris]) shop.setNow(start + minutes * 60_000)
      clock.set(minutes)
      await millrace.sync()
    }
    berlin.put(customer('c1', 0, { email: 'ada@example.com' }))
    paris.put(customer('c9', 0, { email: 'Ada@Example.com' }))
    await pass(5)
    berlin.put(cart('k1', 'c1', 10))
    await pass(11)
    return { berlin, paris, crm, millrace, pass, told: () => crm.told().map(({ id }) => id) }
  }

  it('in another store stops it before it is sent', async () => {
    const { paris, pass, told } = await shops()
    paris.put(order('o9', 'c9', 40))
    await pass(71)
    await pass(100)
    expect(told()).toEqual([])
  })

  it('in another store stops it also when it was found left already and waits to be sent', async () => {
    const { paris, millrace, pass, told } = await shops()
    await millrace.pause('crm')
    await pass(71)
    paris.put(order('o9', 'c9', 72))
    await pass(73)
    await millrace.resume('crm')
    await pass(74)
    expect(told()).toEqual([])
  })

  it('in another store after it was sent says that the cart was recovered, once', async () => {
    const { paris, crm, pass, told } = await shops()
    await pass(71)
    expect(told()).toEqual([left(1)])
    paris.put(order('o9', 'c9', 80))
    await pass(81)
    paris.put(order('o8', 'c9', 90))
    await pass(91)
    await pass(200)
    expect(told()).toEqual([left(1), recovered(1)])
    expect(crm.told()[1]).toMatchObject({ type: 'cart.recovered', occurredAt: minute(80) })
  })

  it('shortly before the cart was filled stops it too: nobody is reminded on the day of a purchase', async () => {
    const { berlin, pass, told } = await shops()
    berlin.put(order('o1', 'c1', 9, { modifiedAt: minute(12) }))
    await pass(71)
    expect(told()).toEqual([])
  })

  it('says that the cart was recovered only after it was said that it was left', async () => {
    const { berlin, crm, pass, told } = await shops()
    crm.intercept = ({ unit, event }) =>
      event?.type === 'cart.abandoned' ? { unit, result: 'pending', ticket: 't', checkAfterMs: 5 * 60_000 } : undefined
    await pass(71)
    berlin.put(order('o1', 'c1', 72))
    await pass(73)
    expect(told()).toEqual([])
    crm.collect = async function* (tickets) {
      yield tickets.flatMap(({ units }) => units.map(({ unit }) => ({ unit, result: 'delivered' as const, created: true })))
    }
    await pass(80)
    expect(told()).toEqual([recovered(1)])
  })
})

describe('a marketing event', () => {
  it('waits until an opt-out of its person is at the destination; a transactional one does not', async () => {
    const crm = recordingDestination({ events: 'at-most-once' })
    const destination = takingConsent(crm)
    const shop = scriptedSource({ now: start })
    const clock = jumpingClock()
    const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination } }, store: memoryStore(), clock })
    const pass = async (minutes: number): Promise<void> => {
      shop.setNow(start + minutes * 60_000)
      clock.set(minutes)
      await millrace.sync()
    }
    const said = (status: 'granted' | 'denied', at: number) =>
      customer('c1', 0, { modifiedAt: minute(at), consents: [{ channel: 'email', purpose: 'marketing', status, at: minute(at) }] })
    shop.put(said('granted', 0))
    await pass(5)
    shop.put(cart('k1', 'c1', 10))
    await pass(11)
    crm.intercept = ({ unit, object }) =>
      object === 'permission'
        ? { unit, result: 'failed', error: new MillraceError({ code: 'busy', message: 'Later.', retryable: true, scope: 'batch' }) }
        : undefined
    shop.put(said('denied', 12))
    await pass(71)
    expect(crm.told().map(({ type }) => type)).toEqual(['consent.changed'])
    crm.intercept = () => undefined
    const before = crm.inputs.length
    await pass(80)
    const sent = crm.inputs.slice(before).flatMap((batch) => batch.map(({ object, event }) => event?.type ?? object))
    expect(sent).toEqual(['permission', 'cart.abandoned'])
  })
})
