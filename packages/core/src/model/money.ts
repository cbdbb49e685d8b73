import { z } from 'zod'

/**
 * An exact amount. `amount` is a plain decimal string in major units (`"19.99"`, `"500"`, `"-3.050"`), with as many fraction digits as the source
 * gave: the currency's own (JPY 0, EUR 2, KWD 3) or, for high-precision prices, up to 20. `currency` is ISO 4217, upper case.
 */
export const moneySchema: z.ZodType<Money> = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR'),
  amount: z.string().regex(/^-?\d{1,40}(\.\d{1,20})?$/, 'a plain decimal string such as "19.99"'),
})

/** See {@link moneySchema}. */
export interface Money {
  currency: string
  amount: string
}

interface Scaled {
  units: bigint
  digits: number
}

const scaled = (amount: string): Scaled => {
  const [whole = '0', fraction = ''] = amount.split('.')
  return { units: BigInt(whole + fraction), digits: fraction.length }
}

const rescale = (value: Scaled, digits: number): bigint => value.units * 10n ** BigInt(digits - value.digits)

const unscaled = (units: bigint, digits: number): string => {
  const sign = units < 0n ? '-' : ''
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0')
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

const sameCurrency = (a: Money, b: Money): void => {
  if (a.currency !== b.currency) throw new TypeError(`Amounts of different currencies cannot be combined: ${a.currency} and ${b.currency}`)
}

/** Makes an amount from integer minor units: `fromMinorUnits('EUR', 1999n, 2)` is 19.99 EUR. */
export const fromMinorUnits = (currency: string, units: bigint | number | string, digits: number): Money => ({
  currency,
  amount: unscaled(BigInt(units), digits),
})

/** The amount in integer minor units of `digits` fraction digits, rounded half away from zero when the amount is more precise. */
export const toMinorUnits = (money: Money, digits: number): bigint => {
  const value = scaled(money.amount)
  if (value.digits <= digits) return rescale(value, digits)
  const divisor = 10n ** BigInt(value.digits - digits)
  const half = divisor / 2n
  return value.units < 0n ? -((-value.units + half) / divisor) : (value.units + half) / divisor
}

/** Nothing of `currency`, written with its own fraction digits. */
export const zero = (currency: string): Money => fromMinorUnits(currency, 0n, currencyDigits(currency))

/** Sum of two amounts of one currency, exact. Throws TypeError when the currencies differ. */
export const addMoney = (a: Money, b: Money): Money => {
  sameCurrency(a, b)
  const left = scaled(a.amount)
  const right = scaled(b.amount)
  const digits = Math.max(left.digits, right.digits)
  return { currency: a.currency, amount: unscaled(rescale(left, digits) + rescale(right, digits), digits) }
}

/** `a - b`, exact. Throws TypeError when the currencies differ. */
export const subtractMoney = (a: Money, b: Money): Money => addMoney(a, negateMoney(b))

/** The amount with the opposite sign. */
export const negateMoney = (money: Money): Money => {
  const value = scaled(money.amount)
  return { currency: money.currency, amount: unscaled(-value.units, value.digits) }
}

/** -1, 0 or 1 as `a` is less than, equal to or greater than `b`. Throws TypeError when the currencies differ. */
export const compareMoney = (a: Money, b: Money): -1 | 0 | 1 => {
  const { units } = scaled(subtractMoney(a, b).amount)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

/** Rounds to `digits` fraction digits (default: the currency's own), half away from zero. */
export const roundMoney = (money: Money, digits: number = currencyDigits(money.currency)): Money =>
  fromMinorUnits(money.currency, toMinorUnits(money, digits), digits)

const digitsByCurrency = new Map<string, number>()

/** The fraction digits of a currency by ISO 4217 as the platform's ICU data knows them; 2 for a code it does not know. */
export const currencyDigits = (currency: string): number => {
  const known = digitsByCurrency.get(currency)
  if (known !== undefined) return known
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  digitsByCurrency.set(currency, digits)
  return digits
}
