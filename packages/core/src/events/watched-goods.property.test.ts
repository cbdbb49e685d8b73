import fc from 'fast-check'
import { expect, it } from 'vitest'
import { customer, minute, order } from './event-fixture.ts'
import { at, back, dropped, list, price, shirt, watching } from './watched-fixture.ts'

const owners: Readonly<Record<string, string | undefined>> = { l1: 'c1', l2: 'c1', l3: 'c2', l4: undefined }
const lists = Object.keys(owners)
const customers = ['c1', 'c2']

type Step =
  | { do: 'price'; amount: number }
  | { do: 'stock'; pieces: number }
  | { do: 'add' | 'remove' | 'push-list'; list: string }
  | { do: 'buy'; customer: string }
  | { do: 'touch' | 'sync' | 'push-product' | 'backfill' | 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('price' as const), amount: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stock' as const), pieces: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'remove' as const), list: fc.constantFrom(...lists) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('push-list' as const), list: fc.constantFrom(...lists) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('buy' as const), customer: fc.constantFrom(...customers) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sync' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('touch', 'push-product', 'backfill', 'restart') }) } as {
    weight: number
    arbitrary: fc.Arbitrary<Step>
  },
)

interface Goods {
  price: number
  stock: number
  changedAt: number
}

/** What should have been told, worked out from what was read when, with no store and no index. */
const oracle = () => {
  const shop = { goods: { price: 3, stock: 1, changedAt: 1 }, added: new Map<string, number>(), bought: new Map<string, number>() }
  const read = { goods: { ...shop.goods }, added: new Map<string, number>(), bought: new Map<string, number>() }
  let upTo = 10
  let open: { before: Goods; after: Goods }[] = []
  const told = new Set<string>()

  const readGoods = (): void => {
    const { goods } = shop
    if (goods.price !== read.goods.price || goods.stock !== read.goods.stock) open.push({ before: read.goods, after: { ...goods } })
    read.goods = { ...goods }
  }
  const tell = (): void => {
    for (const { before, after } of open.filter((change) => change.after.changedAt <= upTo)) {
      for (const person of customers) {
        const since = lists
          .flatMap((name) => (owners[name] === person ? (read.added.get(name) ?? []) : []))
          .filter((minutes) => minutes <= after.changedAt)
        if (since.length === 0 || (read.bought.get(person) ?? -1) >= Math.max(...since)) continue
        if (after.price < before.price && read.goods.price <= after.price) told.add(dropped(person, `${after.price}.00`, after.changedAt))
        if (before.stock === 0 && after.stock > 0 && read.goods.stock > 0) told.add(back(person, after.changedAt))
      }
    }
    open = open.filter((change) => change.after.changedAt > upTo)
  }
  return { shop, read, told, readGoods, tell, moveTo: (minutes: number) => (upTo = minutes) }
}

it('in any order of changes, polls, pushes, backfills and restarts, the right facts are told once each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = oracle()
      const goodsAt = ({ price: amount, stock, changedAt }: Goods) => shirt(changedAt, { prices: [price(`${amount}.00`)], stock })
      const listAt = (name: string, minutes: number) => {
        const addedAt = model.shop.added.get(name)
        return list(name, owners[name], addedAt ?? minutes, addedAt === undefined ? { items: [] } : {}, minutes)
      }
      const world = await watching(
        ...customers.map((id) => customer(id)),
        goodsAt(model.shop.goods),
        ...lists.map((name) => listAt(name, 2)),
      )
      let { millrace } = world
      let minutes = 10
      const readAll = (): void => {
        model.readGoods()
        model.read.added = new Map(model.shop.added)
        model.read.bought = new Map(model.shop.bought)
      }
      const run = async (each: Step): Promise<void> => {
        minutes += 1
        world.at(minutes)
        switch (each.do) {
          case 'price':
          case 'stock':
          case 'touch': {
            const { goods } = model.shop
            goods.changedAt = minutes
            if (each.do === 'price') goods.price = each.amount
            if (each.do === 'stock') goods.stock = each.pieces
            return world.shop.put(goodsAt(goods))
          }
          case 'add':
          case 'remove':
            if (each.do === 'add') model.shop.added.set(each.list, minutes)
            else model.shop.added.delete(each.list)
            return world.shop.put(listAt(each.list, minutes))
          case 'buy':
            model.shop.bought.set(each.customer, minutes)
            return world.shop.put(order(`o${minutes}`, each.customer, minutes))
          case 'push-product':
            model.readGoods()
            await millrace.push({ source: 'shop', entity: 'product', id: 'shirt' })
            return model.tell()
          case 'push-list': {
            const addedAt = model.shop.added.get(each.list)
            if (addedAt === undefined) model.read.added.delete(each.list)
            else model.read.added.set(each.list, addedAt)
            await millrace.push({ source: 'shop', entity: 'shopping-list', id: each.list })
            return model.tell()
          }
          case 'sync':
            readAll()
            model.moveTo(minutes)
            await millrace.sync()
            return model.tell()
          case 'backfill':
            readAll()
            await millrace.backfill()
            return model.tell()
          case 'restart':
            millrace = world.open()
        }
      }
      for (const each of steps) await run(each)
      expect(world.told()).toEqual([...model.told].toSorted())
    }),
    { numRuns: 150 },
  )
})
