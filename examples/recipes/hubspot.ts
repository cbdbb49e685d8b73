import { defineContract, path, type ContractOverride } from '@millrace/core'
import { signals } from './signals.ts'

/** Beside the default contract of HubSpot, which has the other properties of the recipes. */
export const contract: ContractOverride = defineContract({
  signals,
  events: {
    // Not sent by default: each type is a definition in the portal, and a call for every look.
    'category.viewed': {
      fields: {
        category: { type: 'string', label: 'Category', value: path('category') },
        url: { type: 'string', label: 'Address', value: path('url') },
      },
    },
  },
  objects: {
    contact: {
      fields: {
        '{prefix}_replenishment_due_at': {
          type: 'datetime',
          label: 'Needs it again at',
          value: path('signals.replenishmentDueAt'),
          blank: 'erase',
        },
        '{prefix}_replenishment_item': { type: 'string', label: 'Needs again', value: path('signals.replenishmentItem'), blank: 'erase' },
        '{prefix}_fraud_hold': { type: 'boolean', label: 'Fraud hold', value: path('signals.suppression.fraudHold') },
        '{prefix}_open_issue': { type: 'boolean', label: 'Open issue', value: path('signals.suppression.openIssue') },
      },
    },
  },
})
