import { amount, join, path, template, type Contract, type FieldRule } from '@millrace/core'
import { own } from './rule.ts'

/** What every event tells: where it happened, and what it was worth. */
const common: Record<string, FieldRule> = {
  store: own('string', 'Store', path('store')),
  locale: own('string', 'Language', path('locale')),
  value: own('decimal', 'Value', amount('value')),
  currency: own('string', 'Currency', path('currency')),
  url: own('string', 'Address', path('url')),
}

const goods: Record<string, FieldRule> = {
  quantity: own('integer', 'Pieces', path('quantity')),
  sku: own('string', 'SKU', path('sku')),
  product_key: own('string', 'Product key', path('productKey')),
  product_name: own('string', 'Product', path('productName')),
  category: own('string', 'Category', path('category')),
  image: own('string', 'Image', path('image')),
  skus: own('string', 'SKUs', join('skus', '; ')),
}

const order: Record<string, FieldRule> = {
  order_id: own('string', 'Order id', path('orderId')),
  order_number: own('string', 'Order number', path('orderNumber')),
}

const cart: Record<string, FieldRule> = { cart_id: own('string', 'Cart id', path('cartId')) }

/** What the types have in common, filled in for all of them. */
export const eventObject: Contract['objects'][string] = { fields: common }

/** The events that campaigns start from. Each name is a definition in the portal, so types that nothing starts from are left out. */
export const eventRules: Contract['events'] = {
  'account.created': { fields: {} },
  'checkout.started': { fields: { ...goods, ...cart } },
  'cart.abandoned': { fields: { ...goods, ...cart } },
  'cart.recovered': { fields: { ...goods, ...cart, ...order } },
  'order.placed': { fields: { ...goods, ...order } },
  'order.paid': { fields: { ...goods, ...order } },
  'order.fulfilled': { fields: { ...goods, ...order } },
  'order.cancelled': { fields: { ...goods, ...order } },
  'purchase.first': { fields: { ...goods, ...order } },
  'purchase.repeat': { fields: { ...goods, ...order } },
  refund: { fields: { ...goods, ...order, refund_id: own('string', 'Transaction', path('transactionId')) } },
  'return.in-progress': { fields: { ...goods, ...order } },
  'return.received': { fields: { ...goods, ...order } },
  'price.dropped': { fields: { ...goods, previous_price: own('decimal', 'Previous price', amount('previousPrice')) } },
  'product.back-in-stock': { fields: goods },
  'consent.changed': {
    fields: {
      consent: own('string', 'Statement', template('{consent.channel} {consent.purpose}: {consent.status}')),
    },
  },
}
