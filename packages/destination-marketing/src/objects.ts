import type { FieldSpec, ObjectSpec } from '@millrace/core'
import type { DocumentKind, MarketingProvider } from './provider.ts'

/** Where our own key stands on a contact. Vendors allow short names only. */
export const contactKeyField = '{prefix}_key'

/** Documents by the object that they are made from. */
export const documentOf: Readonly<Record<string, DocumentKind>> = { product: 'catalog', order: 'orders', cart: 'carts' }

const text: FieldSpec = { type: 'string' }
const money: FieldSpec = { type: 'decimal' }
const whole: FieldSpec = { type: 'integer' }
const instant: FieldSpec = { type: 'datetime' }

const address = (which: 'delivery' | 'billing'): Record<string, FieldSpec> =>
  Object.fromEntries(['address_1', 'address_2', 'city', 'region', 'postcode', 'country'].map((part) => [`${which}_${part}`, text]))

/** Without these a product is not shown in product blocks and recommendations (vendor notes, "Insight data v3"). */
export const recommended = ['name', 'price', 'url', 'sku', 'image_path'] as const

const product: ObjectSpec = {
  from: 'product',
  keyField: 'key',
  fields: {
    id: text,
    name: text,
    sku: text,
    price: money,
    specialPrice: money,
    currency: text,
    url: text,
    image_path: text,
    imagePath: text,
    stock: money,
    status: text,
    type: text,
    shortDescription: { type: 'text' },
    created_date: instant,
  },
}

const order: ObjectSpec = {
  from: 'order',
  keyField: 'key',
  parents: [{ object: 'contact', required: true }],
  totals: {
    currency: 'currency',
    amount: 'orderTotal',
    refunded: 'refundedAmount',
    placedAt: 'purchaseDate',
    stage: { field: 'orderStatus', won: ['Paid', 'Completed'] },
    number: 'id',
    store: 'storeName',
  },
  fields: {
    id: text,
    email: { type: 'email' },
    quoteId: text,
    storeName: text,
    purchaseDate: { type: 'datetime', required: true },
    ...address('delivery'),
    ...address('billing'),
    orderSubtotal: money,
    discountAmount: money,
    orderTotal: { type: 'decimal', required: true },
    taxAmount: money,
    refundedAmount: money,
    payment: text,
    deliveryMethod: text,
    deliveryTotal: money,
    currency: { type: 'string', required: true },
    couponCode: text,
    orderStatus: text,
  },
  children: {
    product: {
      keyField: 'key',
      fields: { product_id: text, parent_id: text, name: text, sku: text, price: money, qty: whole, total: money },
    },
  },
}

const cart: ObjectSpec = {
  from: 'cart',
  keyField: 'key',
  parents: [{ object: 'contact', required: true }],
  fields: {
    cartId: text,
    cartUrl: text,
    createdDate: instant,
    modifiedDate: instant,
    currency: text,
    subTotal: money,
    taxAmount: money,
    shipping: money,
    discountAmount: money,
    grandTotal: money,
    cartPhase: text,
  },
  children: {
    lineItem: {
      keyField: 'key',
      fields: {
        sku: text,
        name: text,
        imageUrl: text,
        productUrl: text,
        unitPrice: money,
        salePrice: money,
        quantity: whole,
        totalPrice: money,
      },
    },
  },
}

/** The objects that a provider can hold. */
export const objectsOf = (provider: MarketingProvider): Record<string, ObjectSpec> => ({
  contact: {
    from: 'person',
    keyField: contactKeyField,
    adoptBy: ['email'],
    memberships: ['list'],
    fields: { email: { type: 'email', required: true }, ...provider.contactFields },
  },
  ...(provider.consents === undefined
    ? {}
    : {
        subscription: {
          from: 'consent' as const,
          keyField: 'key',
          channels: provider.channels ?? ['email'],
          fields: { email: { type: 'email' as const, required: true }, mobileNumber: { type: 'phone' as const } },
        },
      }),
  ...(provider.documents === undefined ? {} : { product, order, cart }),
  ...(provider.events === undefined
    ? {}
    : { event: { from: 'event' as const, keyField: 'id', parents: [{ object: 'contact', required: true }], fields: {} } }),
})
