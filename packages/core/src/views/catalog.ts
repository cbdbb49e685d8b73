import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import type { UnitKind } from '../spec/destination.ts'
import { cartViewSchema } from './cart-view.ts'
import { categoryViewSchema } from './category-view.ts'
import { companyViewSchema } from './company-view.ts'
import { eventViewSchema } from './event-view.ts'
import { orderViewSchema } from './order-view.ts'
import { personViewSchema } from './person-view.ts'
import { productViewSchema } from './product-view.ts'
import { kindOfSchema } from './value-kind.ts'
import type { ValueKind } from './value-kind.ts'

const person = kindOfSchema(personViewSchema.omit({ dateOfBirth: true }))
const withDates: ValueKind = person.kind === 'object' ? { ...person, fields: { ...person.fields, dateOfBirth: { kind: 'date' } } } : person

/** What the view of each kind of unit holds, read off the schemas that the views are typed by. */
export const viewCatalog: Readonly<Record<UnitKind, ValueKind>> = {
  person: withDates,
  consent: withDates,
  order: kindOfSchema(orderViewSchema),
  cart: kindOfSchema(cartViewSchema),
  product: kindOfSchema(productViewSchema),
  category: kindOfSchema(categoryViewSchema),
  company: kindOfSchema(companyViewSchema),
  event: kindOfSchema(eventViewSchema),
}

/** What the records hold that a person is put together from, for paths into them. */
export const modelCatalog: Readonly<Record<'order' | 'account', ValueKind>> = {
  order: kindOfSchema(orderSchema),
  account: kindOfSchema(customerSchema),
}

/** Where the children of a unit stand in its view: the lines of orders, carts and events, the variants of products. */
export const childrenAt: Readonly<Partial<Record<UnitKind, string>>> = {
  order: 'lines',
  cart: 'lines',
  event: 'lines',
  product: 'variants',
}

/** What one child of a unit holds; undefined for units that have none. */
export const childCatalog = (kind: UnitKind): ValueKind | undefined => {
  const at = childrenAt[kind]
  return at === undefined ? undefined : kindAt(viewCatalog[kind], `${at}.0`)
}

/**
 * What stands at a dotted path; undefined when nothing can. A name after a list reaches into its items (`lines.sku` is a list of texts), a number picks one.
 */
export const kindAt = (from: ValueKind, path: string): ValueKind | undefined => {
  let kind: ValueKind | undefined = from
  let listed = false
  for (const segment of path.split('.')) {
    if (segment === '' || kind === undefined) return undefined
    if (kind.kind === 'list') {
      if (/^\d+$/.test(segment)) {
        kind = kind.of
        continue
      }
      listed = true
      kind = kind.of
    }
    kind = step(kind, segment)
  }
  return kind !== undefined && listed && kind.kind !== 'list' ? { kind: 'list', of: kind } : kind
}

const step = (kind: ValueKind, segment: string): ValueKind | undefined => {
  switch (kind.kind) {
    case 'object':
      return Object.hasOwn(kind.fields, segment) ? kind.fields[segment] : undefined
    case 'record':
      return kind.of
    case 'money':
      return segment === 'amount' ? { kind: 'decimal' } : segment === 'currency' ? { kind: 'text' } : undefined
    case 'localized':
      return { kind: 'text' }
    case 'open':
      return kind
    default:
      return undefined
  }
}
