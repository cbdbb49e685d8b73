import type { Coercer } from './coerce.ts'
import { fault } from './fault.ts'
import { isMoney } from './plain-value.ts'

const plainDecimal = /^-?\d{1,40}(\.\d{1,20})?$/
const plainInteger = /^-?\d{1,15}$/

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value)

/** Plain digits of a finite number, without an exponent, at most 20 after the point. */
const digitsOf = (value: number): string => {
  const short = String(value)
  if (!short.includes('e')) return Object.is(value, -0) ? '0' : short
  return Math.abs(value) >= 1
    ? String(BigInt(value))
    : value
        .toFixed(20)
        .replace(/\.?0+$/, '')
        .replace(/^-0$/, '0')
}

/** An exact decimal string such as `19.99`. Texts pass only in that form: `1,50` and `1e3` are refused, not guessed at. */
export const coerceDecimal: Coercer = (given) => {
  const value = isMoney(given) ? given.amount : trimmed(given)
  const text = typeof value === 'number' && Number.isFinite(value) ? digitsOf(value) : typeof value === 'bigint' ? String(value) : value
  return typeof text === 'string' && plainDecimal.test(text) ? text : fault('value_invalid', 'is not a number')
}

/** A whole number that a double holds exactly. */
export const coerceInteger: Coercer = (given) => {
  const value = trimmed(given)
  const number = typeof value === 'string' && plainInteger.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return fault('value_invalid', 'is not a number')
  if (!Number.isSafeInteger(number)) return fault('value_invalid', 'is not a whole number')
  return number === 0 ? 0 : number
}
