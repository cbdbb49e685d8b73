import { money } from '../money.ts'
import type { HostileKind, HostileShop } from './kind.ts'

type Transaction = readonly [type: string, state: string, centAmount: number, currency?: string]

function paid(add: HostileShop, transactions: readonly Transaction[], ending = ''): Record<string, unknown> {
  const payment = add.payment(
    {
      amountPlanned: money('EUR', 2485),
      transactions: transactions.map(([type, state, centAmount, currency = 'EUR'], index) => ({
        id: `${add.id(ending)}-t${index}`,
        type,
        state,
        amount: money(currency, centAmount),
      })),
    },
    ending,
  )
  return { paymentInfo: { payments: [{ typeId: 'payment', id: payment.id }] } }
}

/** Payments that are missing, shared or do not add up. */
export const hostilePayments: readonly HostileKind[] = [
  {
    id: 'payment-missing',
    what: 'Order whose payment does not exist',
    expected: 'Deliver without payment facts and report it; expanding it must not fail the page',
    fate: 'delivered',
    seed: (add) => void add.order({ fields: { paymentInfo: { payments: [{ typeId: 'payment', id: 'payment-gone' }] } } }),
  },
  {
    id: 'refund-larger-than-charge',
    what: 'Refunds add up to more than was charged',
    expected: 'Refunded is what was refunded; the amount does not go below zero',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        fields: paid(add, [
          ['Charge', 'Success', 2485],
          ['Refund', 'Success', 2000],
          ['Refund', 'Success', 2000],
        ]),
      }),
  },
  {
    id: 'refund-pending-only',
    what: 'A refund that is pending, and one that failed',
    expected: 'Nothing is refunded yet',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        fields: paid(add, [
          ['Charge', 'Success', 2485],
          ['Refund', 'Pending', 2485],
          ['Refund', 'Failure', 2485],
          ['Refund', 'Initial', 5],
        ]),
      }),
  },
  {
    id: 'refund-without-charge',
    what: 'A refund that succeeded without any charge',
    expected: 'Shown as refunded; the order does not count as paid',
    fate: 'delivered',
    seed: (add) => void add.order({ fields: { ...paid(add, [['Refund', 'Success', 2485]]), paymentState: 'BalanceDue' } }),
  },
  {
    id: 'refund-in-other-currency',
    what: 'Refund in USD of a payment in EUR',
    expected: 'Sums never mix currencies: not subtracted, reported',
    fate: 'either',
    seed: (add) =>
      void add.order({
        fields: paid(add, [
          ['Charge', 'Success', 2485],
          ['Refund', 'Success', 2700, 'USD'],
        ]),
      }),
  },
  {
    id: 'unknown-transaction',
    what: 'Transaction type and state that do not exist today',
    expected: 'Ignored in sums, kept as text',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        fields: paid(add, [
          ['Charge', 'Success', 2485],
          ['Cashback', 'Success', 100],
          ['Refund', 'Reversed', 100],
        ]),
      }),
  },
  {
    id: 'payment-shared',
    what: 'One payment on two orders',
    expected: 'Each order is joined with it; a refund is one event, not two',
    fate: 'delivered',
    seed(add) {
      const fields = paid(add, [
        ['Charge', 'Success', 4970],
        ['Refund', 'Success', 100],
      ])
      add.order({ fields }, '1')
      add.order({ fields }, '2')
    },
  },
  {
    id: 'payment-of-nobody',
    what: 'Payment that no order has',
    expected: 'Ignored; looked for once, not in every pass',
    fate: 'delivered',
    seed: (add) => void paid(add, [['Charge', 'Success', 100]]),
  },
]
