import type { Customer as PlatformCustomer } from '@commercetools/platform-sdk'
import type { Customer, Named } from '@millrace/core'
import { consents } from './consent.ts'
import type { Names } from './names.ts'
import type { Settings } from './settings.ts'
import { addressBook, calendarDate, customFields, requiredInstant, text } from './values.ts'

type CustomerSettings = Pick<Settings, 'consent' | 'phoneField' | 'vatIdField'>

/** Both forms of customer groups, the legacy single one first, each group once. */
const groupsOf = (row: PlatformCustomer, names: Names): Named[] => {
  const references = [row.customerGroup, ...(row.customerGroupAssignments ?? []).map((assignment) => assignment.customerGroup)]
  const ids = new Set(references.flatMap((reference) => (reference ? [reference.id] : [])))
  return [...ids].map((id) => names.group(id) ?? { id })
}

/** A customer account as the canonical record. `companyIds` are the keys of the business units the person is an associate of. */
export const toCustomer = (
  row: PlatformCustomer,
  names: Names,
  settings: CustomerSettings,
  companyIds: readonly string[] = [],
): Customer => {
  const custom = customFields(row.custom)
  const book = addressBook(row)
  const addressPhones = [book.billingAddress, book.shippingAddress].flatMap((address) => [address?.phone, address?.mobile])
  return {
    entity: 'customer',
    id: row.id,
    key: text(row.key),
    customerNumber: text(row.customerNumber),
    externalId: text(row.externalId),
    createdAt: requiredInstant(row.createdAt),
    modifiedAt: requiredInstant(row.lastModifiedAt),
    email: text(row.email),
    emailVerified: row.isEmailVerified,
    accountStatus: row.authenticationMode === 'ExternalAuth' ? 'external' : 'active',
    title: text(row.title),
    salutation: text(row.salutation),
    firstName: text(row.firstName),
    middleName: text(row.middleName),
    lastName: text(row.lastName),
    dateOfBirth: calendarDate(row.dateOfBirth),
    phone: settings.phoneField === undefined ? addressPhones.find((phone) => phone !== undefined) : text(custom[settings.phoneField]),
    companyName: text(row.companyName),
    vatId: settings.vatIdField === undefined ? text(row.vatId) : text(custom[settings.vatIdField]),
    locale: text(row.locale),
    groups: groupsOf(row, names),
    stores: (row.stores ?? []).map((store) => store.key),
    companyIds: [...companyIds],
    ...book,
    consents: consents(custom, settings.consent),
    custom,
  }
}
