import { amount, coalesce, path, template, type ObjectContract } from '@millrace/core'
import { own } from './rule.ts'

/** What a shopping cart becomes as HubSpot's own cart object. `hs_external_cart_id` is left out: it may be unique over all shops. */
export const cartContract: ObjectContract = {
  fields: {
    hs_cart_name: { value: template('Cart {id}') },
    hs_external_status: { value: path('state') },
    hs_source_store: { value: path('store') },
    hs_total_price: { value: amount('gross') },
    hs_currency_code: { value: path('currency') },
    hs_cart_discount: { value: amount('discount') },
    hs_tax: { value: amount('tax') },
    hs_shipping_cost: { value: amount('shipping') },
    hs_cart_url: { value: path('recoveryUrl') },
    '{prefix}_cart_id': own('string', 'Cart id', path('id')),
    '{prefix}_item_count': own('integer', 'Pieces', path('itemCount')),
    '{prefix}_touched_at': own('datetime', 'Last touched at', path('modifiedAt')),
  },
  children: {
    line_item: {
      fields: {
        name: { value: coalesce(path('nameText'), path('id')) },
        hs_sku: { value: path('sku') },
        price: { value: amount('price') },
        quantity: { value: path('quantity') },
        hs_line_item_currency_code: { value: path('currency') },
      },
    },
  },
}
