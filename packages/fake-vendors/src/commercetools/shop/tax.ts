import { type CentMoney, money, roundHalfEven } from './money.ts'

/** A tax rate as it stands on a line. `amount` 0.19 is 19 %. */
export interface TaxRate {
  id: string
  name: string
  amount: number
  includedInPrice: boolean
  country: string
  subRates: []
}

/** What was paid with and without tax. Net plus tax is gross. */
export interface TaxedPrice {
  totalNet: CentMoney
  totalGross: CentMoney
  totalTax: CentMoney
  taxPortions: { rate: number; name: string; amount: CentMoney }[]
}

/** Splits an amount, net or gross as the rate says, into net, gross and tax. */
export function taxed(amount: CentMoney, rate: TaxRate): TaxedPrice {
  const { currencyCode, centAmount } = amount
  const net = rate.includedInPrice ? roundHalfEven(centAmount / (1 + rate.amount)) : centAmount
  const gross = rate.includedInPrice ? centAmount : centAmount + roundHalfEven(centAmount * rate.amount)
  return priceOf(currencyCode, net, gross, [{ rate: rate.amount, name: rate.name, amount: money(currencyCode, gross - net) }])
}

/** Adds taxed prices of one currency; portions of the same rate become one. */
export function addTaxed(currencyCode: string, parts: readonly TaxedPrice[]): TaxedPrice {
  const portions = new Map<string, { rate: number; name: string; amount: CentMoney }>()
  for (const portion of parts.flatMap((part) => part.taxPortions)) {
    const key = `${portion.name} ${portion.rate}`
    const sum = (portions.get(key)?.amount.centAmount ?? 0) + portion.amount.centAmount
    portions.set(key, { ...portion, amount: money(currencyCode, sum) })
  }
  const sumOf = (read: (part: TaxedPrice) => CentMoney): number => parts.reduce((sum, part) => sum + read(part).centAmount, 0)
  return priceOf(
    currencyCode,
    sumOf((part) => part.totalNet),
    sumOf((part) => part.totalGross),
    [...portions.values()],
  )
}

/** The same with the opposite sign: what a discount takes away. */
export function negated(price: TaxedPrice): TaxedPrice {
  const flip = ({ currencyCode, centAmount }: CentMoney): CentMoney => money(currencyCode, centAmount === 0 ? 0 : -centAmount)
  const taxPortions = price.taxPortions.map((portion) => ({ ...portion, amount: flip(portion.amount) }))
  return { totalNet: flip(price.totalNet), totalGross: flip(price.totalGross), totalTax: flip(price.totalTax), taxPortions }
}

function priceOf(currencyCode: string, net: number, gross: number, taxPortions: TaxedPrice['taxPortions']): TaxedPrice {
  return {
    totalNet: money(currencyCode, net),
    totalGross: money(currencyCode, gross),
    totalTax: money(currencyCode, gross - net),
    taxPortions,
  }
}
