import type { BeyondThreshold, OrderFinding, OrderSums, ReconciledGroup } from '../api/reconcile-report.ts'
import { addMoney, compareMoney, subtractMoney, toMinorUnits } from '../model/money.ts'
import type { Counted } from './source-order.ts'

type End = 'source' | 'destination'
type Amount = 'amount' | 'gross' | 'net' | 'refunds'

const amounts = ['amount', 'gross', 'net', 'refunds'] as const satisfies readonly Amount[]
/** Sums are of one currency each, so that any code does for the arithmetic: a destination may hold none. */
const money = (amount: string): { currency: string; amount: string } => ({ currency: 'XXX', amount })
/** The exact sum of two amounts of one currency, whichever it is. */
export const addAmounts = (a: string, b: string): string => addMoney(money(a), money(b)).amount

/** Adds orders up by day, currency, store and customer group, at both ends. */
export interface Sums {
  add(end: End, order: Counted): void
  groups(by: 'day' | 'utcDay'): ReconciledGroup[]
}

const nothing = (): OrderSums => ({ orders: 0, amount: '0', gross: null, net: null, refunds: null })

const plus = (sums: OrderSums, order: Pick<Counted, Amount>): OrderSums => {
  const sum = (before: string | null, amount: string | null): string | null =>
    amount === null ? before : addAmounts(before ?? '0', amount)
  return {
    orders: sums.orders + 1,
    amount: addAmounts(sums.amount, order.amount),
    gross: sum(sums.gross, order.gross),
    net: sum(sums.net, order.net),
    refunds: sum(sums.refunds, order.refunds),
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Starts empty sums. */
export const orderSums = (): Sums => {
  const byDay = { day: new Map<string, ReconciledGroup>(), utcDay: new Map<string, ReconciledGroup>() }
  return {
    add: (end, order) => {
      for (const by of ['day', 'utcDay'] as const) {
        const { currency, store, customerGroup } = order
        const key = JSON.stringify([order[by], currency, store, customerGroup])
        const group = byDay[by].get(key) ?? { day: order[by], currency, store, customerGroup, source: nothing(), destination: nothing() }
        group[end] = plus(group[end], order)
        byDay[by].set(key, group)
      }
    },
    groups: (by) =>
      [...byDay[by]]
        .toSorted(([a], [b]) => compare(a, b))
        .map(([, { source, destination, ...place }]) => ({
          ...place,
          source: withZeros(source, destination),
          destination: withZeros(destination, source),
        })),
  }
}

/** What one end keeps and the other has no order for is nothing, not unknown. */
const withZeros = (sums: OrderSums, other: OrderSums): OrderSums => {
  if (sums.orders > 0) return sums
  const zero = (value: string | null): string | null => (value === null ? null : '0')
  return { ...sums, gross: zero(other.gross), net: zero(other.net), refunds: zero(other.refunds) }
}

const percent = (part: bigint, whole: bigint): number =>
  whole === 0n ? (part === 0n ? 0 : 100) : Number((part * 1_000_000n) / whole) / 10_000

const deviation = (source: string, destination: string): number => {
  const units = (amount: string): bigint => toMinorUnits(money(amount), 20)
  const absolute = (value: bigint): bigint => (value < 0n ? -value : value)
  const difference = absolute(units(subtractMoney(money(source), money(destination)).amount))
  return compareMoney(money(source), money('0')) === 0
    ? percent(difference, absolute(units(destination)))
    : percent(difference, absolute(units(source)))
}

/** Whole days of one currency, whatever the store and customer group. */
const whole = (groups: readonly ReconciledGroup[], end: End): OrderSums =>
  groups.reduce<OrderSums>((all, group) => {
    const sums = group[end]
    return { ...plus(all, sums), orders: all.orders + sums.orders }
  }, nothing())

/** Where a day's totals deviate by more than the threshold, or more of its orders than that have a finding. */
export const beyondThreshold = (
  groups: readonly ReconciledGroup[],
  findings: readonly OrderFinding[],
  thresholdPercent: number,
): BeyondThreshold[] => {
  const keyOf = ({ day, currency }: { day: string; currency: string }): string => `${day} ${currency}`
  const days = Map.groupBy(groups, keyOf)
  const found = Map.groupBy(findings, keyOf)
  return [...new Set([...days.keys(), ...found.keys()])].toSorted(compare).flatMap((key) => {
    const [day = '', currency = ''] = key.split(' ')
    const [source, destination] = [whole(days.get(key) ?? [], 'source'), whole(days.get(key) ?? [], 'destination')]
    const orders = Math.max(source.orders, destination.orders, 1)
    const measures: Omit<BeyondThreshold, 'day' | 'currency'>[] = [
      { what: 'orders', deviationPercent: deviation(String(source.orders), String(destination.orders)) },
      ...amounts.flatMap((what) => {
        const [a, b] = [source[what], destination[what]]
        return a === null || b === null ? [] : [{ what, deviationPercent: deviation(a, b) }]
      }),
      { what: 'findings', deviationPercent: percent(BigInt(found.get(key)?.length ?? 0), BigInt(orders)) },
    ]
    return measures.filter(({ deviationPercent }) => deviationPercent > thresholdPercent).map((measure) => ({ day, currency, ...measure }))
  })
}
