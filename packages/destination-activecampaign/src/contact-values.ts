import { MillraceError, type Contract, type Input } from '@millrace/core'
import { encode } from './encode.ts'
import { fieldOf, type Schema } from './field.ts'
import { isOwnMember, keyTitle, type OwnMember } from './names.ts'

/** A contact ready to be sent. Custom values go by the numeric id of their field, never by personalisation tag. */
export interface ContactValues {
  own: Partial<Record<OwnMember, string>>
  custom: { field: string; value: string }[]
}

/** The error of a custom field that the account lacks: it concerns every contact. */
export const fieldMissing = (name: string): MillraceError =>
  new MillraceError({
    code: 'property_missing',
    scope: 'destination',
    field: name,
    message: `ActiveCampaign has no contact field ${name}. Run \`millrace apply\` to create it, or take the field out of the contract.`,
  })

/** Encodes the named fields of an input. Codes: `property_missing` (destination), `value_invalid`, `option_unknown` (record). */
export const encodeFields = (
  fields: Input['fields'],
  names: Iterable<string>,
  schema: Schema,
): { values: ContactValues } | { error: MillraceError } => {
  const values: ContactValues = { own: {}, custom: [] }
  for (const name of names) {
    const value = fields[name]
    if (value === undefined) continue
    if (isOwnMember(name)) {
      values.own[name] = value === null ? '' : String(value).trim()
      continue
    }
    const field = fieldOf(schema, name)
    if (field === undefined) return { error: fieldMissing(name) }
    const encoded = encode(value, field)
    if ('error' in encoded) return encoded
    values.custom.push({ field: field.id, value: encoded.value })
  }
  return { values }
}

/** Our own key as a value. Throws MillraceError `property_missing`. */
export const keyValue = (key: string, schema: Schema, contract: Pick<Contract, 'prefix'>): { field: string; value: string } => {
  const title = keyTitle(contract)
  const field = fieldOf(schema, title)
  if (field === undefined) throw fieldMissing(title)
  return { field: field.id, value: key }
}

/** Whether an input can go out with what changed only. */
export const isPartial = (input: Input): boolean => input.remoteId !== undefined && !input.uncertain && input.remoteKey === input.key

/** What is sent of a person: all of a new one, of a known one what changed. The key unless the contact carries it. */
export const contactValues = (
  input: Input,
  schema: Schema,
  contract: Pick<Contract, 'prefix'>,
): { values: ContactValues } | { error: MillraceError } => {
  const names = input.remoteId === undefined || input.uncertain ? Object.keys(input.fields) : input.changedFields
  const encoded = encodeFields(input.fields, names, schema)
  if ('error' in encoded || isPartial(input)) return encoded
  const { own, custom } = encoded.values
  return { values: { own, custom: [keyValue(input.key, schema, contract), ...custom] } }
}

/** Every text in what is sent, for redaction. */
export const sentValues = ({ own, custom }: ContactValues): string[] => [...Object.values(own), ...custom.map(({ value }) => value)]

/** The address that an input carries; undefined when none. */
export const emailOf = ({ fields }: Pick<Input, 'fields'>): string | undefined => {
  const email = fields['email']
  return typeof email === 'string' && email.trim() !== '' ? email.trim() : undefined
}
