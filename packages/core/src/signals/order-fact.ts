import type { Order } from '../model/order.ts'
import type { OrderFact } from '../spec/store.ts'

/**
 * What an order says about its buyer. Refunds in another currency than the order's are not counted: amounts of different currencies never mix.
 * SKUs are distinct and in the order of the lines; `guest` = the order names no account.
 */
export const orderFact = (order: Order, source: string): OrderFact => ({
  source,
  orderId: order.id,
  number: order.number ?? null,
  placedAt: order.placedAt,
  paidAt: order.paidAt ?? null,
  currency: order.gross.currency,
  gross: order.gross.amount,
  net: order.net?.currency === order.gross.currency ? order.net.amount : null,
  refunded: order.refunded.currency === order.gross.currency ? order.refunded.amount : '0',
  cancelled: order.orderState === 'cancelled',
  guest: order.customerId === undefined,
  skus: distinctSkus(order.lines),
})

/** The SKUs of some lines, each once, in the order of the lines. */
export const distinctSkus = (lines: readonly { sku?: string | undefined }[]): string[] => [
  ...new Set(lines.flatMap((line) => (line.sku === undefined || line.sku === '' ? [] : [line.sku]))),
]
