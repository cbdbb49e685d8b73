import { describe, expect, it } from 'vitest'
import type { Price } from '../model/catalog.ts'
import { customer, eventWorld, minute, order } from './event-fixture.ts'
import { at, back, dropped, euro, list, price, shirt, watching } from './watched-fixture.ts'

const c1 = customer('c1')
const c2 = customer('c2')

describe('a price that drops', () => {
  it('is told once to whoever has the SKU on a list, whatever is read again', async () => {
    const world = await watching(c1, c2, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5))
    expect(world.told()).toEqual([])
    await world.pass(20, shirt(15, { prices: [price('15.00')] }))
    expect(world.told()).toEqual([dropped('c1', '15.00', 15)])
    await world.pass(30)
    await world.millrace.backfill()
    await world.millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
    await world.pass(40)
    expect(world.told()).toHaveLength(1)
  })

  it('says what the goods are, cost and did cost', async () => {
    const german = customer('c1', 0, { locale: 'de', shippingAddress: { country: 'DE' } })
    const world = await watching(german, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5, { store: 'eu' }))
    await world.pass(20, shirt(15, { prices: [price('20.00', { discounted: euro('12.50') })] }))
    expect(world.payloads()).toMatchObject([
      {
        sku: 'SHIRT-M',
        productKey: 'shirt',
        productName: 'Ein Hemd',
        category: 'Clothing > Hemden',
        currency: 'EUR',
        value: '12.50',
        previousPrice: '20.00',
        url: 'https://shop.example/eu/de/hemd',
        productUrl: 'https://shop.example/eu/de/hemd',
        image: 'https://shop.example/shirt.jpg',
        locale: 'de',
        store: 'eu',
        country: 'DE',
      },
    ])
  })

  it('and goes up and drops again is another one', async () => {
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5))
    await world.pass(20, shirt(15, { prices: [price('15.00')] }))
    await world.pass(30, shirt(25, { prices: [price('20.00')] }))
    await world.pass(40, shirt(35, { prices: [price('15.00')] }))
    expect(world.told()).toEqual([dropped('c1', '15.00', 15), dropped('c1', '15.00', 35)])
  })

  it('is not told of what was put on the list later, or taken off before', async () => {
    const world = await watching(c1, c2, shirt(1, { prices: [price('20.00')] }), list('l2', 'c2', 5))
    await world.pass(20, shirt(15, { prices: [price('15.00')] }), list('l1', 'c1', 16), list('l2', 'c2', 5, { items: [] }, 14))
    expect(world.told()).toEqual([])
  })

  it('is told to whoever put the goods on a list before, though the list is read after the drop', async () => {
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }))
    world.shop.put(shirt(15, { prices: [price('15.00')] }))
    world.at(16)
    await world.millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
    expect(world.told()).toEqual([])
    await world.pass(20, list('l1', 'c1', 12))
    expect(world.told()).toEqual([dropped('c1', '15.00', 15)])
  })

  it('is one fact though the goods stand on several lists, and none of nobody', async () => {
    const lists = [list('l1', 'c1', 5), list('l2', 'c1', 6), list('l3', undefined, 5), list('l4', 'stranger', 5)]
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }), ...lists)
    await world.pass(20, shirt(15, { prices: [price('15.00')] }))
    expect(world.told()).toEqual([dropped('c1', '15.00', 15)])
  })

  it('is not told after a purchase of the goods, but is where they were put on a list again since', async () => {
    const bought = order('o1', 'c1', 12)
    const other = order('o2', 'c2', 12, { lines: bought.lines.map((line) => ({ ...line, sku: 'SOCKS' })) })
    const world = await watching(c1, c2, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5), list('l2', 'c2', 5))
    await world.pass(20, bought, other, shirt(15, { prices: [price('15.00')] }))
    expect(world.told()).toEqual([dropped('c2', '15.00', 15)])
    expect(await world.skipped()).toEqual(['suppressed_by_purchase'])
    await world.pass(30, list('l9', 'c1', 22), shirt(25, { prices: [price('10.00')] }))
    expect(world.told()).toContain(dropped('c1', '10.00', 25))
  })

  it('is not told when it is over before it could be', async () => {
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5))
    world.shop.put(shirt(15, { prices: [price('15.00')] }))
    world.at(16)
    await world.millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
    await world.pass(20, shirt(18, { prices: [price('20.00')] }))
    expect(world.told()).toEqual([])
    expect(await world.skipped()).toEqual(['suppressed_by_offer'])
  })

  it('when a sale begins by its own time is told then, and not when it is called off before', async () => {
    const sale = (from: number) => [price('20.00'), price('15.00', { validFrom: minute(from), validUntil: minute(500) })]
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5))
    await world.pass(20, shirt(15, { prices: sale(100) }))
    await world.pass(30, shirt(25, { prices: sale(200) }))
    await world.pass(150)
    expect(world.told()).toEqual([])
    await world.pass(201)
    await world.millrace.backfill()
    await world.pass(210, shirt(205, { prices: sale(200), images: [] }))
    expect(world.told()).toEqual([dropped('c1', '15.00', 200)])
    await world.pass(600)
    expect(world.told()).toHaveLength(1)
  })

  it('of a product that is not shown is told to nobody', async () => {
    const world = await watching(c1, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5))
    await world.pass(20, shirt(15, { prices: [price('15.00')] }, { published: false }))
    expect(world.told()).toEqual([])
  })

  it('is told to more watchers than are looked at at once', async () => {
    const people = Array.from({ length: 700 }, (_, index) => `p${String(index).padStart(4, '0')}`)
    const world = await watching(
      shirt(1, { prices: [price('20.00')] }),
      ...people.flatMap((id) => [customer(id), list(`l-${id}`, id, 5), list(`m-${id}`, id, 6)]),
    )
    await world.pass(20, shirt(15, { prices: [price('15.00')] }))
    expect(world.told()).toEqual(people.map((id) => dropped(id, '15.00', 15)))
    expect(await world.store.dueOffers({ source: 'shop', upTo: Infinity, limit: 1 })).toEqual([])
  })
})

