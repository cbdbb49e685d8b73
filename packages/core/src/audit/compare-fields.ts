import { fieldSpec } from '../mapping/field-spec.ts'
import type { FieldRule } from '../contract/contract.ts'
import type { FieldSpec, FieldType, FieldValue } from '../spec/destination.ts'
import { normalValue } from '../reconcile/normal-value.ts'

/** A value without what vendors change on their own: spaces around it, the order of options, how numbers and times are written, the case of an address. */
const comparable = (value: FieldValue | undefined, type: FieldType): string | null => {
  if (type === 'options') {
    const options = Array.isArray(value) ? value : typeof value === 'string' ? value.split(';') : []
    return options.length === 0
      ? null
      : options
          .map((option) => option.trim())
          .toSorted()
          .join(';')
  }
  const text = Array.isArray(value) ? value.join(';') : typeof value === 'string' ? value.trim() : value
  const normal = normalValue(text, type)
  return type === 'email' && normal !== null ? normal.toLowerCase() : normal
}

/** Names of the fields that differ from what we would write. */
export const differingFields = (
  wanted: Readonly<Record<string, FieldValue>>,
  found: Readonly<Record<string, FieldValue>>,
  rules: Readonly<Record<string, FieldRule>>,
  known: Readonly<Record<string, FieldSpec>>,
): string[] =>
  Object.keys(wanted).filter((name) => {
    const rule = rules[name]
    const type = rule === undefined ? 'string' : fieldSpec(rule, known[name]).type
    return comparable(wanted[name], type) !== comparable(found[name], type)
  })
