import { invalid } from '../errors.ts'
import type { Field } from './model.ts'

/** Types a field can have. */
export const fieldTypes: ReadonlySet<string> = new Set([
  'text',
  'textarea',
  'date',
  'datetime',
  'dropdown',
  'listbox',
  'radio',
  'checkbox',
  'hidden',
  'number',
  'NULL',
])

const forms: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  datetime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/,
  number: /^-?\d+(\.\d+)?$/,
  listbox: /^\|\|([^|]+\|\|)+$/,
  checkbox: /^\|\|([^|]+\|\|)+$/,
}

/** True when a value has the form its field wants. Empty clears. */
export function isValue(field: Field, value: string): boolean {
  const form = forms[field.type]
  if (value === '' || form === undefined) return true
  if (!form.test(value)) return false
  return (field.type !== 'date' && field.type !== 'datetime') || !Number.isNaN(Date.parse(value))
}

/** Refuses a value of the wrong form. */
export function checkValue(field: Field, value: string): void {
  if (!isValue(field, value)) invalid('value-form', `The value of ${field.title} is not a ${field.type}.`, 'field_invalid', 'fieldValues')
}
