import type { CheckFinding } from '@millrace/core'
import type { Settings } from './settings.ts'

/** One permission that reading needs: any of `scopes` gives it. Source: https://docs.commercetools.com/api/scopes. */
interface Need {
  scopes: readonly string[]
  /** What is missing without it. */
  reason: string
  /** Without it that data cannot be read at all; otherwise only readable names are lost. */
  required: boolean
  /** Whether a scope for the configured stores suffices. */
  inStore?: boolean
}

const needsOf = (settings: Settings): Need[] => {
  const fields = settings.consent.length > 0 || settings.phoneField !== undefined || settings.vatIdField !== undefined
  const lists = settings.shoppingLists !== undefined
  const storesRead = lists || settings.stores.length > 0 || (settings.productUrl?.includes('{store}') ?? false)
  return [
    { scopes: ['project_settings'], reason: 'the project settings, and with them the products', required: true },
    { scopes: ['products'], reason: 'products, their stock and categories', required: true },
    { scopes: ['standalone_prices', 'products'], reason: 'standalone prices', required: true },
    { scopes: ['categories', 'products'], reason: 'categories', required: true },
    { scopes: ['product_types', 'products'], reason: 'names of product types', required: false },
    { scopes: ['customers'], reason: 'customers', required: true, inStore: true },
    { scopes: ['customer_groups', 'customers'], reason: 'names of customer groups', required: false },
    { scopes: ['orders'], reason: settings.carts ? 'orders and carts' : 'orders', required: true, inStore: true },
    ...(lists ? [{ scopes: ['shopping_lists'], reason: 'shopping lists (setting `shoppingLists`)', required: true, inStore: true }] : []),
    { scopes: ['payments'], reason: 'payments and refunds of orders', required: true },
    { scopes: ['discount_codes', 'orders'], reason: 'coupon codes of orders', required: false },
    { scopes: ['states'], reason: 'names of workflow states', required: false },
    { scopes: ['channels', 'products'], reason: 'keys of channels', required: false },
    ...(settings.companies ? [{ scopes: ['business_units'], reason: 'business units (setting `companies`)', required: true }] : []),
    ...(settings.subscription === undefined
      ? []
      : [{ scopes: ['subscriptions'], reason: 'the subscription (setting `subscription`)', required: false }]),
    ...(storesRead ? [{ scopes: ['stores'], reason: 'stores', required: true }] : []),
    ...(fields ? [{ scopes: ['types'], reason: 'custom types, to check the names of fields', required: false }] : []),
  ]
}

const holds = (held: ReadonlySet<string>, base: string, { projectKey, stores }: Settings, inStore: boolean): boolean => {
  const has = (store?: string) =>
    ['view', 'manage'].some((verb) => held.has([`${verb}_${base}`, projectKey, ...(store === undefined ? [] : [store])].join(':')))
  return held.has(`manage_project:${projectKey}`) || has() || (inStore && stores.length > 0 && stores.every((store) => has(store)))
}

/** Scopes that are missing, and scopes that this source never uses: it only reads. */
export const scopeFindings = (granted: readonly string[], settings: Settings): CheckFinding[] => {
  const held = new Set(granted)
  const needs = needsOf(settings)
  const missing = needs
    .filter(({ scopes, inStore = false }) => !scopes.some((base) => holds(held, base, settings, inStore)))
    .map(({ scopes, reason, required }): CheckFinding => {
      const wanted = `view_${scopes[0]}:${settings.projectKey}`
      return {
        level: required ? 'error' : 'warning',
        code: 'source_scope_missing',
        message: `The API client may not read ${reason}.`,
        setting: 'clientId',
        cure: `Give the API client the scope ${wanted}${scopes[0] === 'business_units' ? ', or set `companies: false`' : ''}.`,
      }
    })
  // `apply` writes it; nothing else that this source does is a write.
  const writing = settings.subscription === undefined ? [] : ['manage_subscriptions']
  const useful = new Set(['view_stores', 'view_types', ...writing, ...needs.flatMap(({ scopes }) => scopes.map((base) => `view_${base}`))])
  const needless = granted.filter((scope) => !useful.has(scope.split(':')[0] ?? ''))
  if (needless.length === 0)
    return missing.length === 0
      ? [{ level: 'ok', code: 'source_scopes_fit', message: 'The API client has the scopes that are needed.' }]
      : missing
  const message = `The API client may do more than is needed: ${needless.toSorted().join(', ')}.`
  return [
    ...missing,
    { level: 'warning', code: 'source_scope_needless', message, setting: 'clientId', cure: 'Make an API client with `view_` scopes only.' },
  ]
}
