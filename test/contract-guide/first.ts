import { custom, defineContract, mapValues } from '@millrace/core'

export default defineContract({
  prefix: 'acme',
  currencies: ['EUR', 'JPY'],
  locales: ['de-DE', 'en'],
  objects: {
    company: false,
    contact: {
      fields: {
        '{prefix}_account_status': null,
        '{prefix}_loyalty_tier': {
          type: 'option',
          label: 'Loyalty tier',
          options: [
            { value: 'basic', label: 'Basic' },
            { value: 'gold', label: 'Gold' },
          ],
          value: mapValues(custom('loyaltyTier'), { BASIC: 'basic', GOLD: 'gold' }),
        },
      },
    },
  },
})
