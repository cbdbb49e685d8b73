import { amount, bands, coalesce, commerceStages, join, path, suppressionReasons, template, type ObjectContract } from '@millrace/core'
import { optionsOf, own } from './rule.ts'

const address = (part: string) => coalesce(path(`billingAddress.${part}`), path(`shippingAddress.${part}`))
const street = (which: string) => template(`{${which}.streetName} {${which}.streetNumber}`)

/** What a person becomes. Lifecycle stage, lead status, owner and subscriptions belong to HubSpot and are not written. */
export const contactContract: ObjectContract = {
  fields: {
    email: { value: path('email') },
    firstname: { value: path('firstName') },
    lastname: { value: path('lastName') },
    phone: { value: coalesce(path('phone'), address('phone'), address('mobile')) },
    company: { value: path('companyName') },
    address: { value: coalesce(street('billingAddress'), street('shippingAddress')) },
    zip: { value: address('postalCode') },
    city: { value: address('city') },
    state: { value: coalesce(address('region'), address('state')) },
    country: { value: path('country') },
    '{prefix}_customer_id': own('string', 'Customer id', path('id')),
    '{prefix}_customer_number': own('string', 'Customer number', path('customerNumber')),
    '{prefix}_customer_groups': own(
      'string',
      'Customer groups',
      coalesce(join('groups.name', '; '), join('groups.key', '; '), join('groups.id', '; ')),
    ),
    '{prefix}_stores': own('string', 'Stores', join('stores', '; ')),
    '{prefix}_locale': own('string', 'Shop language', path('locale')),
    '{prefix}_account_created_at': own('datetime', 'Account created at', path('createdAt')),
    '{prefix}_account_status': own('option', 'Account status', path('accountStatus'), {
      options: optionsOf('active', 'disabled', 'external'),
    }),
    '{prefix}_order_count': own('integer', 'Number of orders', path('signals.orderCount')),
    '{prefix}_first_order_at': own('datetime', 'First order at', path('signals.firstOrderAt'), { blank: 'erase' }),
    '{prefix}_last_order_at': own('datetime', 'Last order at', path('signals.lastOrderAt'), { blank: 'erase' }),
    '{prefix}_total_{currency}': own('decimal', 'Total spent in {currency}', amount('signals.totals.{currency}'), { blank: 'erase' }),
    '{prefix}_average_{currency}': own('decimal', 'Average order in {currency}', amount('signals.averages.{currency}'), { blank: 'erase' }),
    '{prefix}_totals': own('string', 'Total spent', path('signals.totalsText'), { blank: 'erase' }),
    '{prefix}_last_skus': own('text', 'Last SKUs', join('signals.lastSkus', ', '), { blank: 'erase' }),
    '{prefix}_top_category': own('string', 'Top category', path('signals.topCategory'), { blank: 'erase' }),
    '{prefix}_last_categories': own('string', 'Categories of the last order', join('signals.lastCategories', '; '), { blank: 'erase' }),
    '{prefix}_next_order_expected_at': own('datetime', 'Next order expected at', path('signals.nextOrderExpectedAt'), { blank: 'erase' }),
    '{prefix}_commerce_stage': own('option', 'Stage in the shop', path('signals.commerceStage'), { options: optionsOf(...commerceStages) }),
    '{prefix}_rfm': own('string', 'Recency, frequency, monetary value', path('signals.rfm.score'), { blank: 'erase' }),
    '{prefix}_value_band': own('option', 'Lifetime value', path('signals.valueBand'), { options: optionsOf(...bands), blank: 'erase' }),
    '{prefix}_margin_band': own('option', 'Margin', path('signals.marginBand'), { options: optionsOf(...bands), blank: 'erase' }),
    '{prefix}_suppress_marketing_until': own('datetime', 'Suppress marketing until', path('signals.suppressMarketingUntil'), {
      blank: 'erase',
    }),
    '{prefix}_email_suppression': own('option', 'Not to be mailed because', path('consent.email.reason'), {
      options: optionsOf(...suppressionReasons),
      blank: 'erase',
    }),
    '{prefix}_return_in_progress': own('boolean', 'Return in progress', path('signals.suppression.returnInProgress')),
    '{prefix}_guest_order_ids': own('text', 'Guest order ids', join('guestOrderIds', ', ', 1_000)),
    '{prefix}_historical': own('boolean', 'From before go-live', path('historical')),
    '{prefix}_deleted_at': own('datetime', 'Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
  },
}
