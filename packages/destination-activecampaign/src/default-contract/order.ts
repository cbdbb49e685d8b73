import { amount, coalesce, join, mapValues, path, type ObjectContract } from '@millrace/core'

const shop = coalesce(path('store'), path('source'))

const states = {
  placed: 'PENDING',
  paid: 'COMPLETED',
  fulfilled: 'COMPLETED',
  returned: 'RETURNED',
  refunded: 'REFUNDED',
  cancelled: 'CANCELLED',
}

/** What an order becomes. `finalAmount` is what the buyer owes after refunds; each other amount is as the shop has it. */
export const orderContract: ObjectContract = {
  fields: {
    email: { value: path('email') },
    connection: { value: shop },
    currency: { value: path('currency') },
    finalAmount: { value: coalesce(amount('amountDue'), amount('gross')) },
    shippingAmount: { value: amount('shipping') },
    taxAmount: { value: amount('tax') },
    discountsAmount: { value: amount('discount') },
    normalizedStatus: { value: mapValues(path('stage'), states, 'PENDING') },
    storeStatus: { value: path('orderState') },
    storeCreatedDate: { value: path('placedAt') },
    storeModifiedDate: { value: path('modifiedAt') },
    orderNumber: { value: path('name') },
    orderUrl: { value: path('url') },
    shippingMethod: { value: join('shippingMethods', ', ') },
    paymentMethod: { value: join('paymentMethods', ', ') },
    customerLocale: { value: path('locale') },
    salesChannel: { value: coalesce(path('channel'), path('store')) },
    locationId: { value: path('store') },
    cartId: { value: path('cartKey') },
    creationSource: { value: mapValues(path('historical'), { true: 'HISTORICAL', false: 'REAL_TIME' }) },
  },
  children: {
    line: {
      fields: {
        storePrimaryId: { value: coalesce(path('sku'), path('variantId'), path('id')) },
        storeBaseProductId: { value: coalesce(path('productKey'), path('productId')) },
        name: { value: coalesce(path('nameText'), path('id')) },
        sku: { value: path('sku') },
        category: { value: path('category') },
        imageUrl: { value: path('imageUrl') },
        quantity: { value: path('quantity') },
        priceAmount: { value: amount('total') },
      },
    },
  },
}

/** What an abandoned cart becomes: REST Deep Data, in cents. */
export const cartContract: ObjectContract = {
  fields: {
    email: { value: path('email') },
    connection: { value: shop },
    currency: { value: path('currency') },
    state: { value: path('state') },
    totalPrice: { value: amount('gross') },
    shippingAmount: { value: amount('shipping') },
    taxAmount: { value: amount('tax') },
    discountAmount: { value: amount('discount') },
    externalCreatedDate: { value: path('createdAt') },
    externalUpdatedDate: { value: path('modifiedAt') },
    abandonedDate: { value: path('modifiedAt') },
    orderUrl: { value: path('recoveryUrl') },
  },
  children: {
    product: {
      fields: {
        externalid: { value: coalesce(path('sku'), path('variantId'), path('id')) },
        name: { value: coalesce(path('nameText'), path('id')) },
        sku: { value: path('sku') },
        category: { value: path('category') },
        imageUrl: { value: path('imageUrl') },
        quantity: { value: path('quantity') },
        price: { value: amount('price') },
      },
    },
  },
}
