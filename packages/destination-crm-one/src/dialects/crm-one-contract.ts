import { amount, coalesce, constant, path, phoneNumber, template, type Contract, type Expression, type FieldRule } from '@millrace/core'
import type { Dialect } from '../dialect/dialect.ts'

const from = (value: Expression): FieldRule => ({ value })
const segment = (label: string, value: Expression, more: Partial<FieldRule> = {}): FieldRule => ({
  value,
  type: 'string',
  maxLength: 255,
  label,
  ...more,
})

const addressOf = (kind: 'billing' | 'shipping'): Record<string, FieldRule> => {
  const part = (name: string): string => `${kind}Address.${name}`
  return {
    [`${kind}Name`]: from(template(`{${part('firstName')}} {${part('lastName')}}`)),
    [`${kind}Company`]: from(path(part('company'))),
    [`${kind}StreetAddress`]: from(template(`{${part('streetName')}} {${part('streetNumber')}}`)),
    [`${kind}Locality`]: from(path(part('city'))),
    [`${kind}Region`]: from(coalesce(path(part('region')), path(part('state')))),
    [`${kind}PostalCode`]: from(path(part('postalCode'))),
    [`${kind}Country`]: from(path(part('country'))),
  }
}

/** What a person becomes. Attributes are the administrator's own; {@link signalAttributes} has some to copy. */
const contact: Contract['objects'][string] = {
  fields: {
    email: from(path('email')),
    emailVerified: from(path('emailVerified')),
    givenName: from(path('firstName')),
    familyName: from(path('lastName')),
    phone: from(phoneNumber(coalesce(path('phone'), path('billingAddress.phone'), path('shippingAddress.phone')), path('country'))),
    mobile: from(phoneNumber(coalesce(path('billingAddress.mobile'), path('shippingAddress.mobile')), path('country'))),
    locale: from(path('locale')),
    stores: from(path('stores')),
    ...addressOf('billing'),
    ...addressOf('shipping'),
    'segments/store': { value: path('stores'), type: 'options', label: 'Stores' },
    'segments/customerGroup': {
      value: coalesce(path('groups.key'), path('groups.id')),
      type: 'options',
      label: 'Customer groups',
    },
    'segments/locale': segment('Locale', path('locale')),
    'segments/language': segment('Language', path('language')),
    'segments/country': segment('Country', path('country')),
    'segments/customerNumber': segment('Customer number', path('customerNumber')),
    'segments/accountStatus': segment('Account status', path('accountStatus')),
    'segments/registered': segment('Has an account', path('registered')),
    'segments/emailSuppression': segment('Not to be mailed because', path('consent.email.reason'), { blank: 'erase' }),
    'segments/historical': segment('From before go-live', path('historical')),
    'segments/deletedAt': segment('Deleted in the shop at', path('deletedAt'), { blank: 'erase' }),
  },
}

const order: Contract['objects'][string] = {
  fields: {
    number: from(path('number')),
    placedAt: from(path('placedAt')),
    status: from(path('orderState')),
    paymentStatus: from(path('paymentState')),
    shipmentStatus: from(path('shipmentState')),
    currency: from(path('currency')),
    gross: from(amount('gross')),
    net: from(amount('net')),
    tax: from(amount('tax')),
    shipping: from(amount('shipping')),
    discount: from(amount('discount')),
    refunded: from(amount('refunded')),
    store: from(path('store')),
    channel: from(path('channel')),
    locale: from(path('locale')),
    customerGroup: from(coalesce(path('customerGroup.key'), path('customerGroup.id'))),
    email: from(path('email')),
    ...addressOf('billing'),
    ...addressOf('shipping'),
  },
  children: {
    line: {
      fields: {
        sku: from(path('sku')),
        productKey: from(coalesce(path('productKey'), path('productId'))),
        name: from(coalesce(path('nameText'), path('sku'), constant('-'))),
        quantity: from(path('quantity')),
        unitPrice: from(amount('price')),
        total: from(amount('total')),
      },
    },
  },
}

const own = (type: NonNullable<FieldRule['type']>, label: string, value: Expression, more: Partial<FieldRule> = {}): FieldRule => ({
  type,
  label,
  value,
  ...more,
})

/**
 * Attributes of contacts to copy into a contract: what a person ordered so far. The CRM's administrator has to define them first, with these types; `check`
 * names the ones that are missing. Amounts are in the first currency of the contract only where you name it: `totalSpent: { ..., value: amount('signals.totals.EUR') }`.
 */
