import { isJsonObject } from '../../http/index.ts'
import { foldEmail, pairKey, type Account } from '../account.ts'
import { upsertContact } from '../contacts/write.ts'
import type { Input } from './validate.ts'

function textOf(source: unknown, name: string): string | undefined {
  const value = isJsonObject(source) ? source[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The name an order gives a person: from the customer data, else the shipping, else the billing address. */
function nameOf(input: Input, name: 'firstName' | 'lastName'): string | undefined {
  return textOf(input['customerData'], name) ?? textOf(input['shippingAddress'], name) ?? textOf(input['billingAddress'], name)
}

/** Creates or updates the contact and the e-commerce customer of an order, at once. No list status is touched. */
export function writePeople(account: Account, input: Input): void {
  const email = textOf(input, 'email')
  if (email === undefined || account.exclusions.has(foldEmail(email))) return
  const customer = input['customerData']
  const firstName = nameOf(input, 'firstName')
  const lastName = nameOf(input, 'lastName')
  const phone = textOf(customer, 'phone')
  const { contact } = upsertContact(account, {
    email,
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(phone !== undefined && { phone }),
  })
  const state = textOf(customer, 'smsMarketingState')
  const updatedAt = textOf(customer, 'smsConsentUpdatedDate') ?? textOf(customer, 'smsConsentUpdatedAt')
  if (state !== undefined)
    account.contacts.replace({ ...contact, sms: { state, optInLevel: textOf(customer, 'smsOptInLevel'), updatedAt } })
  writeCustomer(account, String(input['legacyConnectionId']), email, customer)
}

function writeCustomer(account: Account, connectionid: string, email: string, customer: unknown): void {
  const accepts = isJsonObject(customer) ? customer['acceptsMarketing'] : undefined
  const given = typeof accepts === 'boolean' ? (accepts ? '1' : '0') : undefined
  const externalid = textOf(customer, 'storeCustomerId') ?? email
  const existing =
    account.ecomCustomers.byKey(pairKey(connectionid, externalid)) ?? account.ecomCustomers.byKey(pairKey(connectionid, foldEmail(email)))
  if (existing === undefined) account.ecomCustomers.insert({ connectionid, externalid, email, acceptsMarketing: given ?? '0' })
  else account.ecomCustomers.replace({ ...existing, email, acceptsMarketing: given ?? existing.acceptsMarketing })
}
