import { join, path, template, type ObjectContract } from '@millrace/core'
import { optionsOf, own } from './rule.ts'

/** What a company or business unit becomes. The domain is left to people: HubSpot merges by it. */
export const companyContract: ObjectContract = {
  fields: {
    name: { value: path('name') },
    phone: { value: path('phone') },
    address: { value: template('{billingAddress.streetName} {billingAddress.streetNumber}') },
    zip: { value: path('billingAddress.postalCode') },
    city: { value: path('billingAddress.city') },
    state: { value: path('billingAddress.region') },
    country: { value: path('country') },
    '{prefix}_company_id': own('string', 'Company id', path('id')),
    '{prefix}_vat_id': own('string', 'VAT id', path('vatId')),
    '{prefix}_company_status': own('option', 'Company status', path('status'), { options: optionsOf('active', 'inactive') }),
    '{prefix}_stores': own('string', 'Stores', join('stores', '; ')),
    '{prefix}_historical': own('boolean', 'From before go-live', path('historical')),
    '{prefix}_deleted_at': own('datetime', 'Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
  },
}
