import { amount, coalesce, join, path, suppressionReasons, template, type ObjectContract } from '@millrace/core'
import { optionsOf, own } from './rule.ts'

const address = (part: string) => coalesce(path(`billingAddress.${part}`), path(`shippingAddress.${part}`))
const street = (which: string) => template(`{${which}.streetName} {${which}.streetNumber}`)

/** What a person becomes. Scores, owners and everything else of the contact belong to ActiveCampaign and are not written. */
export const contactContract: ObjectContract = {
  fields: {
    email: { value: path('email') },
    firstName: { value: path('firstName') },
    lastName: { value: path('lastName') },
    phone: { value: coalesce(path('phone'), address('phone'), address('mobile')) },
    '{prefix}_customer_id': own('string', 'Customer id', path('id')),
    '{prefix}_customer_number': own('string', 'Customer number', path('customerNumber')),
    '{prefix}_customer_groups': own(
      'string',
      'Customer groups',
      coalesce(join('groups.name', '; '), join('groups.key', '; '), join('groups.id', '; ')),
    ),
    '{prefix}_stores': own('string', 'Stores', join('stores', '; ')),
    '{prefix}_locale': own('string', 'Shop language', path('locale')),
    '{prefix}_company': own('string', 'Company', path('companyName')),
    '{prefix}_street': own('string', 'Street', coalesce(street('billingAddress'), street('shippingAddress'))),
    '{prefix}_zip': own('string', 'Postal code', address('postalCode')),
    '{prefix}_city': own('string', 'City', address('city')),
    '{prefix}_country': own('string', 'Country', path('country')),
    '{prefix}_account_created_at': own('datetime', 'Account created at', path('createdAt')),
    '{prefix}_account_status': own('option', 'Account status', path('accountStatus'), {
      options: optionsOf('active', 'disabled', 'external'),
    }),
    '{prefix}_order_count': own('integer', 'Number of orders', path('signals.orderCount')),
    '{prefix}_first_order_at': own('datetime', 'First order at', path('signals.firstOrderAt'), { blank: 'erase' }),
    '{prefix}_last_order_at': own('datetime', 'Last order at', path('signals.lastOrderAt'), { blank: 'erase' }),
    '{prefix}_total_{currency}': own('decimal', 'Total spent in {currency}', amount('signals.totals.{currency}'), { blank: 'erase' }),
    '{prefix}_totals': own('string', 'Total spent', path('signals.totalsText'), { blank: 'erase' }),
    '{prefix}_last_skus': own('text', 'Last SKUs', join('signals.lastSkus', ', '), { blank: 'erase' }),
    '{prefix}_email_suppression': own('option', 'Not to be mailed because', path('consent.email.reason'), {
      options: optionsOf(...suppressionReasons),
      blank: 'erase',
    }),
    '{prefix}_historical': own('boolean', 'From before go-live', path('historical')),
    '{prefix}_deleted_at': own('datetime', 'Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
  },
}

/** What consent needs to know of its person: the address that ActiveCampaign tells people apart by. */
export const subscriptionContract: ObjectContract = { fields: { email: { value: path('email') } } }
