/** Digits behind the point, by currency: what minor units are. */
export const DIGITS: Readonly<Record<string, number>> = { EUR: 2, USD: 2, JPY: 0, KWD: 3, CHF: 2 }

/** Money in minor units as commercetools writes it. */
export interface CentMoney {
  type: 'centPrecision'
  currencyCode: string
  centAmount: number
  fractionDigits: number
}

/** Money with more digits than its currency has; `centAmount` is the rounded value. */
export interface PreciseMoney {
  type: 'highPrecision'
  currencyCode: string
  centAmount: number
  preciseAmount: number
  fractionDigits: number
}

/** An amount of minor units. */
export function money(currencyCode: string, centAmount: number): CentMoney {
  return { type: 'centPrecision', currencyCode, centAmount, fractionDigits: DIGITS[currencyCode] ?? 2 }
}

/** `preciseAmount` in 10^-fractionDigits of the currency. */
export function preciseMoney(currencyCode: string, preciseAmount: number, fractionDigits: number): PreciseMoney {
  const centAmount = roundHalfEven(preciseAmount / 10 ** (fractionDigits - (DIGITS[currencyCode] ?? 2)))
  return { type: 'highPrecision', currencyCode, centAmount, preciseAmount, fractionDigits }
}

/** Rounds to an integer, halves to the even neighbour: the vendor's default. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** How many euros one unit of a currency is worth, for prices that look alike in every store. */
const PER_EURO: Readonly<Record<string, number>> = { EUR: 1, USD: 1.1, JPY: 160, KWD: 0.33 }

/** Minor units of a currency for an amount of euro cents. */
export function fromEuroCents(euroCents: number, currencyCode: string): number {
  return Math.max(1, Math.round((euroCents / 100) * (PER_EURO[currencyCode] ?? 1) * 10 ** (DIGITS[currencyCode] ?? 2)))
}
