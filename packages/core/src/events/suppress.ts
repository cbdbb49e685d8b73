import type { Cart } from '../model/cart.ts'
import type { Product } from '../model/catalog.ts'
import type { CommerceEvent, EventType } from '../model/event.ts'
import { compareMoney, type Money } from '../model/money.ts'
import type { OrderFact, Problem } from '../spec/store.ts'
import { eventTraits } from './event-traits.ts'
import { amountOf, isValid } from './offer.ts'

const hourMs = 60 * 60_000

/** What is known of the person when an event is about to be sent: all orders of theirs, in every store that the connection's identity rules join. */
export interface Standing {
  orders: readonly OrderFact[]
  /** The cart of the event as it is stored now. */
  cart: Cart | undefined
  /** The first of its goods as it is stored now. */
  product: Product | undefined
  /** Epoch ms. */
  now: number
}

/** Why an event is pointless by now, however it was meant when it happened. */
export const suppression = (event: CommerceEvent, standing: Standing): Problem | undefined => {
  const { orders, cart } = standing
  if (event.type === 'price.dropped' || event.type === 'product.back-in-stock') return pointless(event, standing)
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

/** Of goods that somebody watched: whoever bought them since has them, and an offer may be over. */
const pointless = ({ type, data }: CommerceEvent, { orders, product, now }: Standing): Problem | undefined => {
  const [line] = data.lines
  const since = Date.parse(data.since ?? '')
  if (orders.some(({ cancelled, skus, placedAt }) => !cancelled && skus.includes(line?.sku ?? '') && Date.parse(placedAt) >= since))
    return { code: 'suppressed_by_purchase', message: 'The person bought these goods after they were put on the list.' }
  const variant = product?.published === true ? product.variants.find(({ sku }) => sku === line?.sku) : undefined
  const { value } = data
  const cheapEnough = ({ currency, amount }: Money): boolean =>
    value !== undefined && currency === value.currency && compareMoney({ currency, amount }, value) <= 0
  const holds =
    type === 'price.dropped'
      ? variant?.prices.some((price) => isValid(price, now) && cheapEnough(amountOf(price)))
      : (variant?.stock ?? 0) > 0
  return holds === true ? undefined : { code: 'suppressed_by_offer', message: 'The goods are not offered like this any more.' }
}

const earlier = (a: OrderFact, b: OrderFact): number =>
  a.paidAt === b.paidAt ? (a.orderId < b.orderId ? -1 : 1) : (a.paidAt ?? '') < (b.paidAt ?? '') ? -1 : 1

/** The type that an event is sent as: a paid order is the person's first purchase or a repeated one. */
export const typeWhenSent = (source: string, event: CommerceEvent, orders: readonly OrderFact[]): EventType => {
  if (event.type !== 'purchase.first') return event.type
  const [first] = orders.filter(({ paidAt }) => paidAt !== null).toSorted(earlier)
  return first === undefined || (first.source === source && first.orderId === event.data.orderId) ? 'purchase.first' : 'purchase.repeat'
}
