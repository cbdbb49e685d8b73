import { isTimeZone } from '../mapping/zoned-date.ts'
import type { Contract } from './contract.ts'
import type { Problems } from './problems.ts'

const prefixSyntax = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const maxPrefix = 20

/** Whether a prefix can begin the names of fields. */
export const isPrefix = (prefix: string): boolean => prefixSyntax.test(prefix) && prefix.length <= maxPrefix

const isLocale = (locale: string): boolean => {
  try {
    return Intl.getCanonicalLocales(locale).length === 1
  } catch {
    return false
  }
}

const checkList = (name: string, values: readonly string[], valid: (value: string) => boolean, cure: string, problems: Problems): void => {
  values.forEach((value, index) => {
    if (!valid(value)) problems.add(`${name}.${index}`, `"${value}" ${cure}`)
    else if (values.indexOf(value) !== index) problems.add(`${name}.${index}`, `"${value}" is listed twice; take one out`)
  })
}

/** Checks what a contract says apart from its objects. */
export const checkSettings = (contract: Pick<Contract, 'prefix' | 'currencies' | 'locales' | 'timeZone'>, problems: Problems): void => {
  const { prefix, currencies, locales, timeZone } = contract
  if (!isPrefix(prefix)) {
    problems.add(
      'prefix',
      `"${prefix}" cannot begin field names; use at most ${maxPrefix} lower-case letters and digits, words joined by one underscore`,
    )
  }
  checkList('currencies', currencies, (value) => /^[A-Z]{3}$/.test(value), 'is not an ISO 4217 code; write it like "EUR"', problems)
  checkList('locales', locales, isLocale, 'is not a BCP 47 locale; write it like "de-AT"', problems)
  if (timeZone !== undefined && !isTimeZone(timeZone))
    problems.add('timeZone', `"${timeZone}" is no time zone; write it like "Europe/Berlin"`)
}
