import { currencyDigits, MillraceError, toMinorUnits } from '@millrace/core'

/**
 * An amount in the smallest unit of its currency, as the REST API wants it: cents, or yen. Rounded half away from zero, never cut off. Throws MillraceError
 * `value_invalid` for what is no currency.
 */
export const minorUnits = (amount: string, currency: string): number => {
  if (!/^[A-Z]{3}$/.test(currency))
    throw new MillraceError({ code: 'value_invalid', field: 'currency', message: 'currency: an ISO 4217 code such as EUR is wanted here.' })
  return Number(toMinorUnits({ amount, currency }, currencyDigits(currency)))
}
