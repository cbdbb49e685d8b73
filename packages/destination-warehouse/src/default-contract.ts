import { amount, coalesce, currency, eventTypes, join, localized, path, type DefaultContract, type FieldRule } from '@millrace/adapter-kit'

const fields = (rules: Record<string, FieldRule['value']>): Record<string, FieldRule> =>
  Object.fromEntries(Object.entries(rules).map(([name, value]) => [name, { value, blank: 'erase' as const }]))

const line = {
  fields: fields({
    sku: path('sku'),
    name: path('nameText'),
    quantity: path('quantity'),
    unit_price: amount('unitPrice'),
    total: amount('total'),
    tax: amount('tax'),
    discount: amount('discount'),
  }),
}

/** What the warehouse receives unless a contract says otherwise: a blank is stored as null, since a row is the whole state. */
export const defaultContract: DefaultContract = {
  ordersOfNobody: 'unassociated',
  removal: {
    category: 'archive',
    product: 'archive',
    company: 'archive',
    person: 'keep-and-flag',
    order: 'keep-and-flag',
    cart: 'archive',
  },
  consent: {
    authority: 'source',
    topics: {
      email: { channel: 'email' },
      sms: { channel: 'sms' },
      phone: { channel: 'phone' },
      post: { channel: 'post' },
      push: { channel: 'push' },
    },
  },
  objects: {
    category: { fields: fields({ id: path('id'), name: localized('name', 'en') }) },
    product: {
      fields: fields({
        id: path('id'),
        name: localized('name', 'en'),
        sku: path('sku'),
        price: amount('price'),
        currency: currency('price'),
        stock: path('stock'),
        url: path('url'),
        image: path('imageUrl'),
      }),
    },
    company: {
      fields: fields({ id: path('id'), name: path('name'), vat_id: path('vatId'), country: path('country'), status: path('status') }),
    },
    customer: {
      fields: fields({
        id: path('id'),
        email: path('email'),
        first_name: path('firstName'),
        last_name: path('lastName'),
        phone: path('phone'),
        locale: path('locale'),
        country: path('country'),
        registered: path('registered'),
        registered_at: path('registeredAt'),
        groups: coalesce(join('groups.key', '; '), join('groups.name', '; ')),
        stores: join('stores', '; '),
        order_count: path('signals.orderCount'),
        first_order_at: path('signals.firstOrderAt'),
        last_order_at: path('signals.lastOrderAt'),
        deleted_at: path('deletedAt'),
      }),
    },
    consent: { fields: { email: { value: path('email') } } },
    order: {
      fields: fields({
        id: path('id'),
        number: path('number'),
        placed_at: path('placedAt'),
        paid_at: path('paidAt'),
        stage: path('stage'),
        order_state: path('orderState'),
        payment_state: path('paymentState'),
        shipment_state: path('shipmentState'),
        currency: path('currency'),
        gross: amount('gross'),
        net: amount('net'),
        tax: amount('tax'),
        shipping: amount('shipping'),
        discount: amount('discount'),
        refunded: amount('refunded'),
        store: path('store'),
        channel: path('channel'),
        country: path('country'),
        coupons: join('couponCodes', '; '),
        deleted_at: path('deletedAt'),
      }),
      children: { line },
    },
    cart: {
      fields: fields({
        id: path('id'),
        state: path('state'),
        currency: path('currency'),
        gross: amount('gross'),
        store: path('store'),
        modified_at: path('modifiedAt'),
        url: path('recoveryUrl'),
      }),
      children: { line },
    },
    event: {
      fields: fields({
        type: path('type'),
        occurred_at: path('occurredAt'),
        store: path('store'),
        currency: path('currency'),
        value: amount('value'),
        previous_price: amount('previousPrice'),
        order_id: path('orderId'),
        cart_id: path('cartId'),
        sku: path('sku'),
      }),
    },
  },
  // Every type: a warehouse is where one looks for what nobody thought of.
  events: Object.fromEntries(eventTypes.map((type) => [type, {}])),
}
