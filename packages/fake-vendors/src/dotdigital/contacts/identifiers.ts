import type { Account } from '../account.ts'

/** Why an identifier is refused; the codes of import failures. */
export type IdentifierFault = 'InvalidEmail' | 'InvalidDomain' | 'InvalidPhoneNumber' | 'InvalidContactId' | 'InvalidMatchIdentifier'

/** A readable identifier in stored form, or why it is none. */
export type ReadIdentifier = { readonly value: string } | { readonly fault: IdentifierFault }

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const domainPart = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/
const mobile = /^\+?[1-9]\d{6,14}$/

/** Whether the account knows an identifier of this name. `contactId` only refers, it cannot be set. */
export function isIdentifier(account: Account, name: string): boolean {
  return name === 'email' || name === 'mobileNumber' || name === 'contactId' || account.settings.customIdentifiers.includes(name)
}

function readEmail(text: string): ReadIdentifier {
  const at = text.lastIndexOf('@')
  if (at < 1 || text.length > 254 || !localPart.test(text.slice(0, at))) return { fault: 'InvalidEmail' }
  return domainPart.test(text.slice(at + 1)) ? { value: text.toLowerCase() } : { fault: 'InvalidDomain' }
}

/** Reads one identifier: e-mails compare in lower case, mobile numbers (E.164) without their plus. */
export function readIdentifier(account: Account, name: string, value: unknown): ReadIdentifier {
  if (name === 'contactId') {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && /^[1-9]\d{0,14}$/.test(text) ? { value: text } : { fault: 'InvalidContactId' }
  }
  if (!isIdentifier(account, name)) return { fault: 'InvalidMatchIdentifier' }
  if (name === 'email') return typeof value === 'string' ? readEmail(value) : { fault: 'InvalidEmail' }
  if (name === 'mobileNumber') {
    return typeof value === 'string' && mobile.test(value) ? { value: value.replace('+', '') } : { fault: 'InvalidPhoneNumber' }
  }
  return typeof value === 'string' && value !== '' ? { value } : { fault: 'InvalidMatchIdentifier' }
}

/** Why an address may not be written to at all, if so. */
export function barred(account: Account, email: string | undefined): 'GloballySuppressed' | 'SuppressedByDomain' | undefined {
  if (email === undefined) return undefined
  if (account.globalSuppressions.has(email)) return 'GloballySuppressed'
  return account.suppressedDomains.has(email.slice(email.lastIndexOf('@') + 1)) ? 'SuppressedByDomain' : undefined
}
