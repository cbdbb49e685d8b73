import fc from 'fast-check'
import { customerSchema, type Customer } from '../model/customer.ts'
import type { Money } from '../model/money.ts'
import { orderSchema, type Order } from '../model/order.ts'
import { written, oracleRules, type PlainOrder, type PlainPerson } from './oracle.fixture.ts'
import type { SignalRules } from './signal-rules.ts'

export const day = 86_400_000
export const start: number = Date.parse('2026-01-01T00:00:00.000Z')

const line = fc.record({
  sku: fc.constantFrom('A', 'B', 'C'),
  category: fc.constantFrom('tea', 'cups', 'cake'),
  pieces: fc.integer({ min: 1, max: 4 }),
  revenue: fc.nat(20_000),
  cost: fc.option(fc.nat(4_000)),
})

/** Orders of the last two years, at a few times so that some coincide and some lie exactly on a boundary. */
export const plainOrder = (id: string): fc.Arbitrary<PlainOrder> =>
  fc.record({
    id: fc.constant(id),
    at: fc
      .tuple(fc.oneof(fc.integer({ min: 0, max: 730 }), fc.constantFrom(0, 29, 30, 91, 180, 365)), fc.constantFrom(0, 1, 3_600_000))
      .map(([days, ms]) => start - days * day - ms),
    currency: fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'),
    gross: fc.nat(120_000),
    net: fc.option(fc.nat(100_000)),
    refunded: fc.oneof(fc.constant(0), fc.nat(50_000)),
    paid: fc.boolean(),
    cancelled: fc.nat(5).map((n) => n === 0),
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  })

export const plainPerson: fc.Arbitrary<PlainPerson> = fc.record({
  optedIn: fc.boolean(),
  orders: fc.nat(6).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => plainOrder(`o${index}`)))),
})

const iso = (at: number): string => new Date(at).toISOString()

/** The same order as the product knows it. */
export const toOrder = (plain: PlainOrder, customerId: string): Order => {
  const money = (units: number): Money => ({ currency: plain.currency, amount: written(units, plain.currency) })
  return orderSchema.parse({
    entity: 'order',
    id: `${customerId}-${plain.id}`,
    createdAt: iso(plain.at),
    modifiedAt: iso(plain.at),
    placedAt: iso(plain.at),
    ...(plain.paid ? { paidAt: iso(plain.at) } : { paymentState: 'pending' }),
    orderState: plain.cancelled ? 'cancelled' : 'open',
    customerId,
    gross: money(plain.gross),
    ...(plain.net === null ? {} : { net: money(plain.net) }),
    refunded: money(plain.refunded),
    lines: plain.lines.map(({ sku, category, pieces, revenue, cost }, index) => ({
      id: `l${index}`,
      sku,
      quantity: pieces,
      unitPrice: money(revenue),
      total: money(revenue),
      ...(cost === null ? {} : { cost: money(cost) }),
      categoryPath: [{ en: 'all' }, { en: category }],
    })),
  })
}

/** The account of a person. */
export const toCustomer = ({ optedIn }: PlainPerson, id: string): Customer =>
  customerSchema.parse({
    entity: 'customer',
    id,
    createdAt: iso(start - 800 * day),
    modifiedAt: iso(start - 800 * day),
    email: `${id}@example.com`,
    consents: [{ channel: 'email', status: optedIn ? 'granted' : 'unknown' }],
  })

const decimals = (amounts: Readonly<Record<string, number[]>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(amounts).map(([currency, list]) => [currency, list.map((units) => String(units / 100))]))

/** The oracle's rules as a contract has them. */
export const signalRules: SignalRules = {
  churnAfterDays: oracleRules.churnAfterDays,
  repeatWithinDays: oracleRules.repeatWithinDays,
  recencyDays: oracleRules.recencyDays,
  frequencyOrders: oracleRules.frequencyOrders,
  monetaryAmounts: decimals(oracleRules.monetary),
  valueBands: decimals(oracleRules.value),
  marginBands: oracleRules.margin,
  replenishmentDays: oracleRules.replenishment,
  suppression: { recentPurchase: { path: 'placedAt', hours: oracleRules.hours } },
}
