import type { Resource } from '../../resource.ts'
import type { FakeCommercetools } from '../../start.ts'
import { createDice } from '../dice.ts'
import { type Line, productLine } from '../lines.ts'
import type { CatalogProduct } from '../products.ts'
import { type Region, REGIONS } from '../regions.ts'
import { singleShipping } from '../shipping.ts'
import { addUp } from '../totals.ts'

/**
 * What must become of the rows of a kind. `delivered`: they arrive, made fit where needed. `isolated`: at most they themselves fail, visibly.
 * `either`: the destination and the contract decide, but nothing else may suffer.
 */
export type Fate = 'delivered' | 'isolated' | 'either'

/** A kind of hostile record: what it is and what a correct integration does with it. */
export interface HostileKind {
  id: string
  what: string
  expected: string
  fate: Fate
  seed(add: HostileShop): void
}

/** Adds rows of one kind; ids are `hostile-<kind>` with an optional ending. What is not given is harmless. */
export interface HostileShop {
  id(ending?: string): string
  customer(fields: Readonly<Record<string, unknown>>, ending?: string): Resource
  /** An order over 19.90 EUR plus shipping unless lines are given; its amounts add up. */
  order(options: OrderOptions, ending?: string): Resource
  payment(fields: Readonly<Record<string, unknown>>, ending?: string): Resource
  product(fields: Readonly<Record<string, unknown>>, options?: ProductOptions, ending?: string): Resource
  category(fields: Readonly<Record<string, unknown>>, ending?: string): Resource
  /** A plain line of 19.90 EUR, `fields` over it. */
  line(fields?: Readonly<Record<string, unknown>>, quantity?: number): Line
}

/** How an order differs from the harmless one. */
export interface OrderOptions {
  region?: Region
  lines?: readonly Line[]
  customLines?: readonly Line[]
  withShipping?: boolean
  fields?: Readonly<Record<string, unknown>>
  /** Fields that the order does not have. */
  without?: readonly string[]
}

/** How the data of a product differs from the harmless one. */
export interface ProductOptions {
  data?: Readonly<Record<string, unknown>>
  variant?: Readonly<Record<string, unknown>>
}

/** The store in which hostile orders are placed: Germany, in euros, tax included. */
export const HOME: Region = homeOf(REGIONS)

function homeOf([first]: readonly Region[]): Region {
  if (first === undefined) throw new Error('There are no regions')
  return first
}

const PRODUCT: CatalogProduct = {
  id: 'hostile-plain-product',
  key: 'hostile-plain-product',
  name: { 'en-US': 'Plain', 'de-DE': 'Schlicht' },
  slug: { 'en-US': 'plain' },
  reducedTax: false,
  variants: [],
}

/** Rows are added to `shop` at `at` (epoch ms) and noted with `added`. */
export function hostileShop(shop: FakeCommercetools, kind: string, at: number, added: (type: string, id: string) => void): HostileShop {
  const dice = createDice(at % 100_000)
  const stamp = new Date(at).toISOString()
  const put = (type: string, ending: string, fields: Readonly<Record<string, unknown>>): Resource => {
    const resource = { id: id(ending), createdAt: stamp, lastModifiedAt: stamp, ...fields }
    added(type, resource.id)
    return shop.project.add(type, resource)
  }
  const id = (ending = ''): string => `hostile-${kind}${ending === '' ? '' : `-${ending}`}`
  const address = {
    id: 'a1',
    firstName: 'Hanna',
    lastName: 'Harmlos',
    streetName: 'Hauptstr.',
    streetNumber: '1',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  }
  const email = (ending: string): string => `${id(ending)}@hostile.example.com`

  const line = (fields: Readonly<Record<string, unknown>> = {}, quantity = 1): Line => {
    const variant = { id: 1, sku: 'HOSTILE-SKU', key: 'hostile-sku', attributes: [], images: [], euroCents: 1990 }
    return { ...productLine(dice, HOME, PRODUCT, variant, { quantity }), ...fields }
  }

  return {
    id,
    line,
    customer: (fields, ending = '') =>
      put('customer', ending, {
        email: email(ending),
        firstName: 'Hanna',
        lastName: 'Harmlos',
        addresses: [address],
        defaultBillingAddressId: 'a1',
        defaultShippingAddressId: 'a1',
        billingAddressIds: ['a1'],
        shippingAddressIds: ['a1'],
        customerGroupAssignments: [],
        stores: [],
        isEmailVerified: false,
        authenticationMode: 'Password',
        ...fields,
      }),
    order(options, ending = '') {
      const region = options.region ?? HOME
      const lines = options.lines ?? [line()]
      const shipping =
        options.withShipping === false ? { fields: { shippingMode: 'Single', shipping: [] }, prices: [] } : singleShipping(region, address)
      const totals = addUp(region.currency, [...lines, ...(options.customLines ?? [])], shipping.prices, 0)
      const fields: Record<string, unknown> = {
        orderNumber: id(ending),
        customerEmail: email(ending),
        store: { typeId: 'store', key: region.storeKey },
        country: region.country,
        locale: region.locale,
        ...totals,
        taxMode: 'Platform',
        taxRoundingMode: 'HalfEven',
        taxCalculationMode: 'LineItemLevel',
        inventoryMode: 'None',
        lineItems: lines,
        customLineItems: options.customLines ?? [],
        ...shipping.fields,
        billingAddress: address,
        discountCodes: [],
        directDiscounts: [],
        refusedGifts: [],
        returnInfo: [],
        syncInfo: [],
        orderState: 'Open',
        paymentState: 'Paid',
        shipmentState: 'Pending',
        origin: 'Customer',
        ...options.fields,
      }
      return put('order', ending, Object.fromEntries(Object.entries(fields).filter(([name]) => options.without?.includes(name) !== true)))
    },
    payment: (fields, ending = '') =>
      put('payment', ending, {
        transactions: [],
        interfaceInteractions: [],
        paymentStatus: {},
        paymentMethodInfo: { method: 'INVOICE' },
        ...fields,
      }),
    product(fields, options = {}, ending = '') {
      const masterVariant = {
        id: 1,
        sku: id(ending),
        key: id(ending),
        prices: [price()],
        images: [],
        attributes: [],
        assets: [],
        ...options.variant,
      }
      const data = {
        name: PRODUCT.name,
        slug: { 'en-US': id(ending) },
        categories: [],
        variants: [],
        searchKeywords: {},
        attributes: [],
        masterVariant,
        ...options.data,
      }
      return put('product', ending, {
        key: id(ending),
        productType: { typeId: 'product-type', id: 'product-type-clothing' },
        priceMode: 'Embedded',
        masterData: { published: true, hasStagedChanges: false, current: data, staged: data },
        ...fields,
      })
    },
    category: (fields, ending = '') =>
      put('category', ending, {
        key: id(ending),
        name: { 'en-US': id(ending) },
        slug: { 'en-US': id(ending) },
        ancestors: [],
        orderHint: '0.5',
        assets: [],
        ...fields,
      }),
  }
}

function price(): Record<string, unknown> {
  return { id: 'price', value: { type: 'centPrecision', currencyCode: 'EUR', centAmount: 1990, fractionDigits: 2 } }
}
