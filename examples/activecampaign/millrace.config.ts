import { custom, defineConfig, defineContract, mapValues, path } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { env } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
    // The name becomes part of every key that ActiveCampaign keeps: choose it once.
    shop: commercetools({
      projectKey: env('CTP_PROJECT_KEY'),
      clientId: env('CTP_CLIENT_ID'),
      clientSecret: env('CTP_CLIENT_SECRET'),
      apiUrl: env('CTP_API_URL'),
      authUrl: env('CTP_AUTH_URL'),
      products: 'referenced',
      companies: false,
    }),
  },
  connections: {
    'activecampaign-eu': {
      destination: activecampaign({
        apiUrl: env('ACTIVECAMPAIGN_API_URL'),
        apiToken: env('ACTIVECAMPAIGN_API_TOKEN'),
        tracking: {
          accountId: env('ACTIVECAMPAIGN_ACCOUNT_ID'),
          eventKey: env('ACTIVECAMPAIGN_EVENT_KEY'),
          // For a fake account on your machine; leave it unset for ActiveCampaign itself.
          ...(process.env['ACTIVECAMPAIGN_TRACKING_URL'] ? { url: process.env['ACTIVECAMPAIGN_TRACKING_URL'] } : {}),
        },
        // How the stores of the shop appear under Integrations. Others are made when their first order comes.
        shops: { shop: { name: 'Web shop', url: 'https://www.example.com' } },
      }),
      // Field by field on top of the default contract. `null` drops a field, `false` switches an object off.
      contract: defineContract({
        prefix: 'shop',
        currencies: ['EUR', 'CHF'],
        locales: ['de-DE', 'en'],
        // Who agreed is on this list, who did not is not. Unsubscribing there counts at once.
        consent: { topics: { newsletter: { channel: 'email', target: env('ACTIVECAMPAIGN_NEWSLETTER_LIST') } } },
        // Tags for segments: `shop:store:berlin`, `shop:group:vip`.
        memberships: [
          { kind: 'tag', dimension: 'store', value: path('stores') },
          { kind: 'tag', dimension: 'group', value: path('groups.key') },
        ],
        events: {
          // The order itself starts automations of orders; as an event it can start others too.
          'order.placed': { name: 'shop_order_placed' },
          // A tag is enough to start a welcome series.
          'account.created': { as: 'tag', name: 'shop:event:account-created' },
        },
        objects: {
          contact: {
            fields: {
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
