import { defineConfig, defineContract } from '@millrace/core'
import { activecampaign } from '@millrace/destination-activecampaign'
import { crmOne } from '@millrace/destination-crm-one'
import { hubspot } from '@millrace/destination-hubspot'
import { marketing } from '@millrace/destination-marketing'
import { warehouse } from '@millrace/destination-warehouse'
import { env } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

// What every connection shares; a contract of its own for each is as good.
const contract = defineContract({ prefix: 'shop', currencies: ['EUR', 'USD', 'JPY', 'KWD'], locales: ['en-US', 'de-DE'] })

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
    // It is read once, for all connections together.
    shop: commercetools({
      projectKey: env('CTP_PROJECT_KEY'),
      clientId: env('CTP_CLIENT_ID'),
      clientSecret: env('CTP_CLIENT_SECRET'),
      apiUrl: env('CTP_API_URL'),
      authUrl: env('CTP_AUTH_URL'),
      companies: false,
    }),
  },
  // Each has its own budget, its own breaker, its own dead letters: what is wrong with one stops that one.
  connections: {
    hubspot: {
      destination: hubspot({
        accessToken: env('HUBSPOT_ACCESS_TOKEN'),
        ...(process.env['HUBSPOT_BASE_URL'] ? { baseUrl: process.env['HUBSPOT_BASE_URL'] } : {}),
      }),
      contract,
    },
    activecampaign: {
      destination: activecampaign({ apiUrl: env('ACTIVECAMPAIGN_API_URL'), apiToken: env('ACTIVECAMPAIGN_API_TOKEN') }),
      contract,
    },
    dotdigital: {
      destination: marketing({
        baseUrl: env('DOTDIGITAL_BASE_URL'),
        username: env('DOTDIGITAL_USERNAME'),
        password: env('DOTDIGITAL_PASSWORD'),
        listId: env('DOTDIGITAL_LIST_ID'),
      }),
      contract,
    },
    // CRM One takes what its administrator defined; its default contract asks for nothing more.
    crm: { destination: crmOne({ baseUrl: env('CRM_ONE_URL'), token: env('CRM_ONE_TOKEN') }) },
    warehouse: { destination: warehouse({ directory: env('WAREHOUSE_DIRECTORY') }), contract },
  },
  store: sqlite({ path: 'millrace.db' }),
})
