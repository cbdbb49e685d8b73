/** A kind of resource as the URL names it: the mock's type id and the scopes, any of which opens it (without `view_` or `manage_`). */
export interface Endpoint {
  type: string
  scopes: readonly string[]
}

/**
 * The endpoints that this fake knows. Which scope opens what: https://docs.commercetools.com/api/scopes, where the wider scopes of old
 * (products, orders, customers) go on opening what has a scope of its own since.
 */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'business-units': { type: 'business-unit', scopes: ['business_units'] },
  'cart-discounts': { type: 'cart-discount', scopes: ['cart_discounts', 'orders'] },
  carts: { type: 'cart', scopes: ['orders'] },
  categories: { type: 'category', scopes: ['categories', 'products'] },
  channels: { type: 'channel', scopes: ['channels', 'products'] },
  'custom-objects': { type: 'key-value-document', scopes: ['key_value_documents'] },
  'customer-groups': { type: 'customer-group', scopes: ['customer_groups', 'customers'] },
  customers: { type: 'customer', scopes: ['customers'] },
  'discount-codes': { type: 'discount-code', scopes: ['discount_codes', 'orders'] },
  inventory: { type: 'inventory-entry', scopes: ['products'] },
  messages: { type: 'message', scopes: ['messages'] },
  orders: { type: 'order', scopes: ['orders'] },
  payments: { type: 'payment', scopes: ['payments'] },
  'product-discounts': { type: 'product-discount', scopes: ['product_discounts', 'products'] },
  'product-projections': { type: 'product-projection', scopes: ['products', 'published_products'] },
  'product-selections': { type: 'product-selection', scopes: ['product_selections', 'products'] },
  'product-types': { type: 'product-type', scopes: ['product_types', 'products'] },
  products: { type: 'product', scopes: ['products'] },
  quotes: { type: 'quote', scopes: ['quotes'] },
  'shipping-methods': { type: 'shipping-method', scopes: ['shipping_methods', 'orders'] },
  'shopping-lists': { type: 'shopping-list', scopes: ['shopping_lists'] },
  'standalone-prices': { type: 'standalone-price', scopes: ['standalone_prices', 'products'] },
  states: { type: 'state', scopes: ['states'] },
  stores: { type: 'store', scopes: ['stores'] },
  subscriptions: { type: 'subscription', scopes: ['subscriptions'] },
  'tax-categories': { type: 'tax-category', scopes: ['tax_categories', 'products', 'orders'] },
  variants: { type: 'variant', scopes: ['products'] },
  types: { type: 'type', scopes: ['types'] },
  zones: { type: 'zone', scopes: ['zones', 'orders'] },
}

/** What a path below the API's address asks for. */
export interface Target {
  projectKey: string
  storeKey: string | undefined
  /** The first part behind project and store: `customers`; empty for the project itself. */
  segment: string
  endpoint: Endpoint | undefined
  /** What follows the segment, decoded: nothing for a list, one part for an id or `key=...`, more for what lies deeper. */
  rest: readonly string[]
}

/** Takes a path such as `/shop/in-store/key=de/orders/123` apart. */
export function readTarget(path: string): Target {
  const [projectKey = '', ...parts] = path.split('/').slice(1).map(decode)
  const inStore = parts[0] === 'in-store' && parts[1]?.startsWith('key=') === true
  const storeKey = inStore ? parts[1]?.slice('key='.length) : undefined
  const [segment = '', ...rest] = inStore ? parts.slice(2) : parts
  return {
    projectKey,
    storeKey,
    segment,
    endpoint: Object.hasOwn(ENDPOINTS, segment) ? ENDPOINTS[segment] : undefined,
    rest,
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
