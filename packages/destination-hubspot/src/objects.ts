import type { FieldSpec, FieldType, ObjectSpec, TotalsSpec } from '@millrace/core'
import { maxTextLength } from './portal-property.ts'
import type { Settings } from './settings.ts'
import { wonElsewhere } from './stages.ts'
import { targets } from './target.ts'

const fields = (types: Readonly<Partial<Record<FieldType, string>>>): Record<string, FieldSpec> =>
  Object.fromEntries(Object.entries(types).flatMap(([type, names]) => names.split(/\s+/).map((name) => [name, specOf(type)] as const)))

// The keys of the record above are field types; Object.entries widens them to string.
const specOf = (type: string): FieldSpec => ({
  type: type as FieldType,
  ...(['string', 'text', 'email'].includes(type) ? { maxLength: maxTextLength } : {}),
})

const contact = fields({
  email: 'email',
  string:
    'firstname lastname phone mobilephone fax company jobtitle website address city state zip country salutation date_of_birth gender industry hs_timezone',
})
const company = fields({
  string: 'name domain website phone address address2 city state zip country industry',
  text: 'description',
  decimal: 'numberofemployees annualrevenue',
})
const product = fields({
  string: 'name hs_sku hs_url hs_images hs_recurring_billing_period',
  text: 'description',
  decimal: 'price hs_cost_of_goods_sold',
})
const deal = fields({
  string: 'dealname dealstage pipeline deal_currency_code hs_next_step',
  text: 'description',
  decimal: 'amount',
  datetime: 'closedate',
})
const order = fields({
  string: `hs_order_name hs_currency_code hs_external_order_id hs_external_order_status hs_external_order_url hs_external_cart_id hs_source_store
    hs_discount_codes hs_fulfillment_status hs_shipping_tracking_number hs_shipping_status_url hs_shipping_address_name hs_shipping_address_street
    hs_shipping_address_city hs_shipping_address_state hs_shipping_address_postal_code hs_shipping_address_country hs_billing_address_name
    hs_billing_address_street hs_billing_address_city hs_billing_address_state hs_billing_address_postal_code hs_billing_address_country
    hs_billing_address_email hs_billing_address_phone hs_pipeline hs_pipeline_stage hs_tags`,
  decimal: 'hs_total_price hs_subtotal_price hs_tax hs_shipping_cost',
  datetime: 'hs_external_created_date hs_processed_date',
})
const cart = fields({
  string: 'hs_cart_name hs_external_cart_id hs_external_status hs_source_store hs_currency_code hs_tags hs_cart_url',
  decimal: 'hs_total_price hs_cart_discount hs_tax hs_shipping_cost',
})
const lineItem = fields({
  string: 'name hs_product_id hs_sku hs_line_item_currency_code hs_tax_rate_group_id hs_recurring_billing_period',
  text: 'description',
  decimal: 'price quantity discount hs_discount_percentage',
})

const required = (specs: Record<string, FieldSpec>, ...names: string[]): Record<string, FieldSpec> =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, names.includes(name) ? { ...spec, required: true } : spec]))

const lines: ObjectSpec['children'] = {
  line_item: { fields: required(lineItem, 'name', 'price', 'quantity'), keyField: targets.line_item.keyField },
}
/** The amounts of the default contract; `amount` is what HubSpot's own reports add up. */
const facts = {
  gross: '{prefix}_gross',
  net: '{prefix}_net',
  refunded: '{prefix}_refunded',
  placedAt: '{prefix}_placed_at',
  number: '{prefix}_order_number',
  id: '{prefix}_order_id',
  store: '{prefix}_store',
  customerGroup: '{prefix}_customer_group',
}
const won = ['paid', 'fulfilled', 'returned', wonElsewhere]
const dealTotals: TotalsSpec = {
  ...facts,
  currency: 'deal_currency_code',
  amount: 'amount',
  paidAt: 'closedate',
  stage: { field: 'dealstage', won },
  pipeline: 'pipeline',
}
const orderTotals: TotalsSpec = {
  ...facts,
  currency: 'hs_currency_code',
  amount: 'hs_total_price',
  paidAt: 'hs_processed_date',
  stage: { field: 'hs_pipeline_stage', won },
  pipeline: 'hs_pipeline',
}
const buyers: ObjectSpec['parents'] = [
  { object: 'contact', required: true },
  { object: 'company', required: false },
]

/** The objects of a connection: people, companies, products, orders in the form that the settings choose, and carts and events where they ask for them. */
export const objectsOf = ({ orders, events, carts }: Pick<Settings, 'orders' | 'events' | 'carts'>): Record<string, ObjectSpec> => ({
  contact: {
    from: 'person',
    fields: contact,
    keyField: targets.contact.keyField,
    findByKey: true,
    adoptBy: ['email'],
    memberships: ['list'],
    fieldTimes: true,
    parents: [{ object: 'company', required: false }],
  },
  subscription: {
    from: 'consent',
    fields: { email: { type: 'email', required: true } },
    keyField: targets.contact.keyField,
    channels: ['email'],
  },
  company: { from: 'company', fields: required(company, 'name'), keyField: targets.company.keyField, findByKey: true, fieldTimes: true },
  product: { from: 'product', fields: required(product, 'name'), keyField: targets.product.keyField, findByKey: true },
  ...(orders === 'deals'
    ? {
        deal: {
          from: 'order',
          fields: required(deal, 'dealname', 'dealstage'),
          keyField: targets.deal.keyField,
          findByKey: true,
          parents: buyers,
          children: lines,
          totals: dealTotals,
        },
      }
    : {
        order: {
          from: 'order',
          fields: required(order, 'hs_order_name'),
          keyField: targets.order.keyField,
          findByKey: true,
          parents: buyers,
          children: lines,
          totals: orderTotals,
        },
      }),
  ...(carts
    ? {
        cart: {
          from: 'cart',
          fields: required(cart, 'hs_cart_name'),
          keyField: targets.cart.keyField,
          findByKey: true,
          parents: [{ object: 'contact', required: true }],
          children: lines,
        } as const,
      }
    : {}),
  ...(events === 'off'
    ? {}
    : { event: { from: 'event', fields: {}, keyField: 'uuid', parents: [{ object: 'contact', required: true }] } as const }),
})
