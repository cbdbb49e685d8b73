import type { Line } from './lines.ts'
import { type CentMoney, money, roundHalfEven } from './money.ts'
import { addTaxed, negated, taxed, type TaxedPrice, type TaxRate } from './tax.ts'

/** The amounts of an order. */
export interface Totals {
  totalPrice: CentMoney
  taxedPrice: TaxedPrice
  taxedShippingPrice: TaxedPrice
  discountOnTotalPrice?: Record<string, unknown>
}

/** A delivery's price and how it is taxed. */
export interface ShippingPrice {
  price: CentMoney
  taxRate: TaxRate
}

/**
 * Adds an order up: lines, custom lines and shipping, less a share of that sum. `totalPrice` is net of the discount, `taxedPrice` is the sum of
 * the taxed parts less the taxed discount, so net plus tax is gross and, where prices include tax, gross is the total price.
 */
export function addUp(currency: string, lines: readonly Line[], shipping: readonly ShippingPrice[], discountShare: number): Totals {
  const shippingTaxed = addTaxed(
    currency,
    shipping.map(({ price, taxRate }) => taxed(price, taxRate)),
  )
  const parts = [
    ...lines.map((line) => ({ amount: line.totalPrice, rate: line.taxRate })),
    ...shipping.map(({ price, taxRate }) => ({ amount: price, rate: taxRate })),
  ]
  const sum = parts.reduce((total, part) => total + part.amount.centAmount, 0)
  const whole = [...lines.map((line) => line.taxedPrice), shippingTaxed]
  const discounted = discountShare === 0 ? 0 : roundHalfEven(sum * discountShare)
  if (discounted === 0)
    return { totalPrice: money(currency, sum), taxedPrice: addTaxed(currency, whole), taxedShippingPrice: shippingTaxed }
  const discount = addTaxed(currency, spread(currency, discounted, parts))
  return {
    totalPrice: money(currency, sum - discounted),
    taxedPrice: addTaxed(currency, [...whole, negated(discount)]),
    taxedShippingPrice: shippingTaxed,
    discountOnTotalPrice: {
      discountedAmount: money(currency, discounted),
      includedDiscounts: [{ discount: { typeId: 'cart-discount', id: 'cart-discount' }, discountedAmount: money(currency, discounted) }],
      discountedNetAmount: discount.totalNet,
      discountedGrossAmount: discount.totalGross,
    },
  }
}

/** Spreads an amount over the tax rates in proportion to what each of them taxes; the last one takes what rounding leaves. */
function spread(currency: string, amount: number, parts: readonly { amount: CentMoney; rate: TaxRate }[]): TaxedPrice[] {
  const byRate = new Map<string, { rate: TaxRate; sum: number }>()
  for (const { amount: part, rate } of parts) byRate.set(rate.id, { rate, sum: (byRate.get(rate.id)?.sum ?? 0) + part.centAmount })
  const groups = [...byRate.values()]
  const total = groups.reduce((sum, group) => sum + group.sum, 0)
  let left = amount
  return groups.map(({ rate, sum }, index) => {
    const piece = index === groups.length - 1 ? left : Math.floor((amount * sum) / total)
    left -= piece
    return taxed(money(currency, piece), rate)
  })
}
