import { z } from 'zod'
import { cartSchema } from './cart.ts'
import { categorySchema, productSchema } from './catalog.ts'
import { companySchema } from './company.ts'
import { customerSchema } from './customer.ts'
import { orderSchema } from './order.ts'
import { shoppingListSchema } from './shopping-list.ts'

/** Any canonical snapshot of a source entity, told apart by `entity`. */
export const recordSchema = z.discriminatedUnion('entity', [
  customerSchema,
  orderSchema,
  productSchema,
  categorySchema,
  companySchema,
  cartSchema,
  shoppingListSchema,
])
export type CommerceRecord = z.infer<typeof recordSchema>

/** Kinds of records, in the order in which parents come before their children (design §7.7). */
export const entities = ['category', 'product', 'company', 'customer', 'order', 'cart', 'shopping-list'] as const
export type Entity = (typeof entities)[number]

/** Names one record of one named source. */
export interface RecordRef<Source extends string = string> {
  source: Source
  entity: Entity
  id: string
}

/** The reference as one line of text, for messages: `shop-eu/customer/42`. */
export const refText = (ref: RecordRef): string => `${ref.source}/${ref.entity}/${ref.id}`
