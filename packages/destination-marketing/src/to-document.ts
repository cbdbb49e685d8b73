import { MillraceError, type Contract, type FieldType, type FieldValue, type Input, type ObjectSpec } from '@millrace/core'
import { exactNumber } from './exact-number.ts'
import type { DocumentWrite } from './provider.ts'

type Rules = Readonly<Record<string, { type?: FieldType }>> | undefined
type Json = Record<string, unknown>

/** Members that stand in an object of their own: `delivery_city` in `deliveryAddress`. */
const groups: readonly { starts: string; member: string }[] = [
  { starts: 'delivery_', member: 'deliveryAddress' },
  { starts: 'billing_', member: 'billingAddress' },
]

/** Name of the list that the children of an object stand in. */
const childList: Readonly<Record<string, string>> = { product: 'products', lineItem: 'lineItems' }

const encode = (value: FieldValue, type: FieldType): unknown => {
  if (type === 'decimal' && typeof value === 'string') return exactNumber(value)
  return Array.isArray(value) ? value.join(', ') : value
}

/** The vendor refuses a record with a text that is too long and tells no number; descriptions are the texts of shops that have pages. */
const maxDescription = 1_000

const cutDescription = (json: Json): Json => {
  const { shortDescription: text } = json
  if (typeof text !== 'string' || text.length <= maxDescription) return json
  return { ...json, shortDescription: text.slice(0, maxDescription).replace(/[\uD800-\uDBFF]$/, '') }
}

/** Blank members are left out: a schema that has seen nothing but null knows no type. */
const encoded = (
  fields: Readonly<Record<string, FieldValue>>,
  known: Readonly<Record<string, { type: FieldType }>>,
  rules: Rules,
): [string, unknown][] =>
  Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [name, encode(value, known[name]?.type ?? rules?.[name]?.type ?? 'string')])

const nest = (members: readonly [string, unknown][], known: ObjectSpec['fields']): Json => {
  const json: Json = {}
  for (const [name, value] of members) {
    const group = groups.find(({ starts }) => name.startsWith(starts) && Object.hasOwn(known, name))
    const place = group?.member ?? (Object.hasOwn(known, name) ? undefined : 'custom')
    if (place === undefined) json[name] = value
    else json[place] = { ...(json[place] as Json | undefined), [name]: value }
  }
  return json
}

/** Fields that the vendor does not name itself stand under `custom`, those of products beside the others. No list ever stands in a list. */
const bodyOf = (input: Input, spec: ObjectSpec, contract: Contract): Json => {
  const rules = contract.objects[input.object]
  const members = encoded(input.fields, spec.fields, rules?.fields)
  const json = input.object === 'product' ? cutDescription(Object.fromEntries(members)) : nest(members, spec.fields)
  for (const [child, { fields }] of Object.entries(spec.children ?? {})) {
    json[childList[child] ?? child] = input.children
      .filter(({ object }) => object === child)
      .map((line) => Object.fromEntries(encoded(line.fields, fields, rules?.children?.[child]?.fields)))
  }
  return json
}

/** The document of a product, order or cart. Throws MillraceError `contact_missing` when it has to belong to a contact and none is known. */
export const toDocument = (input: Input, spec: ObjectSpec, contract: Contract): DocumentWrite => {
  const owner = ownerOf(input, spec)
  return {
    unit: input.unit,
    key: input.key,
    ...(input.remoteId === undefined ? {} : { id: input.remoteId }),
    ...(owner === undefined ? {} : { owner }),
    json: bodyOf(input, spec, contract),
    ...(input.progress === undefined ? {} : { progress: input.progress }),
    uncertain: input.uncertain,
  }
}

/** Vendor id of the contact that an object belongs to. Throws MillraceError `contact_missing`. */
export const ownerOf = (input: Input, spec: ObjectSpec): string | undefined => {
  if ((spec.parents ?? []).length === 0) return undefined
  const owner = input.parents.find(({ object }) => object === 'contact')?.remoteId
  if (owner !== undefined && owner !== '') return owner
  throw new MillraceError({
    code: 'contact_missing',
    message: `The ${input.object} belongs to no contact, and the destination keeps it only with one. Set ordersOfNobody to 'skip', or give the record an e-mail address.`,
  })
}

/** Payload of an event: numbers and texts as the contract's types say. */
export const toEventData = (input: Input, contract: Contract): Json => {
  const rules = { ...contract.objects[input.object]?.fields, ...contract.events[input.event?.type ?? '']?.fields }
  return Object.fromEntries(encoded(input.fields, {}, rules))
}
