import { z } from 'zod'
import { instantSchema } from '../model/common.ts'
import { addMoney, moneySchema, subtractMoney } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import type { OrderFact } from '../spec/store.ts'
import { scaleMoney } from './scale-money.ts'

const byCurrency = z.record(z.string(), moneySchema)

/**
 * What a person's orders add up to. Cancelled orders count nowhere. Money is exact and kept per currency:
 * `totals` = gross of the orders, `refundedTotals` = what was paid back of them, `keptTotals` = the difference, `averages` = total by number of orders in
 * that currency, rounded to the currency's digits (half away from zero). `lastSkus` runs from the newest order back, each SKU once, at most 10.
 * `totalsText` lists the totals: `EUR 120.00; JPY 5000`.
 */
export const personSignalsSchema = z.object({
  orderCount: z.number().int(),
  paidOrderCount: z.number().int(),
  firstOrderAt: instantSchema.optional(),
  lastOrderAt: instantSchema.optional(),
  totals: byCurrency,
  averages: byCurrency,
  refundedTotals: byCurrency,
  keptTotals: byCurrency,
  lastSkus: z.array(z.string()),
  totalsText: z.string(),
})
export type PersonSignals = z.infer<typeof personSignalsSchema>

const maxSkus = 10

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

interface Sums {
  total: Money
  refunded: Money
  orders: number
}

const sumByCurrency = (facts: readonly OrderFact[]): Map<string, Sums> => {
  const sums = new Map<string, Sums>()
  for (const { currency, gross, refunded } of facts) {
    const before = sums.get(currency)
    const total = { currency, amount: gross }
    const back = { currency, amount: refunded }
    sums.set(currency, {
      total: before === undefined ? total : addMoney(before.total, total),
      refunded: before === undefined ? back : addMoney(before.refunded, back),
      orders: (before?.orders ?? 0) + 1,
    })
  }
  return sums
}

/** Newest first, then by id. Two sources may use one id at the same time; their content decides then. */
const newestFirst = (a: OrderFact, b: OrderFact): number =>
  compare(b.placedAt, a.placedAt) ||
  compare(b.orderId, a.orderId) ||
  compare(JSON.stringify(Object.values(a)), JSON.stringify(Object.values(b)))

/** Aggregates the facts of one person's orders; the same result in whatever order they come. See {@link personSignalsSchema}. */
export const personSignals = (facts: readonly OrderFact[]): PersonSignals => {
  const counted = facts.filter((fact) => !fact.cancelled).toSorted(newestFirst)
  const sums = [...sumByCurrency(counted)].toSorted(([a], [b]) => compare(a, b))
  const pick = (from: (sum: Sums) => Money): Record<string, Money> =>
    Object.fromEntries(sums.map(([currency, sum]) => [currency, from(sum)]))
  const newest = counted.at(0)
  const oldest = counted.at(-1)
  return {
    orderCount: counted.length,
    paidOrderCount: counted.filter((fact) => fact.paidAt !== null).length,
    ...(oldest === undefined ? {} : { firstOrderAt: oldest.placedAt }),
    ...(newest === undefined ? {} : { lastOrderAt: newest.placedAt }),
    totals: pick((sum) => sum.total),
    averages: pick((sum) => scaleMoney(sum.total, 1n, BigInt(sum.orders))),
    refundedTotals: pick((sum) => sum.refunded),
    keptTotals: pick((sum) => subtractMoney(sum.total, sum.refunded)),
    lastSkus: [...new Set(counted.flatMap((fact) => fact.skus))].slice(0, maxSkus),
    totalsText: sums.map(([currency, { total }]) => `${currency} ${total.amount}`).join('; '),
  }
}
