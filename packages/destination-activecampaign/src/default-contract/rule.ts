import type { FieldRule, FieldType } from '@millrace/core'

type Extras = Omit<FieldRule, 'value' | 'type' | 'label'>

/** A rule for a field of our own, with the label that people see in ActiveCampaign. */
export const own = (type: FieldType, label: string, value: FieldRule['value'], extras: Extras = {}): FieldRule => ({
  type,
  label,
  value,
  ...extras,
})

/** Options whose labels are their values, readable: `balance-due` becomes `Balance due`. */
export const optionsOf = (...values: string[]): NonNullable<FieldRule['options']> =>
  values.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('-', ' ') }))
