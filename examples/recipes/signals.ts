import type { SignalRules } from '@millrace/core'

/** Days and evidence of a shop: replace them by your own. */
export const signals: SignalRules = {
  churnAfterDays: 120,
  // By SKU, product key or category name.
  replenishmentDays: { 'coffee-1kg': 21, filters: 45, Vitamins: 90 },
  suppression: {
    recentPurchase: { path: 'placedAt', hours: 72 },
    returnInProgress: [{ of: 'order', path: 'returns.shipmentState', is: ['advised'] }],
    fraudHold: [{ of: 'order', path: 'workflowState.key', is: ['fraud-review'] }],
    openIssue: [{ of: 'account', path: 'custom.open_tickets' }],
  },
}
