import { custom, defineConfig, defineContract, mapValues } from '@millrace/core'
import { hubspot } from '@millrace/destination-hubspot'
import { env } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
    // The name becomes part of every key that HubSpot keeps: choose it once.
    shop: commercetools({
      projectKey: env('CTP_PROJECT_KEY'),
      clientId: env('CTP_CLIENT_ID'),
      clientSecret: env('CTP_CLIENT_SECRET'),
      apiUrl: env('CTP_API_URL'),
      authUrl: env('CTP_AUTH_URL'),
      // 'all', 'referenced' (only what was ordered), or { where: '...' }.
      products: 'referenced',
      // This shop sells to people only; see also `company: false` below.
      companies: false,
      productUrl: 'https://www.example.com/{locale}/p/{slug}',
    }),
  },
  connections: {
    'hubspot-eu': {
      // HUBSPOT_BASE_URL is for a fake portal on your machine; leave it unset for HubSpot itself.
      destination: hubspot({
        accessToken: env('HUBSPOT_ACCESS_TOKEN'),
        ...(process.env['HUBSPOT_BASE_URL'] ? { baseUrl: process.env['HUBSPOT_BASE_URL'] } : {}),
      }),
      // Field by field on top of the default contract. `null` drops a field, `false` switches an object off.
      contract: defineContract({
        prefix: 'shop',
        currencies: ['EUR', 'CHF'],
        locales: ['de-DE', 'en'],
        objects: {
          // No company records in this shop.
          company: false,
          contact: {
            fields: {
              // A custom field of the shop's customers, as a property of our own.
              '{prefix}_loyalty_tier': {
                type: 'option',
                label: 'Loyalty tier',
                purpose: 'Segments for campaigns',
                options: [
                  { value: 'basic', label: 'Basic' },
                  { value: 'gold', label: 'Gold' },
                ],
                value: mapValues(custom('loyaltyTier'), { BASIC: 'basic', GOLD: 'gold' }),
              },
              // Sales keeps the phone numbers: written when the contact is created, never afterwards, never on a contact that was there before.
              phone: { value: { op: 'path', path: 'phone' }, owner: 'destination' },
              // Nobody needs it there, so it does not leave the shop.
              '{prefix}_account_status': null,
            },
          },
        },
      }),
    },
  },
  // What was read and delivered. Back it up; never share it between two running instances.
  store: sqlite({ path: 'millrace.db' }),
})
