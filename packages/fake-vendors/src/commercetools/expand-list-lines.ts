import type { Resolve } from './expand.ts'
import type { Resource } from './resource.ts'

type Line = Record<string, unknown>
type Data = { slug?: unknown; masterVariant?: Line; variants?: Line[] }

/**
 * Puts what is no reference into the lines of a shopping list: `lineItems[*].variant` and `lineItems[*].productSlug`, of the product as it is shown. Of all lines or of
 * none: the vendor expands no single one. A line without a variant means the master; a product that is gone gives nothing.
 */
export function expandListLines(list: Resource, paths: readonly string[], resolve: Resolve): void {
  const wanted = paths.filter((path) => path === 'lineItems[*].variant' || path === 'lineItems[*].productSlug')
  if (wanted.length === 0 || !Array.isArray(list['lineItems'])) return
  for (const line of list['lineItems'] as Line[]) {
    const product = resolve({ typeId: 'product', id: String(line['productId']) })
    const current = (product?.['masterData'] as { current?: Data } | undefined)?.current
    if (current === undefined) continue
    const variants = [current.masterVariant, ...(current.variants ?? [])]
    const variant = variants.find((each) => each?.['id'] === (line['variantId'] ?? current.masterVariant?.['id']))
    if (wanted.includes('lineItems[*].variant') && variant !== undefined) line['variant'] = variant
    if (wanted.includes('lineItems[*].productSlug')) line['productSlug'] = current.slug
  }
}
