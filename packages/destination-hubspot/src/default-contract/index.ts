import type { Contract } from '@millrace/core'
import type { Settings } from '../settings.ts'
import { companyContract } from './company.ts'
import { contactContract } from './contact.ts'
import { dealContract, orderContract } from './order.ts'
import { productContract } from './product.ts'

/** What a HubSpot connection receives unless its contract says otherwise. */
export const defaultContract = ({ orders, dealAmount }: Pick<Settings, 'orders' | 'dealAmount'>): Contract => ({
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'unassociated',
  removal: { person: 'keep-and-flag', company: 'keep-and-flag', product: 'keep-and-flag', order: 'keep-and-flag' },
  consent: { authority: 'destination', topics: {} },
  events: {},
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
    company: companyContract,
    product: productContract,
    ...(orders === 'deals' ? { deal: dealContract(dealAmount) } : { order: orderContract(dealAmount) }),
  },
})
