import { amount, join, path, type ObjectContract } from '@millrace/core'

/** What every event tells. Which types go out is the contract's choice (`events`): none by default, since the vendor's package may not include them. */
export const eventContract: ObjectContract = {
  fields: {
    order_number: { type: 'string', value: path('orderNumber') },
    value: { type: 'decimal', value: amount('value') },
    previous_price: { type: 'decimal', value: amount('previousPrice') },
    currency: { type: 'string', value: path('currency') },
    quantity: { type: 'integer', value: path('quantity') },
    sku: { type: 'string', value: path('sku') },
    skus: { type: 'string', value: join('skus', ', ', 50) },
    product_name: { type: 'string', value: path('productName') },
    category: { type: 'string', value: path('category') },
    image: { type: 'string', value: path('image') },
    url: { type: 'string', value: path('url') },
    store: { type: 'string', value: path('store') },
    locale: { type: 'string', value: path('locale') },
  },
}
