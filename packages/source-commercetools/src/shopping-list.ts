import type { ShoppingList as PlatformList } from '@commercetools/platform-sdk'
import type { ShoppingList } from '@millrace/core'
import type { StoreChannels } from './catalogue.ts'
import { localized, requiredInstant, text } from './values.ts'

/**
 * A shopping list as the canonical record. Lines name product and variant only; the SKU comes from the expanded variant, and a line without one (the product is gone) cannot
 * be watched. `channels` = those of the list's store.
 */
export const toShoppingList = (row: PlatformList, channels: StoreChannels | undefined): ShoppingList => ({
  entity: 'shopping-list',
  id: row.id,
  key: text(row.key),
  createdAt: requiredInstant(row.createdAt),
  modifiedAt: requiredInstant(row.lastModifiedAt),
  name: localized(row.name),
  customerId: text(row.customer?.id),
  store: text(row.store?.key),
  priceChannels: [...(channels?.prices ?? [])],
  supplyChannels: [...(channels?.supply ?? [])],
  items: (row.lineItems ?? []).map(({ id, quantity, addedAt, variant }) => ({
    id,
    sku: text(variant?.sku),
    quantity,
    addedAt: requiredInstant(addedAt),
  })),
})
