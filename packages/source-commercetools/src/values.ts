import type { Address as PlatformAddress, Attribute, CustomFields as PlatformCustomFields } from '@commercetools/platform-sdk'
import type { Address, CustomFields, CustomValue, Localized, Money } from '@millrace/core'
import { toMoney } from './money.ts'

/** Anything but white space, control and invisible formatting characters. */
const visible = /[^\s\p{Cc}\p{Cf}]/u

/** The text as it is, or undefined where it is missing, blank, invisible or no text at all. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' && visible.test(value) ? value : undefined)

/** An address that starts with http:// or https://; undefined for anything else, such as one that would run a script. */
export const webAddress = (value: unknown): string | undefined =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : undefined

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/

/** A point in time in the canonical form; undefined for anything that is not one. */
export const instant = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !isoInstant.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : canonical(time)
}

const canonical = (time: number): string | undefined => {
  const iso = new Date(time).toISOString()
  return iso.length === 24 ? iso : undefined
}

/** A stamp that every record must have: left as it came when it is no point in time, so that the model refuses the record by name of the field. */
export const requiredInstant = (value: string): string => instant(value) ?? value

/** A calendar date `YYYY-MM-DD`; undefined for one that does not exist. */
export const calendarDate = (value: unknown): string | undefined => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const time = Date.parse(`${value}T00:00:00.000Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value ? undefined : value
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Localized text without the locales that hold none. */
export const localized = (value: unknown): Localized => {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** One text out of several: of the wanted locale, else of its language, else of another country of that language, else the first. */
export const oneText = (values: Localized | undefined, locale: string): string | undefined => {
  if (values === undefined) return undefined
  const language = locale.split('-')[0] ?? locale
  const wanted = Object.keys(values)
  const key =
    [locale, language].find((candidate) => Object.hasOwn(values, candidate)) ??
    wanted.find((candidate) => candidate.startsWith(`${language}-`)) ??
    wanted[0]
  return key === undefined ? undefined : text(values[key])
}

const isAttribute = (value: unknown): value is Attribute =>
  isRecord(value) && typeof value['name'] === 'string' && 'value' in value && Object.keys(value).length === 2

const isMoney = (value: Record<string, unknown>): boolean => 'centAmount' in value && typeof value['currencyCode'] === 'string'

const isReference = (value: Record<string, unknown>): boolean => typeof value['typeId'] === 'string' && typeof value['id'] === 'string'

/** Levels of nesting; the platform allows nested attributes five deep. */
const deepest = 12

/**
 * The value of a custom field or attribute of any type, told apart by its shape: money becomes `{ currency, amount }`, a reference `{ type, id }`,
 * a nested attribute list a record by name, a set a list; enums (`{ key, label }`) and localized text keep their form. Undefined for nothing, and for
 * what is nested too deep.
 */
export const customValue = (value: unknown, depth = 0): CustomValue | undefined => {
  if (value === undefined || depth > deepest) return undefined
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isAttribute)) return byName(value, depth + 1)
    return value.map((item) => customValue(item, depth + 1)).filter((item) => item !== undefined)
  }
  if (!isRecord(value)) return undefined
  if (isMoney(value)) {
    const { currencyCode, centAmount, preciseAmount, fractionDigits, type } = value
    const digits = typeof fractionDigits === 'number' ? fractionDigits : 2
    return { ...toMoney({ type, currencyCode, centAmount, preciseAmount, fractionDigits: digits } as Parameters<typeof toMoney>[0]) }
  }
  if (isReference(value))
    return { type: String(value['typeId']), id: String(value['id']), ...(typeof value['key'] === 'string' ? { key: value['key'] } : {}) }
  return fields(value, depth + 1)
}

const fields = (values: Record<string, unknown>, depth = 0): CustomFields => {
  const entries: [string, CustomValue][] = []
  for (const [name, value] of Object.entries(values)) {
    const mapped = customValue(value, depth)
    if (mapped !== undefined) entries.push([name, mapped])
  }
  return Object.fromEntries(entries)
}

/** Custom fields by name; the custom type itself may have been removed. */
export const customFields = (custom: PlatformCustomFields | undefined | null): CustomFields =>
  isRecord(custom?.fields) ? fields(custom.fields) : {}

const byName = (list: readonly Attribute[], depth = 0): CustomFields =>
  fields(Object.fromEntries(list.map(({ name, value }): [string, unknown] => [name, value])), depth)

/** Attributes by name. */
export const attributes = (list: readonly Attribute[] | undefined | null): CustomFields => byName(list ?? [])

/** The amount that a custom field or attribute holds, if it is one of money. */
export const moneyField = (values: CustomFields, name: string | undefined): Money | undefined => {
  const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
  if (!isRecord(value)) return undefined
  const { currency, amount } = value
  return typeof currency === 'string' && typeof amount === 'string' ? { currency, amount } : undefined
}

/** A postal address; undefined for none. */
export const address = (row: PlatformAddress | undefined | null): Address | undefined => {
  if (!row) return undefined
  const additional = [row.additionalStreetInfo, row.additionalAddressInfo].map(text).filter((part) => part !== undefined)
  return {
    id: text(row.id),
    title: text(row.title),
    firstName: text(row.firstName),
    lastName: text(row.lastName),
    company: text(row.company),
    streetName: text(row.streetName),
    streetNumber: text(row.streetNumber),
    additional: text(additional.join(', ')),
    postalCode: text(row.postalCode),
    city: text(row.city),
    region: text(row.region),
    state: text(row.state),
    country: text(row.country)?.toUpperCase(),
    phone: text(row.phone),
    mobile: text(row.mobile),
    email: text(row.email),
  }
}

/** The addresses of an account, and those meant for billing and shipping: the default ones, else the first of the list for that purpose. */
export const addressBook = (account: {
  addresses?: readonly PlatformAddress[]
  defaultBillingAddressId?: string
  billingAddressIds?: readonly string[]
  defaultShippingAddressId?: string
  shippingAddressIds?: readonly string[]
}): { addresses: Address[]; billingAddress: Address | undefined; shippingAddress: Address | undefined } => {
  const addresses = (account.addresses ?? []).map(address).filter((found) => found !== undefined)
  const byId = (id: string | undefined): Address | undefined => (id === undefined ? undefined : addresses.find((found) => found.id === id))
  return {
    addresses,
    billingAddress: byId(account.defaultBillingAddressId ?? account.billingAddressIds?.[0]),
    shippingAddress: byId(account.defaultShippingAddressId ?? account.shippingAddressIds?.[0]),
  }
}
