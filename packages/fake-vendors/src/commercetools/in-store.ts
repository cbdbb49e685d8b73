import type { Resource } from './resource.ts'

/**
 * Whether a resource is seen from inside a store. Carts, orders, quotes and shopping lists name one store; customers may belong to several or,
 * with an empty list, to all. Other types are not fenced by this fake.
 */
export function isInStore(resourceType: string, resource: Readonly<Record<string, unknown>>, storeKey: string): boolean {
  if (resourceType === 'customer') {
    const stores = resource['stores']
    return !Array.isArray(stores) || stores.length === 0 || stores.some((store) => keyOf(store) === storeKey)
  }
  if (FENCED.has(resourceType)) return keyOf(resource['store']) === storeKey
  return true
}

const FENCED = new Set(['order', 'cart', 'quote', 'quote-request', 'staged-quote', 'shopping-list'])

function keyOf(reference: unknown): unknown {
  return typeof reference === 'object' && reference !== null ? (reference as Resource)['key'] : undefined
}
