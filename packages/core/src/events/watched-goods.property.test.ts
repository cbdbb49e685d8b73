import fc from 'fast-check'
import { expect, it } from 'vitest'
import { customer, minute, order } from './event-fixture.ts'
import { back, dropped, list, price, shirt, watching } from './watched-fixture.ts'

const owners: Readonly<Record<string, string | undefined>> = { l1: 'c1', l2: 'c1', l3: 'c2', l4: undefined }
const lists = Object.keys(owners)
const customers = ['c1', 'c2']

type Step =
  | { do: 'price'; amount: number }
  | { do: 'sale'; amount: number; ahead: number }
  | { do: 'stock'; pieces: number }
  | { do: 'add' | 'remove' | 'push-list'; list: string }
  | { do: 'buy'; customer: string }
  | { do: 'touch' | 'sync' | 'push-product' | 'backfill' | 'restart' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('price' as const), amount: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sale' as const),
      amount: fc.integer({ min: 1, max: 4 }),
      ahead: fc.integer({ min: -1, max: 6 }),
    }),
  },
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
  /** Sold for so much from a minute on. */
  sale: { amount: number; from: number } | undefined
  stock: number
  changedAt: number
}

const costs = ({ price: amount, sale }: Goods, minutes: number): number =>
  sale !== undefined && minutes >= sale.from ? sale.amount : amount

/** Somebody who sees the goods at a time sees this change. */
interface Seen {
  /** It is the beginning of a sale, which may be called off before. */
  begins?: true
  at: number
  before: { price: number; stock: number }
  after: { price: number; stock: number }
}

/** What should have been told, worked out from what was read when, with no store and no index. */
const oracle = () => {
  const goods: Goods = { price: 3, sale: undefined, stock: 1, changedAt: 1 }
  const shop = { goods, added: new Map<string, number>(), bought: new Map<string, number>() }
  const read = { goods: { ...goods }, added: new Map<string, number>(), bought: new Map<string, number>() }
  let upTo = 10
  let open: Seen[] = []
  const told = new Set<string>()

  const readGoods = (): void => {
    const [before, after] = [read.goods, { ...shop.goods }]
    const at = after.changedAt
    if (JSON.stringify(before) === JSON.stringify(after)) return
    open.push({ at, before: { price: costs(before, at), stock: before.stock }, after: { price: costs(after, at), stock: after.stock } })
    open = open.filter((change) => change.begins !== true || change.at <= at)
    const { sale, price: full, stock } = after
    if (sale !== undefined && sale.from > at)
      open.push({ at: sale.from, before: { price: full, stock }, after: { price: sale.amount, stock }, begins: true })
    read.goods = after
  }
  const tell = (now: number): void => {
    const { price: full, sale, stock } = read.goods
    const lowest = Math.min(full, sale !== undefined && now >= sale.from ? sale.amount : full)
    for (const { at: minutes, before, after } of open.filter((change) => change.at <= upTo)) {
      for (const person of customers) {
        const since = lists
          .flatMap((name) => (owners[name] === person ? (read.added.get(name) ?? []) : []))
          .filter((added) => added <= minutes)
        if (since.length === 0 || (read.bought.get(person) ?? -1) >= Math.max(...since)) continue
        if (after.price < before.price && lowest <= after.price) told.add(dropped(person, `${after.price}.00`, minutes))
        if (before.stock === 0 && after.stock > 0 && stock > 0) told.add(back(person, minutes))
      }
    }
    open = open.filter((change) => change.at > upTo)
  }
  return { shop, read, told, readGoods, tell, moveTo: (minutes: number) => (upTo = minutes) }
}

it('in any order of changes, polls, pushes, backfills and restarts, the right facts are told once each', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = oracle()
      const goodsAt = ({ price: amount, sale, stock, changedAt }: Goods) =>
        shirt(changedAt, {
          prices: [price(`${amount}.00`), ...(sale === undefined ? [] : [price(`${sale.amount}.00`, { validFrom: minute(sale.from) })])],
          stock,
        })
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
          case 'sale':
          case 'stock':
          case 'touch': {
            const { goods } = model.shop
            goods.changedAt = minutes
            if (each.do === 'price') goods.price = each.amount
            if (each.do === 'sale') goods.sale = each.ahead < 0 ? undefined : { amount: each.amount, from: minutes + each.ahead }
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
            return model.tell(minutes)
          case 'push-list': {
            const addedAt = model.shop.added.get(each.list)
            if (addedAt === undefined) model.read.added.delete(each.list)
            else model.read.added.set(each.list, addedAt)
            await millrace.push({ source: 'shop', entity: 'shopping-list', id: each.list })
            return model.tell(minutes)
          }
          case 'sync':
            readAll()
            model.moveTo(minutes)
            await millrace.sync()
            return model.tell(minutes)
          case 'backfill':
            readAll()
            await millrace.backfill()
            return model.tell(minutes)
          case 'restart':
            millrace = world.open()
        }
      }
      for (const each of steps) await run(each)
      expect(world.told()).toEqual([...model.told].toSorted())
    }),
    { numRuns: 300 },
  )
})
