import type { Resource } from '../resource.ts'
import type { FakeCommercetools } from '../start.ts'

interface Variant {
  id: number
  sku?: string
  key?: string
  prices?: { id: string; [field: string]: unknown }[]
  images?: unknown[]
  attributes?: unknown[]
  assets?: unknown[]
}

interface ProductData {
  masterVariant?: Variant
  variants?: Variant[]
  [field: string]: unknown
}

interface Product extends Resource {
  masterData: { published: boolean; current: ProductData; staged: ProductData }
}

/**
 * Turns a shop's classic catalogue into a modular one: each variant becomes a resource under `/variants`, each embedded price a standalone one,
 * products keep neither. Versions and times stay.
 */
export function migrateToModular({ project }: FakeCommercetools): void {
  for (const resource of project.all('product')) {
    const { id, masterData, createdAt, lastModifiedAt } = resource as Product
    const { masterVariant, variants = [] } = masterData.current
    for (const variant of masterVariant === undefined ? variants : [masterVariant, ...variants]) {
      const { sku, key, prices = [], images, attributes, assets } = variant
      const data = { sku, images, attributes, assets }
      const reference = { typeId: 'product', id }
      project.add('variant', {
        id: `${id}-${variant.id}`,
        createdAt,
        lastModifiedAt,
        key,
        variantId: variant.id,
        product: reference,
        published: masterData.published,
        current: data,
        staged: data,
      })
      for (const price of prices)
        if (sku !== undefined)
          project.add('standalone-price', { ...price, id: `${id}-${price.id}`, sku, active: true, createdAt, lastModifiedAt })
    }
    const stripped = (data: ProductData): ProductData => {
      const { masterVariant: _, ...rest } = data
      return { ...rest, variants: [] }
    }
    const changed = { ...masterData, current: stripped(masterData.current), staged: stripped(masterData.staged) }
    project.update('product', id, { masterData: changed, priceMode: 'Standalone' }, { touch: false })
  }
  project.configure({ productCatalogModel: 'Modular' })
}
