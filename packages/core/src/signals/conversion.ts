import type { Money } from '../model/money.ts'
import { scaleMoney } from './scale-money.ts'
import type { ConversionRules } from './signal-rules.ts'

/** The rate that an order is converted by, for good: that of the day it was placed. `date` = since when the rate holds. */
export interface Rate {
  rate: string
  date: string
  source: string
}

/** The rate of a currency on the day of an instant (UTC); undefined where there is none from that day or before. The target currency itself has the rate 1. */
export const rateAt = ({ currency, source, rates }: ConversionRules, from: string, instant: string): Rate | undefined => {
  const day = instant.slice(0, 10)
  if (from === currency) return { rate: '1', date: day, source }
  const own = Object.hasOwn(rates, from) ? rates[from] : undefined
  const date = Object.keys(own ?? {})
    .filter((since) => since <= day)
    .toSorted()
    .at(-1)
  const rate = date === undefined ? undefined : own?.[date]
  return date === undefined || rate === undefined ? undefined : { rate, date, source }
}

/** An amount in the target currency, rounded once to its digits (half away from zero). */
export const convert = (money: Money, { rate }: Rate, currency: string): Money => {
  const [whole = '0', fraction = ''] = rate.split('.')
  return scaleMoney({ currency, amount: money.amount }, BigInt(whole + fraction), 10n ** BigInt(fraction.length))
}
