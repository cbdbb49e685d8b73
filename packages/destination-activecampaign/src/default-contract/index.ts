import type { Contract } from '@millrace/core'
import type { Settings } from '../settings.ts'
import { contactContract, subscriptionContract } from './contact.ts'
import { eventContract, eventRules } from './event.ts'
import { cartContract, orderContract } from './order.ts'

/** What an ActiveCampaign connection receives unless its contract says otherwise. Lists are the user's own, so topics have to be named. */
export const defaultContract = ({ tracking }: Pick<Settings, 'tracking'>): Contract => ({
  version: 1,
  prefix: 'shop',
  currencies: [],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'unassociated',
  removal: { person: 'keep-and-flag', order: 'keep-and-flag', cart: 'ignore' },
  consent: { authority: 'source', topics: {} },
  events: tracking === undefined ? {} : eventRules,
  memberships: [],
  objects: {
    contact: contactContract,
    subscription: subscriptionContract,
    order: orderContract,
    cart: cartContract,
    event: eventContract,
  },
})
