import { describe, expect, it } from 'vitest'
import { orderSchema } from '../model/order.ts'
import type { Order } from '../model/order.ts'
import { orderStage } from './order-stage.ts'
import type { OrderStage } from './order-stage.ts'

const at = '2026-03-01T12:00:00.000Z'
const eur = (amount: string): { currency: string; amount: string } => ({ currency: 'EUR', amount })

type Given = Partial<Omit<Order, 'returns' | 'gross' | 'refunded'>> & {
  gross?: string
  refunded?: string
  back?: [line: string | undefined, quantity: number, state?: string][]
}

const order = ({ gross = '100.00', refunded = '0.00', back = [], ...rest }: Given): Order =>
  orderSchema.parse({
    entity: 'order',
    id: 'o1',
    createdAt: at,
    modifiedAt: at,
    placedAt: at,
    gross: eur(gross),
    refunded: eur(refunded),
    lines: [
      { id: 'a', quantity: 2, unitPrice: eur('40.00'), total: eur('80.00') },
      { id: 'b', quantity: 1, unitPrice: eur('20.00'), total: eur('20.00') },
      { id: 'fee', kind: 'custom', quantity: 1, unitPrice: eur('0.00'), total: eur('0.00') },
    ],
    returns: back.map(([lineId, quantity, shipmentState = 'returned'], index) => ({
      id: `r${index}`,
      lineId,
      quantity,
      shipmentState,
      paymentState: 'initial',
    })),
    ...rest,
  })

const all: Given['back'] = [
  ['a', 2],
  ['b', 1],
]
const paid = { paidAt: at } as const

describe('the stage of an order', () => {
  it.each<[string, Given, OrderStage]>([
    // nothing known yet
    ['new', {}, 'placed'],
    ['new with a payment on its way', { paymentState: 'pending' }, 'placed'],
    ['confirmed but unpaid', { orderState: 'confirmed', paymentState: 'balance-due' }, 'placed'],
    ['failed payment', { paymentState: 'failed' }, 'placed'],
    // paid
    ['paid at a time', { ...paid, paymentState: 'unknown' }, 'paid'],
    ['paid by state', { paymentState: 'paid' }, 'paid'],
    ['overpaid', { paymentState: 'credit-owed' }, 'paid'],
    ['nothing to pay', { gross: '0.00' }, 'paid'],
    ['paid, ready to ship', { ...paid, shipmentState: 'ready' }, 'paid'],
    ['paid, part shipped', { ...paid, shipmentState: 'partial' }, 'paid'],
    ['paid, on backorder though complete', { ...paid, shipmentState: 'backorder', orderState: 'complete' }, 'paid'],
    ['paid, shipment cancelled', { ...paid, shipmentState: 'cancelled' }, 'paid'],
    // fulfilled
    ['paid and shipped', { ...paid, shipmentState: 'shipped' }, 'fulfilled'],
    ['paid and delivered', { ...paid, shipmentState: 'delivered' }, 'fulfilled'],
    ['paid and complete, shipments not tracked', { ...paid, orderState: 'complete' }, 'fulfilled'],
    ['free and delivered', { gross: '0.00', shipmentState: 'delivered' }, 'fulfilled'],
    ['shipped, payments not tracked', { shipmentState: 'shipped' }, 'fulfilled'],
    ['shipped on invoice, not paid yet', { shipmentState: 'shipped', paymentState: 'pending' }, 'placed'],
    ['shipped, payment recorded but short', { shipmentState: 'shipped', payments: [{ id: 'p', transactions: [] }] }, 'placed'],
    // returned
    ['all goods back', { ...paid, shipmentState: 'delivered', back: all }, 'returned'],
    [
      'all goods back in several returns',
      {
        ...paid,
        back: [
          ['a', 1],
          ['a', 1, 'back-in-stock'],
          ['b', 1, 'unusable'],
        ],
      },
      'returned',
    ],
    ['all goods back without line', { ...paid, back: [[undefined, 3]] }, 'returned'],
    ['one line back', { ...paid, shipmentState: 'shipped', back: [['a', 2]] }, 'fulfilled'],
    ['more of one line back than was ordered', { ...paid, back: [['a', 9]] }, 'paid'],
    ['a return of an unknown line', { ...paid, back: [['x', 9]] }, 'paid'],
    [
      'all announced, nothing arrived',
      {
        ...paid,
        back: [
          ['a', 2, 'advised'],
          ['b', 1, 'advised'],
        ],
      },
      'paid',
    ],
    ['all goods back, part refunded', { ...paid, refunded: '80.00', back: all }, 'returned'],
    ['all goods back before they were paid', { paymentState: 'pending', back: all }, 'cancelled'],
    ['all goods back, payments not tracked', { back: all }, 'returned'],
    // refunds
    ['part refunded', { ...paid, refunded: '99.99' }, 'paid'],
    ['part refunded after delivery', { ...paid, refunded: '0.01', shipmentState: 'delivered' }, 'fulfilled'],
    ['fully refunded', { ...paid, refunded: '100.00', shipmentState: 'delivered' }, 'refunded'],
    ['refunded beyond the gross amount', { ...paid, refunded: '101.00' }, 'refunded'],
    ['fully refunded and returned', { ...paid, refunded: '100.00', back: all }, 'refunded'],
    // cancelled
    ['cancelled', { orderState: 'cancelled' }, 'cancelled'],
    ['cancelled after payment', { ...paid, orderState: 'cancelled', shipmentState: 'delivered' }, 'cancelled'],
    ['cancelled and part refunded', { ...paid, orderState: 'cancelled', refunded: '50.00' }, 'cancelled'],
    ['cancelled after all goods came back', { ...paid, orderState: 'cancelled', back: all }, 'cancelled'],
    ['cancelled and fully refunded', { ...paid, orderState: 'cancelled', refunded: '100.00' }, 'refunded'],
  ])('%s', (_name, given, stage) => {
    expect(orderStage(order(given))).toBe(stage)
  })

  it('does not take a refund in another currency for a full one', () => {
    expect(orderStage({ ...order(paid), refunded: { currency: 'JPY', amount: '100' } })).toBe('paid')
  })

  it('is not returned when the order holds no goods', () => {
    expect(orderStage({ ...order({ ...paid, back: [[undefined, 1]] }), lines: [] })).toBe('paid')
  })
})
