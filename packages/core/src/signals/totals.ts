import { addMoney, subtractMoney } from '../model/money.ts'
import type { Money } from '../model/money.ts'
import type { OrderFact } from '../spec/store.ts'
import { scaleMoney } from './scale-money.ts'

/** What the orders in one currency add up to, exact. `net` is absent where one of them does not know it. */
export interface CurrencyTotals {
  currency: string
  orders: number
  gross: Money
  refunded: Money
  /** Gross less refunds. */
  kept: Money
  net: Money | undefined
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const moneyOf = ({ currency }: OrderFact, amount: string): Money => ({ currency, amount })

const add = (before: CurrencyTotals | undefined, fact: OrderFact): CurrencyTotals => {
  const gross = moneyOf(fact, fact.gross)
  const refunded = moneyOf(fact, fact.refunded)
  const net = fact.net === null ? undefined : moneyOf(fact, fact.net)
  const kept = subtractMoney(gross, refunded)
  if (before === undefined) return { currency: fact.currency, orders: 1, gross, refunded, kept, net }
  return {
    currency: fact.currency,
    orders: before.orders + 1,
    gross: addMoney(before.gross, gross),
    refunded: addMoney(before.refunded, refunded),
    kept: addMoney(before.kept, kept),
    net: before.net === undefined || net === undefined ? undefined : addMoney(before.net, net),
  }
}

/** Totals per currency, by its code. Currencies never mix. */
export const totalsByCurrency = (facts: readonly OrderFact[]): CurrencyTotals[] => {
  const totals = new Map<string, CurrencyTotals>()
  for (const fact of facts) totals.set(fact.currency, add(totals.get(fact.currency), fact))
  return [...totals.values()].toSorted((a, b) => compare(a.currency, b.currency))
}

/** A total by the number of its orders, rounded to the currency's digits (half away from zero). */
export const averageOf = (total: Money, { orders }: CurrencyTotals): Money => scaleMoney(total, 1n, BigInt(orders))

/** The currency that somebody buys in: that of the most orders, of the newest order among equals. `newestFirst` = the orders in that order. */
export const mainCurrency = (newestFirst: readonly OrderFact[]): string | undefined => {
  const counts = new Map<string, number>()
  for (const { currency } of newestFirst) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  return [...counts].reduce<[string, number] | undefined>(
    (best, next) => (best === undefined || next[1] > best[1] ? next : best),
    undefined,
  )?.[0]
}
