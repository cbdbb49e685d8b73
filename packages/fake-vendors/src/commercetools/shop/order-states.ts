import type { Dice } from './dice.ts'
import type { PaymentState } from './payments.ts'

/** The states of one order, and whether goods came back and whether it grew out of a quote. */
export interface OrderStates {
  orderState: string
  paymentState: PaymentState
  shipmentState: string | undefined
  returned: boolean
  quoted: boolean
}

const ORDER = ['Open', 'Confirmed', 'Complete', 'Cancelled'] as const
const PAYMENT = ['BalanceDue', 'Failed', 'Pending', 'CreditOwed', 'Paid', undefined] as const
const SHIPMENT = ['Shipped', 'Delivered', 'Ready', 'Pending', 'Delayed', 'Partial', 'Backorder', 'Canceled', undefined] as const

/** The first 216 orders have every combination of states once; later ones are distributed as in a real shop. */
export function drawStates(dice: Dice, index: number): OrderStates {
  const quoted = index % 50 === 49
  const combination = ORDER.length * PAYMENT.length * SHIPMENT.length
  if (index < combination) {
    const [orderState] = ORDER.slice(index % ORDER.length)
    const [paymentState] = PAYMENT.slice(Math.floor(index / ORDER.length) % PAYMENT.length)
    const [shipmentState] = SHIPMENT.slice(Math.floor(index / (ORDER.length * PAYMENT.length)))
    return { orderState: orderState ?? 'Open', paymentState, shipmentState, returned: index % 11 === 0, quoted }
  }
  const [orderState, paymentState, shipmentState] = dice.weighted<readonly [string, PaymentState, string | undefined]>([
    [['Complete', 'Paid', 'Delivered'], 45],
    [['Confirmed', 'Paid', 'Shipped'], 15],
    [['Open', 'Paid', 'Pending'], 10],
    [['Open', 'Pending', 'Pending'], 8],
    [['Open', 'BalanceDue', undefined], 6],
    [['Confirmed', undefined, 'Partial'], 4],
    [['Complete', 'CreditOwed', 'Delivered'], 3],
    [['Open', 'Failed', 'Pending'], 3],
    [['Cancelled', undefined, 'Canceled'], 4],
    [['Cancelled', 'Paid', 'Canceled'], 2],
  ])
  return { orderState, paymentState, shipmentState, returned: orderState === 'Complete' && dice.chance(0.08), quoted }
}
