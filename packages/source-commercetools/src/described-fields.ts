import type { AttributeType, FieldType, ProductType, Type } from '@commercetools/platform-sdk'
import type { SourceContext, SourceField, ValueKind } from '@millrace/core'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { Listing, Row } from './platform.ts'
import type { Workshop } from './reader.ts'

const text: ValueKind = { kind: 'text' }
const reference: ValueKind = { kind: 'object', fields: { type: text, id: text, key: text } }
/** How deep nested attributes go, and sets of sets: a product type may hold itself. */
const deepest = 5

const keysOf = (values: readonly { key: string }[] | undefined): ValueKind => ({
  kind: 'text',
  values: (values ?? []).map(({ key }) => key),
})

/** What a custom field holds once it is read; an enum is its key. Source: https://docs.commercetools.com/api/projects/types#fieldtype. */
const kindOfField = (type: FieldType): ValueKind => {
  switch (type.name) {
    case 'Boolean':
      return { kind: 'boolean' }
    case 'Number':
      return { kind: 'number' }
    case 'Money':
      return { kind: 'money' }
    case 'Date':
      return { kind: 'date' }
    case 'DateTime':
      return { kind: 'instant' }
    case 'String':
    case 'Time':
      return text
    case 'LocalizedString':
      return { kind: 'localized' }
    case 'Enum':
    case 'LocalizedEnum':
      return keysOf(type.values)
    case 'Reference':
      return reference
    case 'Set':
      return { kind: 'list', of: kindOfField(type.elementType) }
    default:
      return { kind: 'open' }
  }
}

/** What an attribute holds once it is read; an enum has key and label. Source: https://docs.commercetools.com/api/projects/productTypes#attributetype. */
const kindOfAttribute = (type: AttributeType, productTypes: ReadonlyMap<string, ProductType>, depth = 0): ValueKind => {
  if (depth > deepest) return { kind: 'open' }
  switch (type.name) {
    case 'boolean':
      return { kind: 'boolean' }
    case 'number':
      return { kind: 'number' }
    case 'money':
      return { kind: 'money' }
    case 'date':
      return { kind: 'date' }
    case 'datetime':
      return { kind: 'instant' }
    case 'text':
    case 'time':
      return text
    case 'ltext':
      return { kind: 'localized' }
    case 'enum':
      return { kind: 'object', fields: { key: keysOf(type.values), label: text } }
    case 'lenum':
      return { kind: 'object', fields: { key: keysOf(type.values), label: { kind: 'localized' } } }
    case 'reference':
      return reference
    case 'set':
      return { kind: 'list', of: kindOfAttribute(type.elementType, productTypes, depth + 1) }
    case 'nested': {
      const definitions = productTypes.get(type.typeReference.id)?.attributes ?? []
      const fields = definitions.map(({ name, type: inner }) => [name, kindOfAttribute(inner, productTypes, depth + 1)] as const)
      return { kind: 'object', fields: Object.fromEntries(fields) }
    }
    default:
      return { kind: 'open' }
  }
}

const all = async <T extends Row>(transport: Workshop['transport'], listing: Listing<T>, ctx: SourceContext): Promise<T[]> => {
  const found: T[] = []
  const request = { listing, mode: 'full' as const, conditions: [], after: {}, size: createPageSize(500) }
  for await (const { rows } of keyset(transport, request, ctx)) found.push(...rows)
  return found
}

/** All custom types of the project. */
export const readTypes = ({ transport, platform }: Pick<Workshop, 'transport' | 'platform'>, ctx: SourceContext): Promise<Type[]> =>
  all(transport, platform.types, ctx)

/** The resources whose custom fields are read into records; a cart has the type of an order. */
const resourcesRead = new Set<string>(['customer', 'order', 'line-item', 'custom-line-item', 'business-unit', 'category'])

/**
 * The custom fields and attributes that the project defines. Needs `view_types`, and `view_product_types` or `view_products`. Throws MillraceError
 * `source_scope_missing` without them.
 */
export const describeFields = async (
  { transport, platform }: Pick<Workshop, 'transport' | 'platform'>,
  ctx: SourceContext,
): Promise<SourceField[]> => {
  const types = await readTypes({ transport, platform }, ctx)
  const productTypes = new Map((await all(transport, platform.productTypes, ctx)).map((type) => [type.id, type]))
  const custom = types
    .filter(({ resourceTypeIds }) => resourceTypeIds.some((id) => resourcesRead.has(id)))
    .flatMap(({ fieldDefinitions }) => fieldDefinitions)
    .map(({ name, type }) => ({ path: `custom.${name}`, kind: kindOfField(type) }))
  const attributes = [...productTypes.values()]
    .flatMap((type) => type.attributes ?? [])
    .map(({ name, type }) => ({ path: `attributes.${name}`, kind: kindOfAttribute(type, productTypes) }))
  return [...custom, ...attributes]
}
