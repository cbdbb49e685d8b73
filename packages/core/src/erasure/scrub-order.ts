import type { Address } from '../model/common.ts'
import { orderSchema, type Order } from '../model/order.ts'

/** The country alone tells nobody who it was, and taxes need it. */
const countryOf = (address: Address | undefined): Address | undefined =>
  address?.country === undefined ? undefined : { country: address.country }

/**
 * An order without its buyer: amounts, goods, states, times, store and country stay, since they are the books. Whatever a person wrote or is known by goes: e-mail,
 * account, addresses, custom fields, tracking numbers, links.
 */
export const scrubOrder = (order: Order): Order =>
  // Through its schema, so that equal content is equal text.
  orderSchema.parse({
    entity: 'order',
    id: order.id,
    number: order.number,
    createdAt: order.createdAt,
    modifiedAt: order.modifiedAt,
    placedAt: order.placedAt,
    paidAt: order.paidAt,
    origin: order.origin,
    store: order.store,
    channel: order.channel,
    locale: order.locale,
    country: order.country ?? order.shippingAddress?.country ?? order.billingAddress?.country,
    orderState: order.orderState,
    paymentState: order.paymentState,
    shipmentState: order.shipmentState,
    workflowState: order.workflowState,
    gross: order.gross,
    net: order.net,
    tax: order.tax,
    shipping: order.shipping,
    discount: order.discount,
    refunded: order.refunded,
    couponCodes: [],
    paymentMethods: order.paymentMethods,
    payments: order.payments.map(({ id, method, provider, planned, transactions }) => ({ id, method, provider, planned, transactions })),
    lines: order.lines.map((line) => ({ ...line, custom: {} })),
    returns: order.returns,
    billingAddress: countryOf(order.billingAddress),
    shippingAddress: countryOf(order.shippingAddress),
    shippingMethods: order.shippingMethods,
    trackingNumbers: [],
    custom: {},
  })
