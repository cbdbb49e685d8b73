import type {
  Delivery,
  Order as PlatformOrder,
  Payment as PlatformPayment,
  ReturnItem as PlatformReturnItem,
} from '@commercetools/platform-sdk'
import type { Named, Order, ReturnItem } from '@millrace/core'
import { toCustomLine, toLine } from './line.ts'
import type { Names } from './names.ts'
import { paidAt, refundedSum, toPayment } from './payment.ts'
import type { Settings } from './settings.ts'
import { orZero, shippingInfos, totalsOf } from './totals.ts'
import { fillUrl } from './url.ts'
import { consents } from './consent.ts'
import { address, customFields, instant, requiredInstant, text } from './values.ts'

const origins = new Map<string | undefined, Order['origin']>([
  ['Customer', 'customer'],
  ['Merchant', 'merchant'],
  ['Quote', 'quote'],
  ['RecurringOrder', 'recurring'],
])

const orderStates = new Map<string | undefined, Order['orderState']>([
  ['Open', 'open'],
  ['Confirmed', 'confirmed'],
  ['Complete', 'complete'],
  ['Cancelled', 'cancelled'],
])

const paymentStates = new Map<string | undefined, Order['paymentState']>([
  ['BalanceDue', 'balance-due'],
  ['Failed', 'failed'],
  ['Pending', 'pending'],
  ['CreditOwed', 'credit-owed'],
  ['Paid', 'paid'],
])

const shipmentStates = new Map<string | undefined, Order['shipmentState']>([
  ['Pending', 'pending'],
  ['Ready', 'ready'],
  ['Partial', 'partial'],
  ['Shipped', 'shipped'],
  ['Delivered', 'delivered'],
  ['Delayed', 'delayed'],
  ['Backorder', 'backorder'],
  ['Canceled', 'cancelled'],
])

const returnShipments = new Map<string, ReturnItem['shipmentState']>([
  ['Advised', 'advised'],
  ['Returned', 'returned'],
  ['BackInStock', 'back-in-stock'],
  ['Unusable', 'unusable'],
])

const returnPayments = new Map<string, ReturnItem['paymentState']>([
  ['NonRefundable', 'non-refundable'],
  ['Initial', 'initial'],
  ['Refunded', 'refunded'],
  ['NotRefunded', 'not-refunded'],
])

/** An unknown state of a return counts as its first one, which claims least. */
const toReturnItem = (row: PlatformReturnItem, returnedAt: string | undefined): ReturnItem => ({
  id: row.id,
  lineId: row.type === 'CustomLineItemReturnItem' ? text(row.customLineItemId) : text(row.lineItemId),
  quantity: row.quantity,
  shipmentState: returnShipments.get(row.shipmentState) ?? 'advised',
  paymentState: returnPayments.get(row.paymentState) ?? 'initial',
  at: instant(returnedAt) ?? instant(row.createdAt),
})

const yearMs = 366 * 86_400_000

const unique = (values: readonly (string | undefined)[]): string[] => [...new Set(values.filter((value) => value !== undefined))]

const trackingNumbers = (deliveries: readonly Delivery[]): string[] =>
  unique(deliveries.flatMap((delivery) => (delivery.parcels ?? []).map((parcel) => text(parcel.trackingData?.trackingId))))

const namedState = (row: PlatformOrder, names: Names): Named | undefined =>
  row.state ? (names.state(row.state.id) ?? { id: row.state.id }) : undefined

const couponCodes = (row: PlatformOrder, names: Names): string[] =>
  unique(
    (row.discountCodes ?? []).filter(({ state }) => state === 'MatchesCart').map(({ discountCode }) => names.discountCode(discountCode.id)),
  )

/** `completedAt`, which only imported orders have, unless it lies far behind the last change, where it cannot be true; else the creation. */
const placedAtOf = (row: PlatformOrder): string => {
  const completedAt = instant(row.completedAt)
  const modifiedAt = instant(row.lastModifiedAt)
  const isPossible = completedAt !== undefined && modifiedAt !== undefined && Date.parse(completedAt) - Date.parse(modifiedAt) < yearMs
  return isPossible ? completedAt : requiredInstant(row.createdAt)
}

/** What a guest allowed at the checkout; an account says it itself. */
const guestConsents = (row: PlatformOrder, at: string, mapping: Settings['consent']): Pick<Order, 'consents'> => {
  const said = text(row.customerId) === undefined ? consents(customFields(row.custom), mapping, { order: row.id, at }) : []
  return said.length === 0 ? {} : { consents: said }
}

/** An order joined with its payments, as the canonical record. */
export const toOrder = (
  row: PlatformOrder,
  payments: readonly PlatformPayment[],
  names: Names,
  settings: Pick<Settings, 'orderUrl' | 'costField' | 'consent'>,
): Order => {
  const lines = [
    ...(row.lineItems ?? []).map((line) => toLine(line, names, settings.costField)),
    ...(row.customLineItems ?? []).map(toCustomLine),
  ]
  const totals = totalsOf(row, lines)
  const placedAt = placedAtOf(row)
  const infos = shippingInfos(row)
  const mapped = payments.map(toPayment)
  const paymentState = paymentStates.get(row.paymentState) ?? 'unknown'
  const channelId = (row.lineItems ?? []).find((line) => line.distributionChannel)?.distributionChannel?.id
  return {
    entity: 'order',
    id: row.id,
    number: text(row.orderNumber),
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    placedAt,
    paidAt: paidAt({ gross: totals.gross, placedAt, saysPaid: paymentState === 'paid', payments }),
    origin: origins.get(row.origin) ?? 'unknown',
    customerId: text(row.customerId),
    email: text(row.customerEmail),
    anonymousId: text(row.anonymousId),
    cartId: text(row.cart?.id),
    companyId: text(row.businessUnit?.key),
    customerGroup: row.customerGroup ? (names.group(row.customerGroup.id) ?? { id: row.customerGroup.id }) : undefined,
    store: text(row.store?.key),
    channel: channelId === undefined ? undefined : (names.channel(channelId) ?? channelId),
    locale: text(row.locale),
    country: text(row.country),
    orderState: orderStates.get(row.orderState) ?? 'unknown',
    paymentState,
    shipmentState: shipmentStates.get(row.shipmentState) ?? 'unknown',
    workflowState: namedState(row, names),
    ...totals,
    refunded: orZero(refundedSum(mapped, totals.gross.currency), totals.gross.currency),
    couponCodes: couponCodes(row, names),
    paymentMethods: unique(mapped.map(({ method }) => method)),
    payments: mapped,
    lines,
    returns: (row.returnInfo ?? []).flatMap((info) => (info.items ?? []).map((item) => toReturnItem(item, info.returnDate))),
    billingAddress: address(row.billingAddress),
    shippingAddress: address(row.shippingAddress ?? row.shipping?.[0]?.shippingAddress),
    shippingMethods: unique(infos.map((info) => text(info.shippingMethodName))),
    trackingNumbers: trackingNumbers(infos.flatMap((info) => info.deliveries ?? [])),
    url: fillUrl(settings.orderUrl, { id: row.id, key: text(row.orderNumber), store: text(row.store?.key), locale: text(row.locale) }),
    ...guestConsents(row, placedAt, settings.consent),
    custom: customFields(row.custom),
  }
}
