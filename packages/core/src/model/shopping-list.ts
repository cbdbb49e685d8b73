import { z } from 'zod'
import { instantSchema, localizedSchema } from './common.ts'

/** Goods that somebody put on a list. `addedAt` = when. */
export const listItemSchema = z.object({
  id: z.string(),
  sku: z.string().optional(),
  quantity: z.number().int().default(1),
  addedAt: instantSchema,
})
export type ListItem = z.infer<typeof listItemSchema>

/**
 * A list on which an account keeps goods that it did not buy yet, such as a wish list. `priceChannels` and `supplyChannels` are keys of the channels that its store
 * takes prices and stock from; empty = not known, or no list of a store.
 */
export const shoppingListSchema = z.object({
  entity: z.literal('shopping-list'),
  id: z.string().min(1),
  key: z.string().optional(),
  createdAt: instantSchema,
  modifiedAt: instantSchema,
  name: localizedSchema,
  customerId: z.string().optional(),
  store: z.string().optional(),
  priceChannels: z.array(z.string()).default([]),
  supplyChannels: z.array(z.string()).default([]),
  items: z.array(listItemSchema).default([]),
})
export type ShoppingList = z.infer<typeof shoppingListSchema>
