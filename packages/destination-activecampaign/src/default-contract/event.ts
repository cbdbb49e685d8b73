import { coalesce, path, type EventRule, type ObjectContract } from '@millrace/core'

/** Events that no object of its own tells: the vendor's name is what its automations start by. */
export const eventRules: Readonly<Record<string, EventRule>> = {
  'account.created': { name: 'account_created' },
  'checkout.started': { name: 'checkout_started' },
  'cart.item-added': { name: 'cart_item_added' },
  'product.viewed': { name: 'product_viewed' },
  'category.viewed': { name: 'category_viewed' },
  search: { name: 'search' },
  'cart.recovered': { name: 'cart_recovered' },
}

/** What an event carries beside its id and time. */
export const eventContract: ObjectContract = {
  fields: {
    email: { value: path('subject.email') },
    sku: { value: path('data.sku') },
    productKey: { value: path('data.productKey') },
    name: { value: path('data.name') },
    category: { value: path('data.category') },
    quantity: { value: path('data.quantity') },
    value: { value: path('data.value') },
    currency: { value: path('data.currency') },
    store: { value: path('data.store') },
    locale: { value: path('data.locale') },
    url: { value: path('data.url') },
    image: { value: coalesce(path('data.image'), path('data.imageUrl')) },
    number: { value: path('data.number') },
  },
}
