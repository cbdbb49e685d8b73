import { path, type Contract } from '@millrace/core'
import type { Settings } from '../settings.ts'
import { companyContract } from './company.ts'
import { cartContract } from './cart.ts'
import { contactContract } from './contact.ts'
import { eventObject, eventRules } from './events.ts'
import { dealContract, orderContract } from './order.ts'
import { productContract } from './product.ts'

/** What a HubSpot connection receives unless its contract says otherwise. */
export const defaultContract = ({
  orders,
  dealAmount,
  events,
  carts,
}: Pick<Settings, 'orders' | 'dealAmount' | 'events' | 'carts'>): Contract => ({
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'unassociated',
  removal: { person: 'keep-and-flag', company: 'keep-and-flag', product: 'keep-and-flag', order: 'keep-and-flag' },
  consent: { authority: 'destination', topics: {} },
  events: events === 'off' ? {} : eventRules,
  memberships: [],
  signals: {
    suppression: {
      recentPurchase: { path: 'placedAt', hours: 72 },
      // Announced and not arrived yet.
      returnInProgress: [{ of: 'order', path: 'returns.shipmentState', is: ['advised'] }],
    },
  },
  objects: {
    contact: contactContract,
    subscription: { fields: { email: { value: path('email') } } },
    company: companyContract,
    product: productContract,
    ...(orders === 'deals' ? { deal: dealContract(dealAmount) } : { order: orderContract(dealAmount) }),
    ...(carts ? { cart: cartContract } : {}),
    ...(events === 'off' ? {} : { event: eventObject }),
  },
})
