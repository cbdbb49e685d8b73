/** Digits behind the point of a currency: EUR 2, JPY 0, KWD 3; 2 where it is not known. */
export function currencyDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

/** A decimal as an integer of the currency's smallest unit, half away from zero. */
export function toMinorUnits(decimal: string, digits: number): number {
  const negative = decimal.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? decimal.slice(1) : decimal).split('.')
  const kept = fraction.padEnd(digits, '0').slice(0, digits)
  const rest = fraction[digits] ?? '0'
  const units = Number(BigInt(whole + kept) + (rest >= '5' ? 1n : 0n))
  return negative ? -units : units
}
