import type { TypedMoney } from '@commercetools/platform-sdk'
import { addMoney, fromMinorUnits, type Money } from '@millrace/core'

/**
 * The platform's integer money as an exact decimal: `centAmount` in the currency's own `fractionDigits` (JPY 0, EUR 2, KWD 3), or `preciseAmount`
 * in up to 20. Throws when the amount is not a whole number.
 */
export const toMoney = (money: TypedMoney): Money =>
  fromMinorUnits(money.currencyCode, money.type === 'highPrecision' ? money.preciseAmount : money.centAmount, money.fractionDigits)

/** The same for an amount that may be missing. */
export const optionalMoney = (money: TypedMoney | undefined | null): Money | undefined => (money ? toMoney(money) : undefined)

/** The sum of those amounts that are in `currency`; undefined when there is none. Sums never mix currencies. */
export const sumOf = (amounts: Iterable<Money | undefined>, currency: string): Money | undefined => {
  let sum: Money | undefined
  for (const amount of amounts) {
    if (amount === undefined || amount.currency !== currency) continue
    sum = sum === undefined ? amount : addMoney(sum, amount)
  }
  return sum
}

/** `amount` times a whole number, exact. */
export const timesMoney = (money: Money, factor: number): Money => {
  const [whole = '0', fraction = ''] = money.amount.split('.')
  return fromMinorUnits(money.currency, BigInt(whole + fraction) * BigInt(factor), fraction.length)
}

/** `amount` divided by a whole number other than 0, in the fraction digits of the amount, rounded half away from zero. */
export const divideMoney = (money: Money, divisor: number): Money => {
  const [whole = '0', fraction = ''] = money.amount.split('.')
  const units = BigInt(whole + fraction)
  const by = BigInt(divisor)
  const magnitude = (abs(units) * 2n + abs(by)) / (abs(by) * 2n)
  return fromMinorUnits(money.currency, units < 0n === by < 0n ? magnitude : -magnitude, fraction.length)
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)
