import type { FieldValue } from '@millrace/core'
import { fieldOf, type AccountField, type Schema } from './field.ts'
import { isOwnMember } from './names.ts'
import type { ReadContact } from './read-contact.ts'
import { textOf } from './json.ts'

/** A value as the contract would write it: the form that `encode` gives, read backwards. */
const decode = (value: string, { type }: AccountField): FieldValue => {
  if (value === '') return null
  if (type === 'listbox' || type === 'checkbox') return value.split('||').filter((part) => part !== '')
  if (type === 'datetime') return Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()
  if (type === 'dropdown' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

/** The named fields of a contact as it is now, and when each custom one was last changed. */
export const contactFields = (
  contact: ReadContact,
  names: readonly string[],
  schema: Schema,
): { fields: Record<string, FieldValue>; times: Record<string, number> } => {
  const fields: Record<string, FieldValue> = {}
  const times: Record<string, number> = {}
  for (const name of names) {
    if (isOwnMember(name)) {
      fields[name] = textOf(contact.row, name) ?? null
      continue
    }
    const field = fieldOf(schema, name)
    if (field === undefined) continue
    const held = contact.values.get(field.id)
    fields[name] = held === undefined ? null : decode(held.value, field)
    if (held?.at !== undefined) times[name] = held.at
  }
  return { fields, times }
}

/** Our own key as the contact carries it; empty when none. */
export const ownKey = (contact: ReadContact, schema: Schema, title: string): string =>
  contact.values.get(fieldOf(schema, title)?.id ?? '')?.value ?? ''