it('check says when lists are read for nobody', async () => {
  const codes = async (millrace: { check(): Promise<{ sources: Record<string, { code: string }[]> }> }): Promise<string[]> =>
    ((await millrace.check()).sources['shop'] ?? []).map(({ code }) => code)
  const world = await watching()
  expect(await codes(world.millrace)).toEqual([])
  const deaf = eventWorld({ contract: { events: { 'price.dropped': false, 'product.back-in-stock': false } } })
  expect(await codes(deaf.millrace)).toEqual(['watched_goods_untold'])
})

it('a pass that ends while watchers are told goes on where it stood', async () => {
  const people = Array.from({ length: 1_200 }, (_, index) => `p${String(index).padStart(4, '0')}`)
  const world = await watching(shirt(1, { prices: [price('20.00')] }), ...people.flatMap((id) => [customer(id), list(`l-${id}`, id, 5)]))
  world.shop.put(shirt(15, { prices: [price('15.00')] }))
  world.at(20)
  const { watchers } = world.store
  const stopped = new AbortController()
  const after: (string | null)[] = []
  world.store.watchers = (query) => {
    after.push(query.after)
    if (after.length === 2) stopped.abort()
    return watchers(query)
  }
  await world.millrace.sync({ signal: stopped.signal })
  const [left] = await world.store.dueOffers({ source: 'shop', upTo: at(20), limit: 1 })
  expect(left?.position).toBe('p0999')
  await world.pass(30)
  expect(after).toEqual([null, 'p0499', 'p0999'])
  expect(world.told()).toEqual(people.map((id) => dropped(id, '15.00', 15)))
})

describe('the price that a watcher sees', () => {
  const scoped = (amount: string, more: Partial<Price>): Price => price(amount, more)

  it('is that of their group, their store, their country', async () => {
    const base = [
      price('20.00'),
      scoped('18.00', { country: 'DE' }),
      scoped('16.00', { customerGroup: 'vip' }),
      scoped('17.00', { channel: 'eu' }),
    ]
    const world = await watching(
      customer('plain'),
      customer('german', 0, { shippingAddress: { country: 'DE' } }),
      customer('vip', 0, { groups: [{ id: 'g1', key: 'vip' }], shippingAddress: { country: 'DE' } }),
      shirt(1, { prices: base }),
      list('l1', 'plain', 5),
      list('l2', 'german', 5),
      list('l3', 'vip', 5),
      list('l4', 'german', 3, { priceChannels: ['eu'] }),
    )
    const [all, german, vip, channel] = base as [Price, Price, Price, Price]
    await world.pass(20, shirt(15, { prices: [all, scoped('10.00', { country: 'DE' }), vip, channel] }))
    expect(world.told()).toEqual([dropped('german', '10.00', 15)])
    await world.pass(
      30,
      shirt(25, { prices: [all, scoped('10.00', { country: 'DE' }), scoped('9.00', { customerGroup: 'vip' }), channel] }),
    )
    expect(world.told()).toContain(dropped('vip', '9.00', 25))
    await world.pass(40, shirt(35, { prices: [price('5.00'), german, vip, channel] }))
    expect(world.told()).toEqual([dropped('german', '10.00', 15), dropped('plain', '5.00', 35), dropped('vip', '9.00', 25)])
  })

  it('is in the currency that they paid in last; where that is not known and there are several, nothing is told', async () => {
    const franc = (amount: string): Price => ({ value: { currency: 'CHF', amount } })
    const world = await watching(
      c1,
      c2,
      order('o1', 'c1', 1),
      shirt(2, { prices: [price('20.00'), franc('30')] }),
      list('l1', 'c1', 5),
      list('l2', 'c2', 5),
    )
    await world.pass(20, shirt(15, { prices: [price('15.00'), franc('20')] }))
    expect(world.told()).toEqual([dropped('c1', '15.00', 15)])
  })
})

