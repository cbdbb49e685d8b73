import { amount, defineConfig, defineContract } from '@millrace/core'
import { crmOne, dealContract, signalAttributes } from '@millrace/destination-crm-one'
import { env } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
    // The name becomes part of every identity at the CRM (commercetools:shop): choose it once.
    shop: commercetools({
      projectKey: env('CTP_PROJECT_KEY'),
      clientId: env('CTP_CLIENT_ID'),
      clientSecret: env('CTP_CLIENT_SECRET'),
      apiUrl: env('CTP_API_URL'),
      authUrl: env('CTP_AUTH_URL'),
      companies: false,
      // Which custom field of the customer says what about which channel, and when it was said.
      consent: [{ field: 'newsletter', channel: 'email', timestampField: 'newsletterAt' }],
    }),
  },
  connections: {
    crm: {
      destination: crmOne({ baseUrl: env('CRM_ONE_URL'), token: env('CRM_ONE_TOKEN') }),
      // Field by field on top of the default contract. `null` drops a field, `false` switches an object off.
      contract: defineContract({
        objects: {
          contact: {
            fields: {
              // Attributes that the CRM's administrator defined: `check` names the ones that are missing.
              ...signalAttributes,
              totalSpent: { type: 'decimal', label: 'Total spent in euros', value: amount('signals.totals.EUR') },
            },
          },
          // Orders as deals of the pipeline `commerce` too.
          deal: dealContract,
        },
        // What nobody at the CRM works with is not sent.
        events: { 'order.confirmed': false, 'purchase.repeat': false },
      }),
    },
  },
  // What was read and delivered. Back it up; never share it between two running instances.
  store: sqlite({ path: 'millrace.db' }),
})
