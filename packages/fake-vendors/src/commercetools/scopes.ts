import type { Target } from './endpoints.ts'

/** What a client may read when a test names no scopes: everything an integration needs, and nothing to write. */
export const DEFAULT_SCOPES: readonly string[] = [
  'view_business_units',
  'view_categories',
  'view_channels',
  'view_customer_groups',
  'view_customers',
  'view_discount_codes',
  'view_orders',
  'view_payments',
  'view_product_types',
  'view_products',
  'view_project_settings',
  'view_quotes',
  'view_standalone_prices',
  'view_states',
  'view_stores',
  'view_tax_categories',
  'view_types',
]

/** `view_customers` in its full form `view_customers:{projectKey}`; a scope that names a project already stays. */
export function fullScope(scope: string, projectKey: string): string {
  return scope.includes(':') ? scope : `${scope}:${projectKey}`
}

/**
 * The scopes that open a request, any of them; `manage_x` includes `view_x`, `manage_project` includes all, and inside a store the same with
 * the store's key as third part.
 */
export function openingScopes(method: string, target: Target, staged: boolean): string[] {
  const names =
    target.segment === ''
      ? ['project_settings']
      : (target.endpoint?.scopes ?? []).filter((name) => name !== 'published_products' || !staged)
  const reading = method === 'GET' || method === 'HEAD'
  const bases = ['manage_project', ...names.flatMap((name) => (reading ? [`view_${name}`, `manage_${name}`] : [`manage_${name}`]))]
  return bases.flatMap((base) => {
    const scope = `${base}:${target.projectKey}`
    return target.storeKey === undefined ? [scope] : [scope, `${scope}:${target.storeKey}`]
  })
}
