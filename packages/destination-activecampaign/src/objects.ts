import type { FieldSpec, FieldType, ObjectSpec, TotalsSpec } from '@millrace/core'
import { eventForms } from './event-form.ts'
import { customerKey } from './names.ts'

/** Names under which our keys of orders and carts stand; they are the vendor's own ids of the shop. */
export const orderKey = 'storeOrderId'
export const cartKey = 'externalcheckoutid'

/** What ActiveCampaign's documents say an address may be at most. */
const maxEmail = 255

const specs = (types: Readonly<Partial<Record<FieldType, string>>>): Record<string, FieldSpec> =>
  Object.fromEntries(
    // The keys of the record are field types; Object.entries widens them to string.
    Object.entries(types).flatMap(([type, names]) => names.split(/\s+/).map((name) => [name, { type: type as FieldType }] as const)),
  )

const required = (fields: Record<string, FieldSpec>, ...names: string[]): Record<string, FieldSpec> =>
  Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, names.includes(name) ? { ...spec, required: true } : spec]))

const email: Record<string, FieldSpec> = { email: { type: 'email', required: true, maxLength: maxEmail } }

const line: Record<string, FieldSpec> = required(
  specs({
    string: 'storePrimaryId storeBaseProductId name sku category imageUrl productUrl',
    text: 'description',
    integer: 'quantity',
    decimal: 'priceAmount',
  }),
  'name',
  'quantity',
  'priceAmount',
)

const product: Record<string, FieldSpec> = required(
  specs({ string: 'externalid name sku category imageUrl productUrl', text: 'description', integer: 'quantity', decimal: 'price' }),
  'externalid',
  'name',
  'quantity',
  'price',
)

/** States of an order that the GraphQL API knows (vendor notes, "Commerce"). */
const states = [
  'PENDING',
  'COMPLETED',
  'ABANDONED',
  'RECOVERED',
  'WAITING',
  'CANCELLED',
  'REFUNDED',
  'FAILED',
  'RETURNED',
  'PENDING_PAYMENT',
]

const options = (values: readonly string[]): FieldSpec => ({ type: 'option', options: values.map((value) => ({ value, label: value })) })

const order: Record<string, FieldSpec> = required(
  {
    ...email,
    ...specs({
      string: `connection currency storeStatus orderNumber orderUrl shippingMethod paymentMethod customerLocale salesChannel locationId cartId`,
      decimal: 'finalAmount shippingAmount taxAmount discountsAmount',
      datetime: 'storeCreatedDate storeModifiedDate',
      boolean: 'acceptsMarketing',
    }),
    normalizedStatus: options(states),
    creationSource: options(['HISTORICAL', 'REAL_TIME']),
  },
  'currency',
  'finalAmount',
  'storeCreatedDate',
)

const cart: Record<string, FieldSpec> = required(
  {
    ...email,
    ...specs({
      string: 'connection currency state orderUrl',
      decimal: 'totalPrice shippingAmount taxAmount discountAmount',
      datetime: 'externalCreatedDate externalUpdatedDate abandonedDate',
    }),
  },
  'currency',
  'totalPrice',
  'externalCreatedDate',
  'abandonedDate',
)

const event: Record<string, FieldSpec> = specs({
  email: 'email',
  string: 'sku productKey name category currency store channel locale country url image orderId orderNumber cartId query',
  integer: 'quantity',
  decimal: 'value previousPrice',
})

const buyer: ObjectSpec['parents'] = [{ object: 'contact', required: true }]

/** What a cancelled or refunded order left is no revenue; a returned one is decided by its refund. */
const totals: TotalsSpec = {
  currency: 'currency',
  amount: 'finalAmount',
  placedAt: 'storeCreatedDate',
  stage: { field: 'normalizedStatus', won: ['COMPLETED', 'RECOVERED', 'RETURNED'] },
  number: 'orderNumber',
  store: 'locationId',
}

/** The objects of a connection. */
export const objects: Readonly<Record<string, ObjectSpec>> = {
  contact: {
    from: 'person',
    fields: { ...email, ...specs({ string: 'firstName lastName phone' }) },
    keyField: customerKey,
    adoptBy: ['email'],
    memberships: ['list', 'tag'],
    fieldTimes: true,
  },
  subscription: {
    from: 'consent',
    fields: { ...email },
    keyField: customerKey,
    channels: ['email', 'sms'],
    parents: [{ object: 'contact', required: false }],
  },
  order: {
    from: 'order',
    fields: order,
    keyField: orderKey,
    findByKey: true,
    parents: buyer,
    children: { line: { fields: line, keyField: 'key' } },
    totals,
  },
  cart: { from: 'cart', fields: cart, keyField: cartKey, parents: buyer, children: { product: { fields: product, keyField: 'key' } } },
  event: { from: 'event', fields: event, keyField: 'id', forms: eventForms, parents: buyer },
}
