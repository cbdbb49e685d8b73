import { MillraceError, type FieldValue } from '@millrace/core'
import { encode } from './encode.ts'
import type { PortalProperty } from './portal-property.ts'

/** The properties of a type, by name. */
export type Schema = ReadonlyMap<string, PortalProperty>

/** Properties ready to be sent, or what is wrong with the first one that cannot be. */
export type EncodedFields = { properties: Record<string, string> } | { error: MillraceError }

const missing = (name: string, type: string): MillraceError =>
  new MillraceError({
    code: 'property_missing',
    scope: 'destination',
    field: name,
    message: `HubSpot has no property ${name} on ${type}. Run \`millrace apply\` to create it, or take the field out of the contract.`,
  })

/** Encodes the named fields (see `encode`). A property that the portal lacks concerns every record, so its error stops the destination. */
export const encodeFields = (
  fields: Readonly<Record<string, FieldValue>>,
  names: Iterable<string>,
  schema: Schema,
  type: string,
): EncodedFields => {
  const properties: Record<string, string> = {}
  for (const name of names) {
    const value = fields[name]
    if (value === undefined) continue
    const property = schema.get(name)
    if (property === undefined) return { error: missing(name, type) }
    const encoded = encode(value, property)
    if ('error' in encoded) return encoded
    properties[name] = encoded.value
  }
  return { properties }
}

/** Throws MillraceError `property_missing` or `key_not_unique` unless the property can serve as upsert key. */
export const requireKey = (schema: Schema, key: string, type: string): void => {
  const property = schema.get(key)
  if (property === undefined) throw missing(key, type)
  if (property.unique) return
  throw new MillraceError({
    code: 'key_not_unique',
    scope: 'destination',
    field: key,
    message: `The property ${key} on ${type} does not have unique values, so it cannot be the key; HubSpot does not let that be changed. Archive the property, or choose another prefix, then run \`millrace apply\`.`,
  })
}
