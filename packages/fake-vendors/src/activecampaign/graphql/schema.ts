import type { Shape } from './shapes.ts'

/** States an order can have. */
export const orderStatuses = [
  'PENDING',
  'COMPLETED',
  'ABANDONED',
  'RECOVERED',
  'WAITING',
  'CANCELLED',
  'REFUNDED',
  'FAILED',
  'RETURNED',
  'PENDING_PAYMENT',
] as const

type Members = Readonly<Record<string, Shape>>

const texts = (...names: string[]): Members => Object.fromEntries(names.map((name) => [name, 'text' as const]))
const decimals = (...names: string[]): Members => Object.fromEntries(names.map((name) => [name, 'decimal' as const]))

const address: Members = texts(
  'firstName',
  'lastName',
  'company',
  'address1',
  'address2',
  'city',
  'province',
  'provinceCode',
  'postal',
  'country',
  'countryCode',
  'phone',
)

const customer: Members = {
  ...texts('storeCustomerId', 'firstName', 'lastName', 'phone', 'company', 'locale'),
  ...texts('smsConsentUpdatedDate', 'smsConsentUpdatedAt'),
  acceptsMarketing: 'flag',
  smsMarketingState: { oneOf: ['NOT_SUBSCRIBED', 'PENDING', 'REDACTED', 'SUBSCRIBED', 'UNSUBSCRIBED'] },
  smsOptInLevel: { oneOf: ['CONFIRMED_OPT_IN', 'SINGLE_OPT_IN', 'UNKNOWN'] },
}

const lineItem: Members = {
  ...texts('storeLineItemId', 'storePrimaryId', 'storeBaseProductId', 'productId', 'variantId', 'name', 'productName', 'variantName'),
  ...texts('sku', 'category', 'description', 'imageUrl', 'productUrl', 'brand', 'currency'),
  ...decimals('priceAmount', 'discountAmount', 'discountsAmount', 'taxAmount'),
  legacyConnectionId: 'int',
  quantity: 'int',
  categories: { list: 'text' },
  tags: { list: 'text' },
}

const discount: Members = { ...texts('name', 'type', 'code'), ...decimals('discountAmount', 'discountsAmount') }

/**
 * Members of an order. The vendor notes name only some of them and contradict themselves on `discountAmount` / `discountsAmount` and
 * `smsConsentUpdatedDate` / `smsConsentUpdatedAt`: both spellings are taken.
 */
export const orderMembers: Members = {
  ...texts('storeOrderId', 'email', 'currency', 'storeStatus', 'cartId', 'customerLocale', 'salesChannel', 'locationId', 'orderNumber'),
  ...texts('orderUrl', 'shippingMethod', 'paymentMethod', 'notes'),
  ...texts('storeCreatedDate', 'storeModifiedDate', 'abandonedDate', 'externalCreatedDate', 'externalUpdatedDate'),
  ...decimals(
    'finalAmount',
    'subtotalAmount',
    'totalAmount',
    'shippingAmount',
    'taxAmount',
    'discountAmount',
    'discountsAmount',
    'refundedAmount',
  ),
  legacyConnectionId: 'int',
  normalizedStatus: { oneOf: orderStatuses },
  creationSource: { oneOf: ['HISTORICAL', 'REAL_TIME'] },
  customerData: { members: customer },
  shippingAddress: { members: address },
  billingAddress: { members: address },
  lineItems: { list: { members: lineItem } },
  discounts: { list: { members: discount } },
  tags: { list: 'text' },
}

/** Members of a product. Those of a base product start with `baseProduct`, those of a variant with `variant`. */
export const productMembers: Members = {
  ...texts('storePrimaryId', 'storeBaseProductId', 'storeVariantId', 'currency', 'status', 'storeCreatedDate', 'storeModifiedDate'),
  ...texts('baseProductName', 'baseProductDescription', 'baseProductUrl', 'baseProductUrlSlug', 'baseProductImageUrl', 'baseProductBrand'),
  ...texts('variantName', 'variantSku', 'variantDescription', 'variantUrl', 'variantImageUrl', 'variantStatus', 'variantWeightUnit'),
  ...decimals('variantPrice', 'variantPriceAmount', 'variantCompareAtPrice', 'variantCost', 'variantWeight'),
  legacyConnectionId: 'int',
  variantInventory: 'int',
  variantPosition: 'int',
  baseProductCategories: { list: 'text' },
  baseProductTags: { list: 'text' },
  categories: { list: 'text' },
  tags: { list: 'text' },
}
