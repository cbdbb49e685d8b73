import { amount, coalesce, join, path, template, type FieldRule, type ObjectContract } from '@millrace/core'
import type { Settings } from '../settings.ts'
import { optionsOf, own } from './rule.ts'

type Rules = Readonly<Record<string, FieldRule>>

/** What both forms of an order carry in properties of our own. Each amount is kept apart and exact; `refunded` never lowers `gross`. */
const facts: Rules = {
  '{prefix}_order_id': own('string', 'Order id', path('id')),
  '{prefix}_order_number': own('string', 'Order number', path('number')),
  '{prefix}_gross': own('decimal', 'Gross total', amount('gross')),
  '{prefix}_net': own('decimal', 'Net total', amount('net')),
  '{prefix}_tax': own('decimal', 'Tax', amount('tax')),
  '{prefix}_shipping': own('decimal', 'Shipping', amount('shipping')),
  '{prefix}_discount': own('decimal', 'Discount', amount('discount'), { blank: 'erase' }),
  '{prefix}_refunded': own('decimal', 'Refunded', amount('refunded')),
  '{prefix}_reductions': own('text', 'Reductions (lines below zero)', join('reductions.nameText', '; '), { blank: 'erase' }),
  '{prefix}_reduction_amounts': own('string', 'Amounts of the reductions', join('reductions.total.amount', '; '), { blank: 'erase' }),
  '{prefix}_order_state': own('option', 'Order state', path('orderState'), {
    options: optionsOf('open', 'confirmed', 'complete', 'cancelled', 'unknown'),
  }),
  '{prefix}_payment_state': own('option', 'Payment state', path('paymentState'), {
    options: optionsOf('balance-due', 'failed', 'pending', 'credit-owed', 'paid', 'unknown'),
  }),
  '{prefix}_shipment_state': own('option', 'Shipment state', path('shipmentState'), {
    options: optionsOf('pending', 'ready', 'partial', 'shipped', 'delivered', 'delayed', 'backorder', 'cancelled', 'unknown'),
  }),
  '{prefix}_refund_state': own('option', 'Refund state', path('refundState'), { options: optionsOf('none', 'partial', 'full') }),
  '{prefix}_payment_methods': own('string', 'Payment methods', join('paymentMethods', '; ')),
  '{prefix}_shipping_methods': own('string', 'Shipping methods', join('shippingMethods', '; ')),
  '{prefix}_coupon_codes': own('text', 'Coupon codes', join('couponCodes', '; '), { blank: 'erase' }),
  '{prefix}_categories': own('text', 'Categories', join('categories', '; ')),
  '{prefix}_store': own('string', 'Store', path('store')),
  '{prefix}_channel': own('string', 'Channel', path('channel')),
  '{prefix}_customer_group': own(
    'string',
    'Customer group',
    coalesce(path('customerGroup.name'), path('customerGroup.key'), path('customerGroup.id')),
  ),
  '{prefix}_locale': own('string', 'Language of the order', path('locale')),
  '{prefix}_country': own('string', 'Country', path('country')),
  '{prefix}_origin': own('option', 'Origin', path('origin'), {
    options: optionsOf('customer', 'merchant', 'quote', 'recurring', 'unknown'),
  }),
  '{prefix}_placed_at': own('datetime', 'Placed at', path('placedAt')),
  '{prefix}_paid_at': own('datetime', 'Paid at', path('paidAt'), { blank: 'erase' }),
  '{prefix}_historical': own('boolean', 'From before go-live', path('historical')),
  '{prefix}_deleted_at': own('datetime', 'Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
}

const lines = {
  line_item: {
    fields: {
      name: { value: coalesce(path('nameText'), path('id')) },
      hs_sku: { value: path('sku') },
      price: { value: amount('price') },
      quantity: { value: path('quantity') },
      hs_line_item_currency_code: { value: path('currency') },
      '{prefix}_line_total': own('decimal', 'Line total', amount('total')),
      '{prefix}_line_cost': own('decimal', 'Cost per piece', amount('cost')),
      '{prefix}_variant_id': own('string', 'Variant id', path('variantId')),
      '{prefix}_line_kind': own('option', 'Kind of line', path('kind'), { options: optionsOf('product', 'custom', 'gift') }),
    },
  },
} as const

const amountOf = (basis: Settings['dealAmount']): FieldRule['value'] =>
  basis === 'gross' ? coalesce(amount('amountDue'), amount('gross')) : coalesce(amount('netDue'), amount('net'))

/** What an order becomes as a deal. */
export const dealContract = (basis: Settings['dealAmount']): ObjectContract => ({
  fields: {
    dealname: { value: template('Order {name}') },
    amount: { value: amountOf(basis) },
    deal_currency_code: { value: path('currency') },
    closedate: { value: path('paidAt'), blank: 'erase' },
    pipeline: { value: path('pipeline') },
    dealstage: { value: path('stage') },
    ...facts,
  },
  children: lines,
})

const street = (which: string) => template(`{${which}.streetName} {${which}.streetNumber}`)

/** What an order becomes as HubSpot's own order object. `hs_external_order_id` is left out: HubSpot enforces it as unique over all shops. */
export const orderContract = (basis: Settings['dealAmount']): ObjectContract => ({
  fields: {
    hs_order_name: { value: template('Order {name}') },
    hs_total_price: { value: amountOf(basis) },
    hs_currency_code: { value: path('currency') },
    hs_tax: { value: amount('tax') },
    hs_shipping_cost: { value: amount('shipping') },
    hs_discount_codes: { value: join('couponCodes', '; ') },
    hs_source_store: { value: path('store') },
    hs_external_order_status: { value: path('orderState') },
    hs_external_order_url: { value: path('url') },
    hs_external_created_date: { value: path('placedAt') },
    hs_processed_date: { value: path('paidAt'), blank: 'erase' },
    hs_fulfillment_status: { value: path('shipmentState') },
    hs_shipping_tracking_number: { value: join('trackingNumbers', '; ') },
    hs_shipping_address_street: { value: street('shippingAddress') },
    hs_shipping_address_city: { value: path('shippingAddress.city') },
    hs_shipping_address_state: { value: path('shippingAddress.region') },
    hs_shipping_address_postal_code: { value: path('shippingAddress.postalCode') },
    hs_shipping_address_country: { value: path('shippingAddress.country') },
    hs_pipeline: { value: path('pipeline') },
    hs_pipeline_stage: { value: path('stage') },
    ...facts,
  },
  children: lines,
})
