import type { FakeCommercetools } from '../start.ts'
import { type Calendar, stamps } from './calendar.ts'
import type { Dice } from './dice.ts'
import { type CentMoney, money } from './money.ts'

/** States an order's payments may be in; undefined when the shop does not keep one. */
export type PaymentState = 'BalanceDue' | 'Failed' | 'Pending' | 'CreditOwed' | 'Paid' | undefined

type Transaction = readonly [type: string, state: string, amount: number]

/** Adds the payments of an order that agree with its payment state and returns references to them. What came later may be newer than the order. */
export function addPayments(
  { project }: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  order: { createdAt: number; gross: CentMoney; state: PaymentState; customerId: string | undefined; number: string },
): { typeId: 'payment'; id: string }[] {
  const amount = order.gross.centAmount
  if (amount <= 0 || order.state === undefined) return []
  const parts =
    order.state === 'Paid' && amount > 1 && dice.chance(0.05) ? [Math.floor(amount / 3), amount - Math.floor(amount / 3)] : [amount]
  return parts.map((planned, index) => {
    const id = dice.uuid()
    const transactions = drawTransactions(dice, order.state, planned)
    const refunded = transactions.some(([type]) => type !== 'Charge' && type !== 'Authorization')
    const lastModifiedAt = refunded ? calendar.draw(order.createdAt) : order.createdAt
    const currency = order.gross.currencyCode
    project.add('payment', {
      ...stamps(order.createdAt, lastModifiedAt),
      id,
      key: `pay-${order.number}-${index}`,
      interfaceId: `psp-${order.number}-${index}`,
      ...(order.customerId === undefined ? {} : { customer: { typeId: 'customer', id: order.customerId } }),
      amountPlanned: money(currency, planned),
      paymentMethodInfo: {
        paymentInterface: 'ADYEN',
        method: dice.pick(['CREDIT_CARD', 'PAYPAL', 'INVOICE', 'KLARNA']),
        name: { 'en-US': 'Card' },
      },
      paymentStatus: { interfaceCode: 'settled' },
      transactions: transactions.map(([type, state, centAmount], position) => ({
        id: dice.uuid(),
        timestamp: new Date(position === 0 ? order.createdAt : lastModifiedAt).toISOString(),
        type,
        state,
        amount: money(currency, centAmount),
        interactionId: `i-${order.number}-${index}-${position}`,
      })),
      interfaceInteractions: [],
    })
    return { typeId: 'payment', id }
  })
}

function drawTransactions(dice: Dice, state: PaymentState, amount: number): Transaction[] {
  const authorised: Transaction = ['Authorization', 'Success', amount]
  const charged: Transaction = ['Charge', 'Success', amount]
  const part = Math.max(1, Math.floor((amount * dice.between(5, 80)) / 100))
  if (state === 'Failed') return [['Charge', 'Failure', amount]]
  if (state === 'Pending') return [['Charge', 'Pending', amount]]
  if (state === 'BalanceDue') return dice.chance(0.5) ? [authorised] : [authorised, ['Charge', 'Success', part]]
  if (state === 'CreditOwed') return [charged, ['Refund', 'Pending', part]]
  return dice.weighted<Transaction[]>([
    [[charged], 80],
    [[authorised, charged], 8],
    [[charged, ['Refund', 'Success', part]], 5],
    [[charged, ['Refund', 'Success', amount]], 3],
    [[charged, ['Refund', 'Pending', part]], 2],
    [[charged, ['Refund', 'Failure', part], ['Refund', 'Success', part]], 1],
    [[charged, ['Chargeback', 'Success', amount]], 1],
  ])
}
