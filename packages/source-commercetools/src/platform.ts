import {
  ApiRoot,
  type ApiRequest,
  type BusinessUnit,
  type Cart,
  type Category,
  type Channel,
  type Customer,
  type CustomerGroup,
  type DiscountCode,
  type InventoryEntry,
  type Order,
  type Payment,
  type Product,
  type ProductType,
  type Project,
  type QueryParam,
  type ShoppingList,
  type StandalonePrice,
  type Subscription,
  type SubscriptionDraft,
  type SubscriptionUpdateAction,
  type State,
  type Store,
  type Type,
  type Variant,
} from '@commercetools/platform-sdk'
import type { Settings } from './settings.ts'

/** What every resource of the platform has. */
export interface Row {
  readonly id: string
  readonly version: number
  readonly lastModifiedAt: string
}

/** A list request. Input variables (`var.name`) keep values out of the predicates. */
export interface QueryArgs {
  where: string[]
  sort: string[]
  limit: number
  /** True only for estimates: totals are slow and themselves estimates. */
  withTotal: boolean
  [variable: string]: QueryParam
}

/** The rows of one page. */
interface Paged<T> {
  readonly total?: number
  readonly results: T[]
}

/** A kind of resource that can be listed. `what` names it in messages. */
export interface Listing<T> {
  what: string
  query(args: QueryArgs): ApiRequest<Paged<T>>
}

/** A listing whose resources can also be fetched one by one. `store` is set for the in-store endpoints. */
export interface Collection<T> extends Listing<T> {
  store: string | undefined
  byId(id: string): ApiRequest<T>
}

/** The platform's resources as this source reads them. Customers, orders, carts and shopping lists: one collection per store, or one for the whole project. */
export interface Platform {
  project(): ApiRequest<Project>
  customers: Collection<Customer>[]
  orders: Collection<Order>[]
  carts: Collection<Cart>[]
  /** With the variants of their lines, which alone have the SKU. */
  shoppingLists: Collection<ShoppingList>[]
  products: Collection<Product> & { byKey(key: string): ApiRequest<Product> }
  categories: Collection<Category> & { byKey(key: string): ApiRequest<Category> }
  companies: Listing<BusinessUnit> & { byKey(key: string): ApiRequest<BusinessUnit> }
  variants: Listing<Variant>
  payments: Listing<Payment>
  subscriptions: {
    byKey(key: string): ApiRequest<Subscription>
    create(draft: SubscriptionDraft): ApiRequest<Subscription>
    update(key: string, version: number, actions: SubscriptionUpdateAction[]): ApiRequest<Subscription>
  }
  standalonePrices: Listing<StandalonePrice>
  inventory: Listing<InventoryEntry>
  customerGroups: Listing<CustomerGroup>
  channels: Listing<Channel>
  states: Listing<State>
  discountCodes: Listing<DiscountCode>
  productTypes: Listing<ProductType>
  stores: Listing<Store>
  types: Listing<Type>
}

const withVariants = 'lineItems[*].variant'

/** Request builders of the platform's SDK for the settings. Nothing is sent from here. */
export const createPlatform = ({ projectKey, stores }: Pick<Settings, 'projectKey' | 'stores'>): Platform => {
  const root = new ApiRoot({ executeRequest: () => Promise.reject(new TypeError('Requests are sent by the transport')) }).withProjectKey({
    projectKey,
  })
  const scopes =
    stores.length === 0
      ? [{ store: undefined, at: root }]
      : stores.map((store) => ({ store, at: root.inStoreKeyWithStoreKeyValue({ storeKey: store }) }))
  return {
    project: () => root.get(),
    customers: scopes.map(({ store, at }) => ({
      what: 'customers',
      store,
      query: (queryArgs) => at.customers().get({ queryArgs }),
      byId: (ID) => at.customers().withId({ ID }).get(),
    })),
    orders: scopes.map(({ store, at }) => ({
      what: 'orders',
      store,
      query: (queryArgs) => at.orders().get({ queryArgs }),
      byId: (ID) => at.orders().withId({ ID }).get(),
    })),
    carts: scopes.map(({ store, at }) => ({
      what: 'carts',
      store,
      query: (queryArgs) => at.carts().get({ queryArgs }),
      byId: (ID) => at.carts().withId({ ID }).get(),
    })),
    shoppingLists: scopes.map(({ store, at }) => ({
      what: 'shopping lists (setting `shoppingLists`)',
      store,
      query: (queryArgs) => at.shoppingLists().get({ queryArgs: { ...queryArgs, expand: withVariants } }),
      byId: (ID) =>
        at
          .shoppingLists()
          .withId({ ID })
          .get({ queryArgs: { expand: withVariants } }),
    })),
    products: {
      what: 'products',
      store: undefined,
      query: (queryArgs) => root.products().get({ queryArgs }),
      byId: (ID) => root.products().withId({ ID }).get(),
      byKey: (key) => root.products().withKey({ key }).get(),
    },
    categories: {
      what: 'categories',
      store: undefined,
      query: (queryArgs) => root.categories().get({ queryArgs }),
      byId: (ID) => root.categories().withId({ ID }).get(),
      byKey: (key) => root.categories().withKey({ key }).get(),
    },
    companies: {
      what: 'business units (setting `companies`)',
      query: (queryArgs) => root.businessUnits().get({ queryArgs }),
      byKey: (key) => root.businessUnits().withKey({ key }).get(),
    },
    variants: { what: 'variants', query: (queryArgs) => root.variants().get({ queryArgs }) },
    subscriptions: {
      byKey: (key) => root.subscriptions().withKey({ key }).get(),
      create: (body) => root.subscriptions().post({ body }),
      update: (key, version, actions) => root.subscriptions().withKey({ key }).post({ body: { version, actions } }),
    },
    payments: { what: 'payments', query: (queryArgs) => root.payments().get({ queryArgs }) },
    standalonePrices: { what: 'standalone prices', query: (queryArgs) => root.standalonePrices().get({ queryArgs }) },
    inventory: { what: 'inventory', query: (queryArgs) => root.inventory().get({ queryArgs }) },
    customerGroups: { what: 'customer groups', query: (queryArgs) => root.customerGroups().get({ queryArgs }) },
    channels: { what: 'channels', query: (queryArgs) => root.channels().get({ queryArgs }) },
    states: { what: 'states', query: (queryArgs) => root.states().get({ queryArgs }) },
    discountCodes: { what: 'discount codes', query: (queryArgs) => root.discountCodes().get({ queryArgs }) },
    productTypes: { what: 'product types', query: (queryArgs) => root.productTypes().get({ queryArgs }) },
    stores: { what: 'stores', query: (queryArgs) => root.stores().get({ queryArgs }) },
    types: { what: 'types', query: (queryArgs) => root.types().get({ queryArgs }) },
  }
}