describe('goods that are back in stock', () => {
  it('are told to whoever waits for them, each time', async () => {
    const world = await watching(c1, c2, shirt(1, { stock: 0 }), list('l1', 'c1', 5))
    await world.pass(20, shirt(15, { stock: 3 }))
    await world.pass(30, shirt(25, { stock: 1 }))
    await world.pass(40, shirt(35, { stock: 0 }))
    await world.pass(50, shirt(45, { stock: 8 }))
    await world.millrace.backfill()
    expect(world.told()).toEqual([back('c1', 15), back('c1', 45)])
  })

  it('are none where stock was not tracked before', async () => {
    const world = await watching(c1, shirt(1, {}), list('l1', 'c1', 5))
    await world.pass(20, shirt(15, { stock: 3 }))
    expect(world.told()).toEqual([])
  })

  it('are those that the store of the list is supplied with', async () => {
    const world = await watching(
      c1,
      c2,
      shirt(1, { stock: 5, stockByChannel: { north: 5, south: 0 } }),
      list('l1', 'c1', 5, { supplyChannels: ['south'] }),
      list('l2', 'c2', 5, { supplyChannels: ['north'] }),
    )
    await world.pass(20, shirt(15, { stock: 7, stockByChannel: { north: 5, south: 2 } }))
    expect(world.told()).toEqual([back('c1', 15)])
  })

  it('are not told when they are sold out again', async () => {
    const world = await watching(c1, shirt(1, { stock: 0 }), list('l1', 'c1', 5))
    world.shop.put(shirt(15, { stock: 3 }))
    world.at(16)
    await world.millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
    await world.pass(20, shirt(18, { stock: 0 }))
    expect(world.told()).toEqual([])
    expect(await world.skipped()).toEqual(['suppressed_by_offer'])
  })
})

describe('lists of people who are erased', () => {
  it('are erased and exported with them, and do not come back', async () => {
    const world = await watching(c1, c2, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5), list('l2', 'c2', 5))
    const held = async () =>
      (await world.store.watchers({ source: 'shop', sku: 'SHIRT-M', upTo: at(99), after: null, limit: 9 })).map(({ list: id }) => id)
    expect(await held()).toEqual(['l1', 'l2'])
    const exported = await world.millrace.export({ email: 'c1@example.com' })
    expect(exported.records).toMatchObject([
      { entity: 'customer', id: 'c1' },
      { entity: 'shopping-list', id: 'l1' },
    ])
    const report = await world.millrace.erase({ email: 'c1@example.com' })
    expect(report.records).toMatchObject({ 'shopping-list': 1 })
    expect(await held()).toEqual(['l2'])
    expect((await world.store.records([{ source: 'shop', entity: 'shopping-list', id: 'l1' }]))[0]?.body).toBeNull()
    await world.pass(20, list('l1', 'c1', 5, {}, 19), list('l9', 'c1', 5, {}, 19), shirt(15, { prices: [price('15.00')] }))
    expect(await held()).toEqual(['l2'])
    expect(world.told()).toEqual([dropped('c2', '15.00', 15)])
  })

  it('are forgotten when they are deleted, and when they are nobody’s any more', async () => {
    const world = await watching(c1, c2, shirt(1, { prices: [price('20.00')] }), list('l1', 'c1', 5), list('l2', 'c2', 5))
    world.shop.remove('shopping-list', 'l1')
    await world.millrace.push({ source: 'shop', entity: 'shopping-list', id: 'l1' })
    await world.pass(20, list('l2', undefined, 5, {}, 12), shirt(15, { prices: [price('15.00')] }))
    expect(world.told()).toEqual([])
  })
})
