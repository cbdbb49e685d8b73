import {
  cartSchema,
  categorySchema,
  type Change,
  type CommerceRecord,
  companySchema,
  customerSchema,
  type Entity,
  orderSchema,
  productSchema,
  shoppingListSchema,
  type SourceVersion,
} from '@millrace/core'

/** A row that is to become a record. `map` may throw on a row that is not what the platform promises. */
export interface Draft {
  entity: Entity
  id: string
  version: SourceVersion
  modifiedAt: number
  raw: unknown
  map(): CommerceRecord
}

const schemas = {
  category: categorySchema,
  product: productSchema,
  company: companySchema,
  customer: customerSchema,
  order: orderSchema,
  cart: cartSchema,
  'shopping-list': shoppingListSchema,
}

/**
 * The change of one row: an upsert, or `invalid` when the row cannot be mapped or the model refuses the record, with the first problem and its field.
 * Never throws, so that one bad record costs one record.
 */
export const toChange = ({ entity, id, version, modifiedAt, raw, map }: Draft): Change => {
  const facts = { version, modifiedAt: Number.isNaN(modifiedAt) ? 0 : modifiedAt }
  const invalid = (problem: string, field?: string): Change => ({
    type: 'invalid',
    entity,
    id,
    ...facts,
    problem,
    ...(field === undefined ? {} : { field }),
    raw,
  })
  try {
    const checked = schemas[entity].safeParse(map())
    if (checked.success) return { type: 'upsert', record: checked.data, ...facts }
    const [issue] = checked.error.issues
    return invalid(issue?.message ?? 'is not valid', issue?.path.map(String).join('.'))
  } catch (error) {
    return invalid(`could not be understood: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

/** The latest of several stamps of the platform, epoch ms. */
export const latest = (...stamps: string[]): number =>
  Math.max(...stamps.map((stamp) => Date.parse(stamp)).filter((time) => !Number.isNaN(time)), 0)
