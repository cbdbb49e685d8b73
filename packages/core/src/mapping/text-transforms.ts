import { hash } from 'node:crypto'
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js'
import { z } from 'zod'
import { fromMinorUnits, toMinorUnits } from '../model/money.ts'

/** What advertising platforms match e-mails by: SHA-256 of the trimmed, normalised, lower-cased text, in hex. */
export const hashText = (text: string): string => hash('sha256', text.trim().normalize('NFC').toLowerCase(), 'hex')

const emailSyntax = z.email({ pattern: z.regexes.unicodeEmail })

/** The e-mail without outer white space when its syntax is right, else undefined. */
export const emailOf = (text: string): string | undefined => {
  const trimmed = text.trim()
  return emailSyntax.safeParse(trimmed).success ? trimmed : undefined
}

const e164 = /^\+[1-9]\d{6,14}$/
const remembered = 10_000

/**
 * Prepares the reading of phone numbers as E.164. What has that form already passes as it is; numbers seen lately are not parsed again, since parsing one costs
 * more than mapping a whole record.
 */
export const phoneReader = (): ((text: string, country: string | undefined) => string | undefined) => {
  const seen = new Map<string, string | undefined>()
  return (text, country) => {
    const trimmed = text.trim()
    if (e164.test(trimmed)) return trimmed
    const key = `${country ?? ''} ${trimmed}`
    if (seen.has(key)) return seen.get(key)
    // The library looks unknown countries up by itself and finds nothing.
    const parsed = parsePhoneNumberFromString(trimmed, country?.trim().toUpperCase() as CountryCode | undefined)
    const number = parsed?.isPossible() === true ? parsed.number : undefined
    if (seen.size >= remembered) seen.clear()
    seen.set(key, number)
    return number
  }
}

const decimal = /^-?\d{1,40}(\.\d{1,20})?$/

/** A plain decimal rounded half away from zero; undefined for what is none. */
export const roundDecimal = (value: string | number, digits: number): string | undefined => {
  const text = String(value).trim()
  if (!decimal.test(text)) return undefined
  return fromMinorUnits('', toMinorUnits({ currency: '', amount: text }, digits), digits).amount
}
