import { bands, commerceStages, defineContract, join, path, type ContractOverride, type FieldRule } from '@millrace/core'
import { signals } from './signals.ts'

const text = (label: string, value: FieldRule['value']): FieldRule => ({ type: 'string', label, value, blank: 'erase' })
const time = (label: string, at: string): FieldRule => ({ type: 'datetime', label, value: path(at), blank: 'erase' })
const flag = (label: string, at: string): FieldRule => ({ type: 'boolean', label, value: path(at) })
const choice = (label: string, at: string, values: readonly string[]): FieldRule => ({
  type: 'option',
  label,
  value: path(at),
  options: values.map((value) => ({ value, label: value })),
  blank: 'erase',
})

/** Beside the default contract of ActiveCampaign. */
export const contract: ContractOverride = defineContract({
  signals,
  objects: {
    contact: {
      fields: {
        '{prefix}_commerce_stage': choice('Stage in the shop', 'signals.commerceStage', commerceStages),
        '{prefix}_value_band': choice('Lifetime value', 'signals.valueBand', bands),
        '{prefix}_top_category': text('Top category', path('signals.topCategory')),
        '{prefix}_last_categories': text('Categories of the last order', join('signals.lastCategories', '; ')),
        '{prefix}_next_order_expected_at': time('Next order expected at', 'signals.nextOrderExpectedAt'),
        '{prefix}_replenishment_due_at': time('Needs it again at', 'signals.replenishmentDueAt'),
        '{prefix}_replenishment_item': text('Needs again', path('signals.replenishmentItem')),
        '{prefix}_suppress_marketing_until': time('Suppress marketing until', 'signals.suppressMarketingUntil'),
        '{prefix}_return_in_progress': flag('Return in progress', 'signals.suppression.returnInProgress'),
        '{prefix}_fraud_hold': flag('Fraud hold', 'signals.suppression.fraudHold'),
        '{prefix}_open_issue': flag('Open issue', 'signals.suppression.openIssue'),
      },
    },
  },
})
