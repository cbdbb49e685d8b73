import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import type { FakeHubSpot } from '@millrace/fake-vendors/hubspot'

/** Sums in exact minor units by `<currency> <day>`, and by currency. Shares no code with the product. */
export type Ledger = Map<string, bigint>

interface RawMoney {
  type?: string
  centAmount: number
  currencyCode: string
  fractionDigits: number
}

const add = (ledger: Ledger, key: string, units: bigint): void => {
  ledger.set(key, (ledger.get(key) ?? 0n) + units)
}

/** What the shop took, by currency and day of the order in UTC: gross without successful refunds and chargebacks, never below nothing; or all of it. */
export const shopLedger = (
  shop: FakeCommercetools,
  counts: (order: { id: string }) => boolean = () => true,
  keeps: 'due' | 'gross' = 'due',
): Ledger => {
  const ledger: Ledger = new Map()
  for (const order of shop.project.all('order')) {
    if (!counts(order)) continue
    const gross = ((order['taxedPrice'] as { totalGross?: RawMoney } | undefined)?.totalGross ?? order['totalPrice']) as RawMoney
    let due = BigInt(gross.centAmount)
    const payments = (order['paymentInfo'] as { payments: { id: string }[] } | undefined)?.payments ?? []
    for (const { id } of payments) {
      const payment = shop.project.get('payment', id)
      for (const transaction of (payment?.['transactions'] ?? []) as { type: string; state: string; amount: RawMoney }[]) {
        const isReturned = (transaction.type === 'Refund' || transaction.type === 'Chargeback') && transaction.state === 'Success'
        if (keeps === 'due' && isReturned && transaction.amount.currencyCode === gross.currencyCode)
          due -= BigInt(transaction.amount.centAmount)
      }
    }
    const placedAt = (order['completedAt'] ?? order['createdAt']) as string
    const day = placedAt.slice(0, 10)
    add(ledger, `${gross.currencyCode} ${day}`, due < 0n ? 0n : due)
  }
  return ledger
}

/** Digits that the shop's amounts have. The generator's own made-up currency has five. */
const digitsOf: Record<string, number> = { EUR: 2, USD: 2, JPY: 0, KWD: 3, XTS: 5 }
export const digitsIn = (currency: string): number => digitsOf[currency] ?? 2

const minorUnits = (amount: string, currency: string): bigint => {
  const digits = digitsIn(currency)
  const [whole = '0', fraction = ''] = amount.split('.')
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits)))
    throw new Error(`${amount} ${currency} has more digits than the currency`)
  return BigInt(whole + fraction.padEnd(digits, '0').slice(0, digits))
}

/** What the portal's deals say, by currency and day. */
export const portalLedger = (portal: FakeHubSpot): Ledger => {
  const ledger: Ledger = new Map()
  for (const deal of portal.portal.all('deals')) {
    const { amount = '0', deal_currency_code: currency = '?', shop_placed_at: placedAt = '' } = deal.properties
    const at = /^\d+$/.test(placedAt) ? new Date(Number(placedAt)).toISOString() : placedAt
    add(ledger, `${currency} ${at.slice(0, 10)}`, minorUnits(amount, currency))
  }
  return ledger
}

/** A number as the amount that it stands for: what is sent as 16 digits is read by a vendor into a number of 53 bits. */
const amountText = (amount: unknown, currency: string): string => {
  if (typeof amount !== 'number') return String(amount)
  const text = amount.toFixed(digitsIn(currency))
  if (Number(text) !== amount) throw new Error(`${amount} ${currency} has more digits than the currency`)
  return text
}

/** What a destination keeps, by currency. An amount may be a decimal string or a number. */
export const keptTotals = (orders: readonly { currency: string; amount: unknown }[]): Record<string, bigint> => {
  const totals: Record<string, bigint> = {}
  for (const { currency, amount } of orders)
    totals[currency] = (totals[currency] ?? 0n) + minorUnits(amountText(amount, currency), currency)
  return totals
}

/** The days added up by currency. */
export const byCurrency = (ledger: Ledger): Record<string, bigint> => {
  const totals: Record<string, bigint> = {}
  for (const [key, units] of ledger) {
    const currency = key.slice(0, 3)
    totals[currency] = (totals[currency] ?? 0n) + units
  }
  return totals
}
