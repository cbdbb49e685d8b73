import type { Payment as PlatformPayment, Transaction as PlatformTransaction } from '@commercetools/platform-sdk'
import { addMoney, compareMoney, type Money, type Payment, type Transaction } from '@millrace/core'
import { optionalMoney, sumOf, toMoney } from './money.ts'
import { instant, text } from './values.ts'

const types = new Map<string, Transaction['type']>([
  ['Authorization', 'authorization'],
  ['CancelAuthorization', 'cancel'],
  ['Charge', 'charge'],
  ['Refund', 'refund'],
  ['Chargeback', 'chargeback'],
])

const states = new Map<string, Transaction['state']>([
  ['Initial', 'initial'],
  ['Pending', 'pending'],
  ['Success', 'success'],
  ['Failure', 'failure'],
])

/** A transaction of a type or state that the platform added later is left out: it must not count as money. */
const toTransaction = (row: PlatformTransaction): Transaction[] => {
  const type = types.get(row.type)
  const state = states.get(row.state)
  return type === undefined || state === undefined
    ? []
    : [{ id: row.id, type, state, amount: toMoney(row.amount), at: instant(row.timestamp) }]
}

/** A payment as part of its order. */
export const toPayment = (row: PlatformPayment): Payment => ({
  id: row.id,
  method: text(row.paymentMethodInfo?.method),
  provider: text(row.paymentMethodInfo?.paymentInterface),
  planned: optionalMoney(row.amountPlanned),
  transactions: (row.transactions ?? []).flatMap(toTransaction),
})

const moved = (payments: readonly Payment[], kinds: readonly Transaction['type'][]): Transaction[] =>
  payments.flatMap((payment) => payment.transactions.filter(({ type, state }) => state === 'success' && kinds.includes(type)))

/** Successful refunds and chargebacks in the order's currency; undefined when there is none. */
export const refundedSum = (payments: readonly Payment[], currency: string): Money | undefined =>
  sumOf(
    moved(payments, ['refund', 'chargeback']).map(({ amount }) => amount),
    currency,
  )

/** What {@link paidAt} needs of an order. Stamps are canonical. */
export interface PaidFacts {
  gross: Money
  placedAt: string
  saysPaid: boolean
  payments: readonly PlatformPayment[]
}

/**
 * When the successful charges, in order of time, first covered the gross amount; at once where nothing is owed. A charge without a time counts at its payment's creation, which never
 * moves. Where they do not cover it but the order's payment state says Paid: the last charge, else the creation of the last payment, else the
 * placing of the order. Undefined while unpaid.
 */
export const paidAt = ({ gross, placedAt, saysPaid, payments }: PaidFacts): string | undefined => {
  const charges = payments
    .flatMap((row) =>
      moved([toPayment(row)], ['charge']).map(({ amount, at }) => ({ amount, at: at ?? instant(row.createdAt) ?? placedAt })),
    )
    .filter(({ amount }) => amount.currency === gross.currency)
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  let sum: Money = { currency: gross.currency, amount: '0' }
  if (compareMoney(sum, gross) >= 0) return placedAt
  for (const { amount, at } of charges) {
    sum = addMoney(sum, amount)
    if (compareMoney(sum, gross) >= 0) return at
  }
  if (!saysPaid) return undefined
  const created = payments.flatMap((row) => instant(row.createdAt) ?? []).toSorted()
  return charges.at(-1)?.at ?? created.at(-1) ?? placedAt
}
