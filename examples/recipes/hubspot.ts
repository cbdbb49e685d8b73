import { defineContract, path, type ContractOverride } from '@millrace/core'
import { signals } from './signals.ts'

/** Beside the default contract of HubSpot, which has the other properties of the recipes. */
export const contract: ContractOverride = defineContract({
  signals,
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
