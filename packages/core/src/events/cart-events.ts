import type { Cart } from '../model/cart.ts'
import type { CommerceEvent } from '../model/event.ts'
import { buyerOf, cartData } from './event-data.ts'

/** Somebody who says where the goods shall go is at the checkout. Accounts have an e-mail from the start, so that says nothing. */
const isAtCheckout = ({ state, shippingAddress }: Cart): boolean =>
  state !== 'merged' && (shippingAddress?.streetName ?? shippingAddress?.postalCode ?? shippingAddress?.city) !== undefined

/** What the cart holds, as far as a customer sees it. */
const content = ({ lines, gross }: Cart): string =>
  JSON.stringify([gross, lines.map(({ sku, productId, quantity }) => [sku, productId, quantity])])

/** The facts that a cart shows as it is now: that its checkout was started. */
export const cartEvents = (cart: Cart): CommerceEvent[] => {
  if (!isAtCheckout(cart) || cart.lines.length === 0) return []
  const id = `checkout.started:${cart.id}`
  return [{ id, type: 'checkout.started', occurredAt: cart.modifiedAt, subject: buyerOf(cart), data: cartData(cart) }]
}

/** That an active cart holds something else than before, once per change that was seen. */
export const cartChange = (before: Cart | undefined, cart: Cart): CommerceEvent[] => {
  const was = before === undefined ? [] : before.lines
  if (cart.state !== 'active' || (was.length === 0 && cart.lines.length === 0)) return []
  if (before !== undefined && content(before) === content(cart)) return []
  const id = `cart.updated:${cart.id}:${Date.parse(cart.modifiedAt)}`
  return [{ id, type: 'cart.updated', occurredAt: cart.modifiedAt, subject: buyerOf(cart), data: cartData(cart) }]
}

/** Whether a cart counts as left once nobody touches it for a while: it can still be bought, and we may learn who the customer is. */
export const canBeLeft = (cart: Cart): boolean =>
  cart.state === 'active' && cart.lines.length > 0 && (cart.customerId !== undefined || cart.email !== undefined)
