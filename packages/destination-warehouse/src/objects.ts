import type { Destination, FieldSpec } from '@millrace/adapter-kit'

const field = (type: FieldSpec['type']): FieldSpec => ({ type })
const text = field('string')
const decimal = field('decimal')
const instant = field('datetime')
const lines = {
  line: {
    keyField: 'line_key',
    fields: {
      sku: text,
      name: text,
      quantity: field('integer'),
      unit_price: decimal,
      total: decimal,
      tax: decimal,
      discount: decimal,
      category: text,
    },
  },
}

/** What the warehouse keeps, with the columns that the default contract fills. A contract may add any other: rows hold what they are given. */
export const objects: Destination['objects'] = {
  category: { from: 'category', keyField: 'category_key', fields: { id: text, name: text, path: text } },
  product: {
    from: 'product',
    keyField: 'product_key',
    fields: { id: text, name: text, sku: text, price: decimal, currency: text, stock: field('integer'), url: text, image: text },
  },
  company: { from: 'company', keyField: 'company_key', fields: { id: text, name: text, vat_id: text, country: text, status: text } },
  customer: {
    from: 'person',
    keyField: 'customer_key',
    fields: {
      id: text,
      email: field('email'),
      first_name: text,
      last_name: text,
      phone: text,
      locale: text,
      country: text,
      registered: field('boolean'),
      registered_at: instant,
      groups: text,
      stores: text,
      order_count: field('integer'),
      first_order_at: instant,
      last_order_at: instant,
      deleted_at: instant,
    },
    parents: [{ object: 'company', required: false }],
  },
  consent: {
    from: 'consent',
    keyField: 'customer_key',
    fields: { email: field('email') },
    channels: ['email', 'sms', 'phone', 'post', 'push'],
    parents: [{ object: 'customer', required: false }],
  },
  order: {
    from: 'order',
    keyField: 'order_key',
    fields: {
      id: text,
      number: text,
      placed_at: instant,
      paid_at: instant,
      stage: text,
      order_state: text,
      payment_state: text,
      shipment_state: text,
      currency: text,
      gross: decimal,
      net: decimal,
      tax: decimal,
      shipping: decimal,
      discount: decimal,
      refunded: decimal,
      store: text,
      channel: text,
      country: text,
      coupons: text,
      deleted_at: instant,
    },
    parents: [
      { object: 'customer', required: false },
      { object: 'company', required: false },
    ],
    children: lines,
    totals: {
      currency: 'currency',
      amount: 'gross',
      gross: 'gross',
      net: 'net',
      refunded: 'refunded',
      placedAt: 'placed_at',
      paidAt: 'paid_at',
      stage: { field: 'stage', won: ['paid', 'fulfilled', 'returned'] },
      number: 'number',
      id: 'id',
      store: 'store',
    },
  },
  cart: {
    from: 'cart',
    keyField: 'cart_key',
    fields: { id: text, state: text, currency: text, gross: decimal, store: text, modified_at: instant, url: text },
    parents: [{ object: 'customer', required: false }],
    children: lines,
  },
  event: {
    from: 'event',
    keyField: 'event_id',
    fields: {
      type: text,
      occurred_at: instant,
      store: text,
      currency: text,
      value: decimal,
      previous_price: decimal,
      order_id: text,
      cart_id: text,
      sku: text,
    },
    parents: [{ object: 'customer', required: false }],
  },
}
