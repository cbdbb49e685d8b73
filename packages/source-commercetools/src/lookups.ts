import type { Category, Order, Product } from '@commercetools/platform-sdk'
import type { Named, SourceContext } from '@millrace/core'
import { createCategoryTree } from './category-tree.ts'
import { createLookup } from './lookup.ts'
import type { Names, ProductFacts } from './names.ts'
import type { Platform } from './platform.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport.ts'
import { oneText, text } from './values.ts'

/** The ids that rows refer to, by kind. */
export interface References {
  groups?: Iterable<string>
  states?: Iterable<string>
  productTypes?: Iterable<string>
  channels?: Iterable<string>
  discountCodes?: Iterable<string>
  products?: Iterable<string>
  categories?: Iterable<string>
}

/** Bounded caches of what rows refer to. After `load`, `names` answers for those ids. */
export interface Lookups {
  names: Names
  load(references: References, ctx: SourceContext): Promise<void>
  /** Learns categories that were just read. */
  putCategories(rows: readonly Category[]): void
  /** Platform ids of all categories below any of `ids`. */
  categoriesBelow(ids: Iterable<string>): string[]
}

/** The categories that a product shows in the shop. */
export const categoryIdsOf = (product: Product): string[] => (product.masterData?.current?.categories ?? []).map(({ id }) => id)

/** The references of an order or cart. */
export const lineReferences = (rows: readonly Pick<Order, 'lineItems' | 'customerGroup' | 'state' | 'discountCodes'>[]): References => {
  const lines = rows.flatMap((row) => row.lineItems ?? [])
  return {
    products: lines.flatMap((line) => text(line.productId) ?? []),
    channels: lines.flatMap((line) => line.distributionChannel?.id ?? []),
    groups: rows.flatMap((row) => row.customerGroup?.id ?? []),
    states: rows.flatMap((row) => row.state?.id ?? []),
    discountCodes: rows.flatMap((row) => (row.discountCodes ?? []).map(({ discountCode }) => discountCode.id)),
  }
}

/** Caches over the transport. */
export const createLookups = (transport: Transport, platform: Platform, { locale }: Pick<Settings, 'locale'>): Lookups => {
  const tree = createCategoryTree(transport, platform)
  const groups = createLookup(transport, {
    listing: platform.customerGroups,
    fact: (row): Named => ({ id: row.id, key: text(row.key), name: text(row.name) }),
  })
  const states = createLookup(transport, {
    listing: platform.states,
    fact: (row): Named => ({ id: row.id, key: text(row.key), name: oneText(row.name, locale) }),
  })
  const productTypes = createLookup(transport, {
    listing: platform.productTypes,
    fact: (row): Named => ({ id: row.id, key: text(row.key), name: text(row.name) }),
  })
  const channels = createLookup(transport, { listing: platform.channels, fact: (row) => text(row.key) })
  const discountCodes = createLookup(transport, { listing: platform.discountCodes, fact: (row) => text(row.code) })
  const products = createLookup(transport, {
    listing: platform.products,
    fact: (row): ProductFacts => ({ key: text(row.key), categoryIds: categoryIdsOf(row) }),
    size: 50,
  })
  return {
    names: {
      group: groups.get,
      state: states.get,
      productType: productTypes.get,
      channel: channels.get,
      discountCode: discountCodes.get,
      product: products.get,
      category: tree.get,
    },
    putCategories: tree.put,
    categoriesBelow: tree.descendants,
    load: async (references, ctx) => {
      await groups.load(references.groups ?? [], ctx)
      await states.load(references.states ?? [], ctx)
      await productTypes.load(references.productTypes ?? [], ctx)
      await channels.load(references.channels ?? [], ctx)
      await discountCodes.load(references.discountCodes ?? [], ctx)
      const productIds = [...(references.products ?? [])]
      await products.load(productIds, ctx)
      const ofProducts = productIds.flatMap((id) => products.get(id)?.categoryIds ?? [])
      const categories = [...(references.categories ?? []), ...ofProducts]
      if (categories.length > 0) await tree.load(categories, ctx)
    },
  }
}
