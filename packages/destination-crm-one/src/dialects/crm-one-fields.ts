import type { DialectField } from '../dialect/dialect.ts'

const text = (at: string, maxLength = 255): DialectField => ({ type: 'string', at, maxLength })

/** Members of one address by the beginning of the field's name: `billingLocality`. */
const addressMembers = {
  Name: 255,
  Company: 255,
  StreetAddress: 512,
  Locality: 128,
  Region: 128,
  PostalCode: 32,
  Country: 2,
} as const

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

const addressFields = (kind: 'billing' | 'shipping', place: (member: string) => Omit<DialectField, 'type'>): Record<string, DialectField> =>
  Object.fromEntries(
    Object.entries(addressMembers).map(([name, maxLength]) => [
      `${kind}${name}`,
      { type: 'string', maxLength, ...place(lowerFirst(name)) } satisfies DialectField,
    ]),
  )

const inList =
  (type: 'billing' | 'shipping') =>
  (member: string): Omit<DialectField, 'type'> => ({ at: '/addresses', item: { type }, member })

/** Fields of a contact: openapi.yaml, ContactWrite. */
export const contactFields: Readonly<Record<string, DialectField>> = {
  email: { type: 'email', at: '/emails', item: { primary: true }, member: 'value', maxLength: 254 },
  emailVerified: { type: 'boolean', at: '/emails', item: { primary: true }, member: 'verified' },
  phone: { type: 'phone', at: '/phones', item: { type: 'home', primary: true }, member: 'value', format: 'e164' },
  mobile: { type: 'phone', at: '/phones', item: { type: 'mobile' }, member: 'value', format: 'e164' },
  givenName: text('/name/given', 100),
  familyName: text('/name/family', 100),
  locale: { ...text('/locale', 35), format: 'bcp47' },
  stores: { type: 'options', at: '/stores' },
  ...addressFields('billing', inList('billing')),
  ...addressFields('shipping', inList('shipping')),
}

/** Fields of an order: openapi.yaml, Order. Amounts are exact decimals. */
export const orderFields: Readonly<Record<string, DialectField>> = {
  number: text('/number'),
  placedAt: { type: 'datetime', at: '/placedAt', required: true },
  status: { ...text('/status', 64), required: true },
  paymentStatus: text('/paymentStatus', 64),
  shipmentStatus: text('/shipmentStatus', 64),
  currency: { ...text('/currency', 3), required: true },
  gross: { type: 'decimal', at: '/gross', required: true },
  net: { type: 'decimal', at: '/net' },
  tax: { type: 'decimal', at: '/tax' },
  shipping: { type: 'decimal', at: '/shipping' },
  discount: { type: 'decimal', at: '/discount' },
  refunded: { type: 'decimal', at: '/refunded' },
  store: text('/store'),
  channel: text('/channel'),
  locale: text('/locale', 35),
  customerGroup: text('/customerGroup'),
  email: { type: 'email', at: '/email', maxLength: 254 },
  ...addressFields('billing', (member) => ({ at: `/billingAddress/${member}` })),
  ...addressFields('shipping', (member) => ({ at: `/shippingAddress/${member}` })),
}

/** Fields of an order line: openapi.yaml, OrderLine. Its id is our key. */
export const lineFields: Readonly<Record<string, DialectField>> = {
  sku: text('/sku'),
  productKey: text('/productKey'),
  name: { ...text('/name', 512), required: true },
  quantity: { type: 'integer', at: '/quantity', required: true },
  unitPrice: { type: 'decimal', at: '/unitPrice', required: true },
  total: { type: 'decimal', at: '/total', required: true },
}

/** Fields of a deal: openapi.yaml, Deal. */
export const dealFields: Readonly<Record<string, DialectField>> = {
  name: text('/name'),
  pipeline: { ...text('/pipeline', 64), required: true },
  stage: { ...text('/stage', 64), required: true },
  amount: { type: 'decimal', at: '/amount', required: true },
  currency: { ...text('/currency', 3), required: true },
}
