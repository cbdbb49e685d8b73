import { path, type Contract } from '@millrace/core'
import type { MarketingProvider } from '../provider.ts'
import { cartContract } from './cart.ts'
import { contactContract } from './contact.ts'
import { eventContract } from './event.ts'
import { orderContract } from './order.ts'
import { productContract } from './product.ts'

/** What a marketing connection receives unless its contract says otherwise. Carts only when the settings switch them on. */
export const defaultContract = (provider: MarketingProvider, { carts }: { carts: boolean }): Contract => ({
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'skip',
  removal: { person: 'keep-and-flag', product: 'archive', order: 'ignore', cart: 'ignore' },
  consent: { authority: 'source', topics: provider.consents === undefined ? {} : { newsletter: { channel: 'email' } } },
  events: {},
  memberships: [],
  objects: {
    contact: {
      fields: Object.fromEntries(
        Object.entries(contactContract.fields).filter(
          ([name]) => name === 'email' || name.startsWith('{prefix}') || Object.hasOwn(provider.contactFields, name),
        ),
      ),
    },
    ...(provider.consents === undefined ? {} : { subscription: { fields: { email: { value: path('email') } } } }),
    ...(provider.documents === undefined
      ? {}
      : { product: productContract, order: orderContract, ...(carts ? { cart: cartContract } : {}) }),
    ...(provider.events === undefined ? {} : { event: eventContract }),
  },
})
