import { currencyDigits, toMinorUnits } from '@millrace/core'

/** An amount in the smallest unit of its currency, as the REST API wants it: cents, or yen. Rounded half away from zero, never cut off. */
export const minorUnits = (amount: string, currency: string): number => Number(toMinorUnits({ amount, currency }, currencyDigits(currency)))
