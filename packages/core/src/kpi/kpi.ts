import type { KpiOptions, KpiReport } from '../api/kpi-report.ts'
import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import { isCalendarDate } from '../mapping/calendar.ts'
import { isTimeZone, zonedDate } from '../mapping/zoned-date.ts'
import type { Cart } from '../model/cart.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'
import type { CommerceRecord, Entity } from '../model/record.ts'
import { categorySales } from './category-sales.ts'
import { leftCarts } from './left-carts.ts'
import { qualityOf } from './quality.ts'
import { mean, median, shareOf } from './share.ts'
import { shopPeople, type ShopPeople } from './shop-people.ts'

const dayMs = 86_400_000
const pageSize = 1_000

const invalid = (message: string): MillraceError => new MillraceError({ code: 'option_invalid', message, scope: 'destination' })

const isCustomer = (record: CommerceRecord): record is Customer => record.entity === 'customer'
const isOrder = (record: CommerceRecord): record is Order => record.entity === 'order'
const isCart = (record: CommerceRecord): record is Cart => record.entity === 'cart'

async function* recordsOf(engine: Engine, entity: Entity, signal: AbortSignal): AsyncGenerator<{ source: string; record: CommerceRecord }> {
  for (const source of engine.sources.keys()) {
    for (let afterRid = 0; ;) {
      signal.throwIfAborted()
      const page = await engine.store.scan({ source, entity, afterRid, limit: pageSize, bodies: true })
      for (const { body, deletedAt } of page) {
        // The body was checked against the schema when it was stored.
        if (body !== null && deletedAt === null) yield { source, record: JSON.parse(body) as CommerceRecord }
      }
      const last = page.at(-1)
      if (last === undefined) break
      afterRid = last.rid
    }
  }
}

/**
 * Figures of the shop from the records that the store holds. Reads only; asks nobody. Memory: a few numbers per person, order and cart.
 *
 * @throws MillraceError `option_invalid`.
 */
export const kpi = async (engine: Engine, options: KpiOptions, signal: AbortSignal): Promise<KpiReport> => {
  const now = engine.clock.now()
  const { timeZone = 'UTC' } = options
  if (!isTimeZone(timeZone)) throw invalid(`timeZone: "${timeZone}" is no time zone; write it like "Europe/Berlin".`)
  const dayOf = zonedDate(timeZone)
  const { from = dayOf(now - 90 * dayMs), to = dayOf(now) } = options
  for (const [name, day] of Object.entries({ from, to }))
    if (!isCalendarDate(day)) throw invalid(`${name}: "${day}" is no day; write it like 2026-03-01.`)
  if (to < from) throw invalid(`to: ${to} is before ${from}; swap them.`)
  const isIn = (at: number): boolean => dayOf(at) >= from && dayOf(at) <= to

  const people = shopPeople()
  const quality = qualityOf()
  for await (const { source, record } of recordsOf(engine, 'customer', signal)) {
    if (!isCustomer(record)) continue
    people.add(source, record)
    quality.addPerson(record)
  }
  const sales = categorySales()
  const orders = new Map<string, number[]>()
  for await (const { source, record } of recordsOf(engine, 'order', signal)) {
    if (!isOrder(record) || record.orderState === 'cancelled') continue
    const at = Date.parse(record.placedAt)
    const person = people.of(source, record)
    if (person !== undefined) orders.set(person, [...(orders.get(person) ?? []), at])
    if (isIn(at)) {
      sales.add(record)
      quality.addOrder(record)
    }
  }
  for (const times of orders.values()) times.sort((a, b) => a - b)
  const carts = leftCarts(now)
  for await (const { source, record } of recordsOf(engine, 'cart', signal)) {
    if (!isCart(record) || !isIn(Date.parse(record.modifiedAt))) continue
    const person = people.of(source, record)
    if (person !== undefined) carts.add(record, people.group(person), orders.get(person) ?? [])
  }
  const firsts = [...orders].flatMap(([person, [first, ...more]]) => (first !== undefined && isIn(first) ? [{ person, first, more }] : []))
  return {
    from,
    to,
    timeZone,
    cartRecovery: carts.result(),
    repeatPurchase: { '30': repeat(firsts, 30, now), '60': repeat(firsts, 60, now), '90': repeat(firsts, 90, now) },
    timeToFirstPurchase: timeToFirst(firsts, people),
    returnsByCategory: sales.result(),
    dataQuality: quality.result(await settledShare(engine)),
  }
}

interface First {
  person: string
  first: number
  more: number[]
}

const repeat = (firsts: readonly First[], days: number, now: number) => {
  const old = firsts.filter(({ first }) => now - first >= days * dayMs)
  return shareOf(old.filter(({ first, more }) => more.some((at) => at - first <= days * dayMs)).length, old.length)
}

const timeToFirst = (firsts: readonly First[], people: ShopPeople): KpiReport['timeToFirstPurchase'] => {
  const days = firsts.flatMap(({ person, first }) => {
    const createdAt = people.createdAt(person)
    return createdAt === undefined || createdAt > first ? [] : [(first - createdAt) / dayMs]
  })
  return { people: days.length, medianDays: median(days), averageDays: mean(days) }
}

/** Deliveries of all connections that need no person. */
const settledShare = async (engine: Engine) => {
  const counts = await engine.store.counts()
  const sum = (states: readonly string[]): number =>
    counts.filter(({ state }) => states.includes(state)).reduce((all, { count }) => all + count, 0)
  const fine = sum(['settled', 'ready', 'sending', 'pending'])
  return shareOf(fine, fine + sum(['dead', 'parked', 'held']))
}
