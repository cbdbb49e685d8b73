import { withConsent } from '../../consent/consent-view.ts'
import { cartSchema } from '../../model/cart.ts'
import { categorySchema, productSchema } from '../../model/catalog.ts'
import { companySchema } from '../../model/company.ts'
import { customerSchema } from '../../model/customer.ts'
import { orderSchema } from '../../model/order.ts'
import { orderFact } from '../../signals/order-fact.ts'
import type { UnitKind } from '../../spec/destination.ts'
import { personView } from '../../views/person-view.ts'
import { recordView } from '../../views/record-view.ts'
import type { View } from '../../views/view.ts'
import type { Contract } from '../contract.ts'

const stamps = { createdAt: '2026-01-15T09:30:00.000Z', modifiedAt: '2026-03-02T14:05:00.000Z' }
const eur = (amount: string): { currency: string; amount: string } => ({ currency: 'EUR', amount })
const address = {
  firstName: 'Ada',
  lastName: 'Muster',
  streetName: 'Musterstraße',
  streetNumber: '1',
  postalCode: '10115',
  city: 'Berlin',
  country: 'DE',
  phone: '+4930123456',
}

const customer = customerSchema.parse({
  entity: 'customer',
  id: 'c-1',
  ...stamps,
  customerNumber: '100001',
  email: 'ada.muster@example.com',
  firstName: 'Ada',
  lastName: 'Muster',
  phone: '+4930123456',
  locale: 'de-DE',
  stores: ['berlin'],
  groups: [{ id: 'g-1', key: 'vip', name: 'VIP' }],
  addresses: [address],
  billingAddress: address,
  shippingAddress: address,
})

const line = {
  id: 'l-1',
  sku: 'SHIRT-M',
  productId: 'p-1',
  name: { de: 'Hemd', en: 'Shirt' },
  quantity: 2,
  unitPrice: eur('59.50'),
  total: eur('119.00'),
  categoryPath: [{ de: 'Kleidung', en: 'Clothes' }],
}

const order = orderSchema.parse({
  entity: 'order',
  id: 'o-1',
  number: '2026-0001',
  ...stamps,
  placedAt: '2026-03-01T12:00:00.000Z',
  paidAt: '2026-03-01T12:01:00.000Z',
  customerId: 'c-1',
  email: 'ada.muster@example.com',
  store: 'berlin',
  channel: 'web',
  locale: 'de-DE',
  country: 'DE',
  orderState: 'confirmed',
  paymentState: 'paid',
  shipmentState: 'ready',
  gross: eur('123.90'),
  net: eur('104.12'),
  tax: eur('19.78'),
  shipping: eur('4.90'),
  refunded: eur('0.00'),
  paymentMethods: ['card'],
  shippingMethods: ['Standard'],
  billingAddress: address,
  shippingAddress: address,
  lines: [line],
})

const product = productSchema.parse({
  entity: 'product',
  id: 'p-1',
  platformId: 'p-1',
  ...stamps,
  published: true,
  name: { de: 'Hemd', en: 'Shirt' },
  slug: { de: 'hemd', en: 'shirt' },
  urls: { 'berlin/de': 'https://shop.example.com/hemd' },
  variants: [{ id: '1', sku: 'SHIRT-M', prices: [{ value: eur('59.50') }], images: ['https://shop.example.com/hemd.jpg'], stock: 12 }],
})

const category = categorySchema.parse({
  entity: 'category',
  id: 'k-1',
  platformId: 'k-1',
  ...stamps,
  name: { de: 'Kleidung', en: 'Clothes' },
})
const company = companySchema.parse({
  entity: 'company',
  id: 'b-1',
  ...stamps,
  name: 'Muster GmbH',
  vatId: 'DE123456789',
  billingAddress: address,
})
const cart = cartSchema.parse({
  entity: 'cart',
  id: 'w-1',
  ...stamps,
  state: 'active',
  customerId: 'c-1',
  store: 'berlin',
  locale: 'de-DE',
  country: 'DE',
  gross: eur('119.00'),
  lines: [line],
})

/** The time of the examples. */
export const sampleNow: number = Date.parse('2026-03-10T08:00:00.000Z')

/** A made-up unit of each kind, so that documents hold no data of real people. */
export const sampleView = (kind: UnitKind, contract: Pick<Contract, 'signals' | 'locales' | 'consent'>): View | undefined => {
  const context = { key: `shop:${kind}-1`, historical: false, deletedAt: null, source: 'shop' }
  const records = { order, product, category, company, cart }
  if (kind === 'person' || kind === 'consent') {
    const { signals = {}, locales, consent } = contract
    const members = [
      { role: 'account' as const, record: customer, fact: null, rid: 1, deletedAt: null, source: 'shop' },
      { role: 'order' as const, record: order, fact: orderFact(order, 'shop'), rid: 2, deletedAt: null, source: 'shop' },
    ]
    const person = personView(members, { key: context.key, historical: false, now: sampleNow, signals, locales })
    return withConsent(person, consent, sampleNow)
  }
  return kind === 'event' ? undefined : recordView(records[kind], context)
}
