import {
  amount,
  coalesce,
  constant,
  count,
  currency,
  custom,
  date,
  defineContract,
  join,
  localized,
  mapValues,
  path,
  template,
} from '@millrace/core'

export default defineContract({
  currencies: ['EUR'],
  objects: {
    contact: {
      fields: {
        '{prefix}_city': { type: 'string', value: path('billingAddress.city') },
        '{prefix}_main_group': { type: 'string', value: path('groups.0.name') },
        '{prefix}_size': { type: 'string', value: custom('size') },
        '{prefix}_shop': { type: 'string', value: constant('acme') },
        '{prefix}_greeting': { type: 'string', value: template('Dear {salutation} {lastName}') },
        '{prefix}_name': { type: 'string', value: coalesce(path('companyName'), path('fullName'), path('email')) },
        '{prefix}_newsletter': { type: 'boolean', value: mapValues(custom('newsletter'), { YES: true, NO: false }) },
        '{prefix}_color': { type: 'string', value: localized('custom.favouriteColor', 'de', 'en') },
        '{prefix}_spent_{currency}': { type: 'decimal', label: 'Spent in {currency}', value: amount('signals.keptTotals.{currency}') },
        '{prefix}_budget_currency': { type: 'string', value: currency('custom.budget') },
        '{prefix}_last_order_day': { type: 'date', value: date('signals.lastOrderAt', 'Europe/Berlin') },
        '{prefix}_groups': { type: 'string', value: join('groups.name', '; ', 10) },
        '{prefix}_addresses': { type: 'integer', value: count('addresses') },
      },
    },
  },
})
