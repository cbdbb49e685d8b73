import { amount, coalesce, path, type EventRule, type ObjectContract } from '@millrace/core'

/**
 * Events that no object tells by itself. Orders, refunds and cancellations are told by the order's own write, abandoned carts by the cart's: the account's triggers
 * listen to those. Who wants them as events too names them with `as`.
 */
export const eventRules: Readonly<Record<string, EventRule>> = {
  'account.created': { name: '{prefix}_account_created' },
  'checkout.started': { name: '{prefix}_checkout_started' },
  'cart.item-added': { name: '{prefix}_cart_item_added' },
  'product.viewed': { name: '{prefix}_product_viewed' },
  'category.viewed': { name: '{prefix}_category_viewed' },
  search: { name: '{prefix}_search' },
  'cart.recovered': { name: '{prefix}_cart_recovered' },
  'price.dropped': { name: '{prefix}_price_dropped' },
  'product.back-in-stock': { name: '{prefix}_back_in_stock' },
}

/** What every event carries beside its id and time. */
export const eventContract: ObjectContract = {
  fields: {
    email: { value: path('person.email') },
    sku: { value: path('sku') },
    productKey: { value: path('productKey') },
    name: { value: path('productName') },
    category: { value: path('category') },
    quantity: { value: path('quantity') },
    value: { value: amount('value') },
    previousPrice: { value: amount('previousPrice') },
    currency: { value: path('currency') },
    store: { value: path('store') },
    channel: { value: path('channel') },
    locale: { value: path('locale') },
    country: { value: path('country') },
    url: { value: coalesce(path('url'), path('productUrl')) },
    image: { value: path('image') },
    orderId: { value: path('orderId') },
    orderNumber: { value: path('orderNumber') },
    cartId: { value: path('cartId') },
    query: { value: path('query') },
  },
}
