import type { CommerceEvent, EventType } from '../model/event.ts'
import type { Order } from '../model/order.ts'
import { evidentTypes, type EventEvidence } from './event-evidence.ts'
import { buyerOf, eventLines, orderData } from './event-data.ts'

const shipped: ReadonlySet<Order['shipmentState']> = new Set(['shipped', 'delivered'])
const paidBack: ReadonlySet<string> = new Set(['refund', 'chargeback'])

/**
 * The facts that an order shows as it is now. A state that has no time of its own happened when the order was last changed, as far as anybody knows. What lies on
 * the way to a state is a fact too: a complete order was confirmed, though nobody saw it in between.
 */
export const orderEvents = (order: Order, evidence: EventEvidence = {}): CommerceEvent[] => {
  const subject = buyerOf(order)
  const fact = (type: EventType, id: string, occurredAt: string, data = orderData(order)): CommerceEvent => ({
    id,
    type,
    occurredAt,
    subject,
    data,
  })
  const ofOrder = (type: EventType, occurredAt = order.modifiedAt): CommerceEvent => fact(type, `${type}:${order.id}`, occurredAt)
  const { orderState, shipmentState, paidAt } = order
  return [
    ofOrder('order.placed', order.placedAt),
    ...(orderState === 'confirmed' || orderState === 'complete' ? [ofOrder('order.confirmed')] : []),
    ...(paidAt === undefined ? [] : [ofOrder('order.paid', paidAt), fact('purchase.first', `purchase:${order.id}`, paidAt)]),
    ...(orderState === 'complete' || shipped.has(shipmentState) ? [ofOrder('order.fulfilled')] : []),
    ...(orderState === 'cancelled' ? [ofOrder('order.cancelled')] : []),
    ...refunds(order).map(({ id, at, amount }) =>
      fact(
        'refund',
        `refund:${id}`,
        at ?? order.modifiedAt,
        orderData(order, { value: amount, currency: amount.currency, transactionId: id }),
      ),
    ),
    ...order.returns.map((item) => {
      const type = item.shipmentState === 'advised' ? 'return.in-progress' : 'return.received'
      const lines = eventLines(
        order.lines.flatMap((line) => (line.id === item.lineId ? [{ ...line, quantity: item.quantity }] : [])),
        order.locale,
      )
      const data = orderData(order, { quantity: item.quantity, lines })
      return fact(type, `${type}:${order.id}:${item.id}`, item.at ?? order.modifiedAt, data)
    }),
    ...evidentTypes(evidence, order).map((type) => ofOrder(type)),
  ]
}

const refunds = (order: Order): Order['payments'][number]['transactions'] =>
  order.payments.flatMap(({ transactions }) => transactions.filter(({ type, state }) => paidBack.has(type) && state === 'success'))
