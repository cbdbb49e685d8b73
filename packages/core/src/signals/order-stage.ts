import { compareMoney, zero } from '../model/money.ts'
import type { Order } from '../model/order.ts'

/** Where an order stands, for pipelines. Only `placed` is open and only `refunded` and `cancelled` are lost. */
export type OrderStage = 'placed' | 'paid' | 'fulfilled' | 'returned' | 'refunded' | 'cancelled'

/** Every stage, in the order of an order's life. */
export const orderStages = ['placed', 'paid', 'fulfilled', 'returned', 'refunded', 'cancelled'] as const satisfies readonly OrderStage[]

type Payment = 'paid' | 'unpaid' | 'untracked'
type Goods = 'kept' | 'returned'

/** `untracked` = the source keeps no payments for this order, so that nothing can be concluded from their absence. */
const paymentOf = (order: Order): Payment => {
  if (order.paidAt !== undefined || order.paymentState === 'paid' || order.paymentState === 'credit-owed') return 'paid'
  if (compareMoney(order.gross, zero(order.gross.currency)) <= 0) return 'paid'
  return order.paymentState === 'unknown' && order.payments.length === 0 ? 'untracked' : 'unpaid'
}

const arrived = new Set(['returned', 'back-in-stock', 'unusable'])

/** Goods are product and gift lines. A return that names no line counts towards any of them. Announced returns have not arrived and do not count. */
const goodsOf = (order: Order): Goods => {
  const open = new Map<string, number>()
  for (const line of order.lines) if (line.kind !== 'custom' && line.quantity > 0) open.set(line.id, line.quantity)
  if (open.size === 0) return 'kept'
  let unattributed = 0
  for (const item of order.returns) {
    if (!arrived.has(item.shipmentState)) continue
    const left = item.lineId === undefined ? undefined : open.get(item.lineId)
    if (item.lineId === undefined) unattributed += item.quantity
    else if (left !== undefined) open.set(item.lineId, Math.max(0, left - item.quantity))
  }
  const outstanding = [...open.values()].reduce((sum, quantity) => sum + quantity, 0)
  return outstanding <= unattributed ? 'returned' : 'kept'
}

const fullyRefunded = (order: Order): boolean =>
  order.refunded.currency === order.gross.currency &&
  compareMoney(order.refunded, zero(order.gross.currency)) > 0 &&
  compareMoney(order.refunded, order.gross) >= 0

/** `complete` speaks for the goods only where the shop does not track shipments. */
const shipped = (order: Order): boolean =>
  order.shipmentState === 'shipped' ||
  order.shipmentState === 'delivered' ||
  (order.orderState === 'complete' && order.shipmentState === 'unknown')

/**
 * The stage of an order, first rule that holds:
 * 1. everything was refunded -> `refunded` (a partial refund changes no stage);
 * 2. the order was cancelled -> `cancelled`;
 * 3. all goods came back -> `returned`, or `cancelled` when they had not been paid (nothing was sold);
 * 4. not paid although the source tracks payments -> `placed`, whatever was shipped: a won stage stands for money that came;
 * 5. shipped, delivered or complete -> `fulfilled`;
 * 6. paid, or nothing to pay -> `paid`; else `placed`.
 */
export const orderStage = (order: Order): OrderStage => {
  if (fullyRefunded(order)) return 'refunded'
  if (order.orderState === 'cancelled') return 'cancelled'
  const payment = paymentOf(order)
  if (goodsOf(order) === 'returned') return payment === 'unpaid' ? 'cancelled' : 'returned'
  if (payment === 'unpaid') return 'placed'
  if (shipped(order)) return 'fulfilled'
  return payment === 'paid' ? 'paid' : 'placed'
}
