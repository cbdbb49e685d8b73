import type { Destination } from '@millrace/core'
import { perSecond } from './budgets.ts'
import { ordersPerCall } from './graphql.ts'

const per = (count: number, size: number): number => Math.ceil(count / size)

const callsOf: Readonly<Record<string, (units: number) => number>> = {
  // An import and its question, and reading contacts before (adoption) and after (ids), 100 per request.
  contact: (units) => 2 * per(units, 250) + 2 * per(units, 100),
  subscription: (units) => 2 * per(units, 250) + per(units, 100),
  // A request per hundred, and the addresses of their buyers.
  order: (units) => per(units, ordersPerCall) + per(units, 100),
  // Buyer and cart are looked up before each is written.
  cart: (units) => 4 * units,
  event: (units) => units,
}

/** Requests of a first delivery. Contacts that are adopted cost one more each; retries and later changes come on top. */
export const estimateRequests: NonNullable<Destination['estimate']> = (units) => ({
  calls: Object.fromEntries(Object.entries(units).map(([object, count]) => [object, callsOf[object]?.(count) ?? 0])),
  perMinute: 60 * perSecond,
  perDay: null,
})
