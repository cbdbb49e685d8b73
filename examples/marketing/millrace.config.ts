import { custom, defineConfig, defineContract, path } from '@millrace/core'
import { marketing } from '@millrace/destination-marketing'
import { env } from '@millrace/runner'
import { commercetools } from '@millrace/source-commercetools'
import { sqlite } from '@millrace/store-sqlite'

// Secrets come from the environment, or from the .env file beside this one.
export default defineConfig({
  sources: {
    // The name becomes part of every key that Dotdigital keeps: choose it once.
    shop: commercetools({
      projectKey: env('CTP_PROJECT_KEY'),
      clientId: env('CTP_CLIENT_ID'),
      clientSecret: env('CTP_CLIENT_SECRET'),
      apiUrl: env('CTP_API_URL'),
      authUrl: env('CTP_AUTH_URL'),
      // Product blocks and recommendations need an address of each product.
      productUrl: 'https://www.example.com/{locale}/p/{slug}',
      companies: false,
      // The opt-in of this shop: a custom field of customers that says YES or NO.
      consent: [
        {
          channel: 'email',
          field: 'NEWSLETTER_SUBSCRIBE',
          granted: ['YES'],
          denied: ['NO'],
          timestampField: 'NEWSLETTER_CHANGED',
          evidenceFields: ['NEWSLETTER_TEXT'],
        },
      ],
    }),
  },
  connections: {
    dotdigital: {
      destination: marketing({
        baseUrl: env('DOTDIGITAL_BASE_URL'),
        username: env('DOTDIGITAL_USERNAME'),
        password: env('DOTDIGITAL_PASSWORD'),
        listId: env('DOTDIGITAL_LIST_ID'),
        // New contacts of whom nobody knows whether they want mail: not mailable. 'vendor-default' leaves them subscribed.
        unknownContacts: 'not-mailable',
        // Abandoned carts are a choice of their own.
        carts: false,
      }),
      // Field by field on top of the default contract. `null` drops a field, `false` switches an object off.
      contract: defineContract({
        // Short: names of data fields have at most 20 characters.
        prefix: 'shop',
        locales: ['de-DE', 'en'],
        // A list per store, filled and left as customers change.
        memberships: [{ kind: 'list', dimension: 'store', value: path('stores') }],
        objects: {
          contact: {
            fields: {
              // A custom field of the shop's customers as a data field, provisioned by `apply`.
              '{prefix}_loyalty': { type: 'string', label: 'Loyalty tier', value: custom('loyaltyTier') },
              // Written where the contact has nothing, never over what marketing entered.
              POSTCODE: { value: path('billingAddress.postalCode'), owner: 'once' },
            },
          },
          // One more attribute of products.
          product: { fields: { brand: { type: 'string', value: path('attributes.brand') } } },
        },
      }),
    },
  },
  // What was read and delivered. Back it up; never share it between two running instances.
  store: sqlite({ path: 'millrace.db' }),
})
