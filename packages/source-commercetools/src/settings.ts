import type { Entity } from '@millrace/core'
import type { SubscriptionSettings } from './subscription-settings.ts'
import { checkGiven, checkResolved } from './validate-settings.ts'

/** A secret, or a function that fetches it; it is called again after the platform refused the last one. */
export type Credential = string | (() => Promise<string>)

/**
 * How one custom field of the customer, or of a guest's order, states consent for one channel. The platform has no consent field of its own, so nothing is read unless it is
 * listed here. An absent value is unknown. Without lists, `true`, `'true'` and `'YES'` are granted, `false`, `'false'` and `'NO'` denied, and any other
 * value is unknown. With `granted` alone any other value is denied; with both lists an unlisted one is unknown. Text is compared without regard to case.
 */
export interface ConsentField {
  channel: 'email' | 'sms' | 'phone' | 'post' | 'push'
  /** Name of the customer's custom field, for example `NEWSLETTER_SUBSCRIBE`. */
  field: string
  granted?: readonly (string | boolean | number)[]
  denied?: readonly (string | boolean | number)[]
  /** A custom field of type DateTime that tells when the statement was made. */
  timestampField?: string
  /** Default: `marketing`. */
  purpose?: string
  /** Custom fields that prove the statement: form, address, time of a confirmation (`confirmedAt`). Only an opt-in with evidence and a time can lift an opt-out. */
  evidenceFields?: readonly string[]
  /** Legal basis, such as `double-opt-in`. */
  basis?: string
}

/** Which products are read: all, those on at least one order, or those matching a query predicate of the platform for `/products`. */
export type ProductSelection = 'all' | 'referenced' | { where: string }

/** Which shopping lists are read: those of a name, in whichever language of the project, or those matching a query predicate of the platform for `/shopping-lists`. */
export type ListSelection = readonly string[] | { where: string }

/** What `commercetools()` takes. Unknown settings are refused. */
export interface CommercetoolsSettings {
  projectKey: string
  clientId: Credential
  clientSecret: Credential
  /** For example `https://api.europe-west1.gcp.commercetools.com`. */
  apiUrl: string
  /** For example `https://auth.europe-west1.gcp.commercetools.com`. */
  authUrl: string
  /** Scopes to ask for, such as `view_customers:my-project`. Default: all that the API client has. */
  scopes?: readonly string[]
  /** Keys of the stores whose customers, orders and carts are read, through the in-store endpoints. Default: the whole project. */
  stores?: readonly string[]
  /** Default `all`. */
  products?: ProductSelection
  /** Read carts. Default false. */
  carts?: boolean
  /**
   * Shopping lists of accounts whose goods are watched, for events of price drops and goods that are back in stock: their names, `['Wishlist', 'Merkzettel']`, as they are
   * written in some language, or a query predicate. Default: none is read.
   */
  shoppingLists?: ListSelection
  /** Read business units, and which of them a customer belongs to. Default true. */
  companies?: boolean
  /**
   * What makes a company of customers without a business unit: their company name or their VAT id. Reads the customers once more for it. Default `none`.
   */
  companyRule?: 'none' | 'name' | 'vat-id'
  consent?: readonly ConsentField[]
  /** The subscription by which the project announces changes. Default: none, Millrace polls. */
  subscription?: SubscriptionSettings
  /** Custom field of the customer that holds the phone number. Default: the phone of the default billing or shipping address. */
  phoneField?: string
  /** Custom field of customers and business units that holds the VAT id. Default: the customer's own `vatId`. */
  vatIdField?: string
  /** Money field of a line item, or else money attribute of a variant, that holds what one piece costs the shop. */
  costField?: string
  /** Storefront address of a product with the placeholders `{slug} {sku} {key} {store} {locale} {id}`. */
  productUrl?: string
  /** Address that brings a cart back, with `{id} {store} {locale} {key}`. */
  cartUrl?: string
  /** Address of an order, with `{id} {key} {store} {locale}`; `{key}` is the order number. */
  orderUrl?: string
  /** Locale preferred where one plain name is needed (states, channels), and where a slug lacks the locale of a store. Default `en`. */
  locale?: string
  /** Rows of the first page per kind of record, 1 to 500. Pages shrink when replies are large. Default 500; 100 for orders, carts and products, 50 for shopping lists. */
  pageSizes?: Partial<Record<Entity, number>>
  /** How far behind the platform's clock to read, in ms. Default 120000. */
  settleMs?: number
  /** How far to overlap the last window, in ms. Default 120000. */
  overlapMs?: number
  /** How long to wait for one reply, in ms. Default 30000. */
  timeoutMs?: number
}

/** Settings with their defaults filled in. */
export interface Settings {
  projectKey: string
  clientId: Credential
  clientSecret: Credential
  apiUrl: string
  authUrl: string
  scopes: readonly string[] | undefined
  stores: readonly string[]
  products: ProductSelection
  carts: boolean
  shoppingLists: ListSelection | undefined
  companies: boolean
  companyRule: 'none' | 'name' | 'vat-id'
  consent: readonly ConsentField[]
  subscription: SubscriptionSettings | undefined
  phoneField: string | undefined
  vatIdField: string | undefined
  costField: string | undefined
  productUrl: string | undefined
  cartUrl: string | undefined
  orderUrl: string | undefined
  locale: string
  pageSizes: Record<Entity, number>
  settleMs: number
  overlapMs: number
  timeoutMs: number
}

const defaultPageSizes: Record<Entity, number> = {
  category: 500,
  product: 100,
  company: 500,
  customer: 500,
  order: 100,
  cart: 100,
  'shopping-list': 50,
}

/** Fills in the defaults. Throws MillraceError `setting_invalid`, naming the setting. */
export const resolveSettings = (given: CommercetoolsSettings): Settings => {
  checkGiven(given)
  const settings: Settings = {
    projectKey: given.projectKey,
    clientId: given.clientId,
    clientSecret: given.clientSecret,
    apiUrl: given.apiUrl,
    authUrl: given.authUrl,
    scopes: given.scopes,
    stores: given.stores ?? [],
    products: given.products ?? 'all',
    carts: given.carts ?? false,
    shoppingLists: given.shoppingLists,
    companies: given.companies ?? true,
    companyRule: given.companyRule ?? 'none',
    consent: given.consent ?? [],
    subscription: given.subscription,
    phoneField: given.phoneField,
    vatIdField: given.vatIdField,
    costField: given.costField,
    productUrl: given.productUrl,
    cartUrl: given.cartUrl,
    orderUrl: given.orderUrl,
    locale: given.locale ?? 'en',
    pageSizes: { ...defaultPageSizes, ...given.pageSizes },
    settleMs: given.settleMs ?? 120_000,
    overlapMs: given.overlapMs ?? 120_000,
    timeoutMs: given.timeoutMs ?? 30_000,
  }
  checkResolved(settings)
  return settings
}
