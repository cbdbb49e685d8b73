import type { Destination } from '@millrace/core'
import { maxPairs } from './associate.ts'
import { maxRows } from './write-rows.ts'

/** An order has about three lines. */
const linesPerOrder = 3

/** The smallest figures of a paid tier: bursts of 190 in 10 seconds, 650,000 a day (vendor notes, "Rate limits"). */
const perMinute = 6 * 190
const perDay = 650_000

const per = (count: number, size: number): number => Math.ceil(count / size)

const callsOf: Readonly<Record<string, (units: number) => number>> = {
  company: (units) => per(units, maxRows),
  product: (units) => per(units, maxRows),
  // One read by e-mail for adoption beside each upsert.
  contact: (units) => 2 * per(units, maxRows),
  // One to ask, one to write, one read of mirrors for a hundred.
  subscription: (units) => 2 * units + per(units, maxRows),
  deal: (units) => orderCalls(units),
  order: (units) => orderCalls(units),
  cart: (units) => orderCalls(units),
}

const orderCalls = (units: number): number => {
  const lines = linesPerOrder * units
  return per(units, maxRows) + per(lines, maxRows) + per(units, maxPairs) + per(lines, maxPairs)
}

/** Requests of a first delivery: batches of a hundred, lines and links of orders, adoption reads. Refunds, retries and later changes come on top. */
export const estimateRequests: NonNullable<Destination['estimate']> = (units) => ({
  calls: Object.fromEntries(Object.entries(units).map(([object, count]) => [object, callsOf[object]?.(count) ?? 0])),
  perMinute,
  perDay,
})
