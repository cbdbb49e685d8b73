import type { Cart } from '../model/cart.ts'
import type { CommerceEvent, EventType } from '../model/event.ts'
import type { OrderFact, Problem } from '../spec/store.ts'
import { eventTraits } from './event-traits.ts'

const hourMs = 60 * 60_000

/** What is known of the person when an event is about to be sent: all orders of theirs, in every store that the connection's identity rules join. */
export interface Standing {
  orders: readonly OrderFact[]
  /** The cart of the event as it is stored now. */
  cart: Cart | undefined
}

/** Why an event is pointless by now, however it was meant when it happened. */
export const suppression = (event: CommerceEvent, { orders, cart }: Standing): Problem | undefined => {
  const { quietHours } = eventTraits[event.type]
  const since = Date.parse(event.data.since ?? event.occurredAt)
  if (quietHours !== undefined && orders.some((order) => !order.cancelled && Date.parse(order.placedAt) >= since - quietHours * hourMs)) {
    return { code: 'suppressed_by_purchase', message: `The person bought something since, or within ${quietHours} hours before.` }
  }
  if (event.type !== 'cart.abandoned' || cart === undefined) return undefined
  const untouched = cart.state === 'active' && Date.parse(cart.modifiedAt) === since
  return untouched
    ? undefined
    : { code: 'suppressed_by_cart', message: 'The cart was touched again before anybody was told that it was left.' }
}

const earlier = (a: OrderFact, b: OrderFact): number =>
  a.paidAt === b.paidAt ? (a.orderId < b.orderId ? -1 : 1) : (a.paidAt ?? '') < (b.paidAt ?? '') ? -1 : 1

/** The type that an event is sent as: a paid order is the person's first purchase or a repeated one. */
export const typeWhenSent = (source: string, event: CommerceEvent, orders: readonly OrderFact[]): EventType => {
  if (event.type !== 'purchase.first') return event.type
  const [first] = orders.filter(({ paidAt }) => paidAt !== null).toSorted(earlier)
  return first === undefined || (first.source === source && first.orderId === event.data.orderId) ? 'purchase.first' : 'purchase.repeat'
}