export const signalAttributes: Readonly<Record<string, FieldRule>> = {
  customerNumber: own('string', 'Customer number', path('customerNumber'), { maxLength: 64 }),
  company: own('string', 'Company', path('companyName'), { maxLength: 255 }),
  dateOfBirth: own('date', 'Date of birth', path('dateOfBirth')),
  orderCount: own('integer', 'Number of orders', path('signals.orderCount')),
  firstOrderAt: own('datetime', 'First order at', path('signals.firstOrderAt'), { blank: 'erase' }),
  lastOrderAt: own('datetime', 'Last order at', path('signals.lastOrderAt'), { blank: 'erase' }),
  lastSkus: own('options', 'Last SKUs', path('signals.lastSkus'), { blank: 'erase' }),
}

/**
 * Orders as deals too: `objects: { deal: dealContract }`. The pipeline and its stages have to be there: `placed`, `paid`, `fulfilled`, `returned`, `refunded`
 * and `cancelled`, or translate them with `mapValues`.
 */
export const dealContract: Contract['objects'][string] = {
  fields: {
    name: from(template('Order {name}')),
    pipeline: from(constant('commerce')),
    stage: from(path('stage')),
    amount: from(coalesce(amount('amountDue'), amount('gross'))),
    currency: from(path('currency')),
  },
}

const eventFields: Record<string, FieldRule> = {
  store: own('string', 'Store', path('store')),
  channel: own('string', 'Channel', path('channel')),
  locale: own('string', 'Language', path('locale')),
  value: own('decimal', 'Value', amount('value')),
  currency: own('string', 'Currency', path('currency')),
  url: own('string', 'Address', path('url')),
}

const goods: Record<string, FieldRule> = {
  quantity: own('integer', 'Pieces', path('quantity')),
  skus: own('options', 'SKUs', path('skus')),
  productNames: own('options', 'Products', path('productNames')),
  categories: own('options', 'Categories', path('categories')),
  image: own('string', 'Image', path('image')),
}

const inOrder: Record<string, FieldRule> = {
  orderId: own('string', 'Order id', path('orderId')),
  orderNumber: own('string', 'Order number', path('orderNumber')),
}
const inCart: Record<string, FieldRule> = { cartId: own('string', 'Cart id', path('cartId')) }

/** Types of the CRM begin with what they are about; those of orders, shipments and refunds need no consent there. */
const events: Contract['events'] = {
  'checkout.started': { name: 'checkout.started', fields: { ...goods, ...inCart } },
  'cart.abandoned': { name: 'cart.abandoned', fields: { ...goods, ...inCart } },
  'cart.recovered': { name: 'order.cart-recovered', fields: { ...goods, ...inCart, ...inOrder } },
  'order.placed': { name: 'order.placed', fields: { ...goods, ...inOrder } },
  'order.confirmed': { name: 'order.confirmed', fields: inOrder },
  'order.paid': { name: 'order.paid', fields: inOrder },
  'order.fulfilled': { name: 'shipment.fulfilled', fields: inOrder },
  'order.cancelled': { name: 'order.cancelled', fields: inOrder },
  'purchase.first': { name: 'purchase.first', fields: { ...goods, ...inOrder } },
  'purchase.repeat': { name: 'purchase.repeat', fields: { ...goods, ...inOrder } },
  refund: { name: 'refund.issued', fields: { ...inOrder, transactionId: own('string', 'Transaction', path('transactionId')) } },
  'return.in-progress': { name: 'order.return-in-progress', fields: inOrder },
  'return.received': { name: 'order.return-received', fields: inOrder },
  'order.exchange': { name: 'order.exchange', fields: inOrder },
  'order.warranty-claim': { name: 'order.warranty-claim', fields: inOrder },
  'price.dropped': {
    name: 'price.dropped',
    fields: { ...goods, previousPrice: own('decimal', 'Previous price', amount('previousPrice')) },
  },
  'product.back-in-stock': { name: 'product.back-in-stock', fields: goods },
}

const marketing = (channel: 'email' | 'sms' | 'phone' | 'post' | 'push') => ({ channel, target: 'marketing' })

/** The default contract: people, their consents, orders and events. The target of a topic is its purpose at the CRM. */
export const crmOneContract: Dialect['contract'] = {
  prefix: 'commercetools',
  ordersOfNobody: 'unassociated',
  consent: {
    authority: 'destination',
    topics: {
      email: marketing('email'),
      sms: marketing('sms'),
      phone: marketing('phone'),
      post: marketing('post'),
      push: marketing('push'),
    },
  },
  events,
  objects: {
    contact,
    subscription: { fields: { email: from(path('email')) } },
    order,
    activity: { fields: eventFields },
  },
}
