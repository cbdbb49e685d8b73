import { eventDataSchema, type CommerceEvent, type EventData, type EventLine } from '../model/event.ts'
import type { Cart } from '../model/cart.ts'
import type { Line, Order } from '../model/order.ts'
import { lineViews } from '../views/line-view.ts'
import { pickText } from '../views/text.ts'

/** An event's data holds goods, not the whole of a huge order: no vendor takes more. */
const maxLines = 100

const eventLine = (line: Line, locales: readonly string[]): EventLine => ({
  sku: line.sku,
  productKey: line.productKey ?? line.productId,
  name: pickText(line.name, locales) ?? line.sku,
  categoryPath: line.categoryPath.flatMap((name) => pickText(name, locales) ?? []),
  quantity: line.quantity,
  price: line.unitPrice,
  value: line.total,
  image: line.imageUrl,
})

/** In which languages goods are named. */
export const localesOf = (locale: string | undefined): string[] => (locale === undefined ? ['en'] : [locale, 'en'])

/** The goods among some lines of an order or cart, as an event tells them. */
export const eventLines = (lines: readonly Line[], locale: string | undefined): EventLine[] =>
  lineViews(lines, { key: '', locale, source: '' })
    .lines.filter(({ kind }) => kind !== 'custom')
    .slice(0, maxLines)
    .map((line) => eventLine(line, localesOf(locale)))

/** What the events of an order have in common. */
export const orderData = (order: Order, more: Partial<EventData> = {}): EventData => {
  const lines = eventLines(order.lines, order.locale)
  return {
    ...eventDataSchema.parse({}),
    store: order.store,
    channel: order.channel,
    locale: order.locale,
    country: order.country ?? order.shippingAddress?.country ?? order.billingAddress?.country,
    currency: order.gross.currency,
    value: order.gross,
    quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
    orderId: order.id,
    orderNumber: order.number,
    url: order.url,
    lines,
    custom: order.custom,
    ...more,
  }
}

/** What the events of a cart have in common. */
export const cartData = (cart: Cart, more: Partial<EventData> = {}): EventData => {
  const lines = eventLines(cart.lines, cart.locale)
  return {
    ...eventDataSchema.parse({}),
    store: cart.store,
    locale: cart.locale,
    country: cart.country ?? cart.shippingAddress?.country,
    currency: cart.gross.currency,
    value: cart.gross,
    quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
    cartId: cart.id,
    url: cart.recoveryUrl,
    since: cart.modifiedAt,
    lines,
    custom: cart.custom,
    ...more,
  }
}

/** Whom an order or cart is about. */
export const buyerOf = ({ customerId, email, anonymousId }: Order | Cart): CommerceEvent['subject'] => ({
  ...(customerId === undefined ? {} : { customerId }),
  ...(email === undefined ? {} : { email }),
  ...(anonymousId === undefined ? {} : { anonymousId }),
})
