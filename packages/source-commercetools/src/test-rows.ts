import type { LineItem, Order as PlatformOrder, Payment as PlatformPayment, TypedMoney } from '@commercetools/platform-sdk'
import { type Money, type Order, orderSchema } from '@millrace/core'
import { type Names, noNames } from './names.ts'
import { toOrder } from './order.ts'

type CentMoney = Extract<TypedMoney, { type: 'centPrecision' }>

/** Money as the platform writes it, in the smallest unit. */
export const money = (centAmount: number, currencyCode = 'EUR', fractionDigits = 2): CentMoney => ({
  type: 'centPrecision',
  currencyCode,
  centAmount,
  fractionDigits,
})
/** The same as the model has it. */
export const eur = (amount: string): Money => ({ currency: 'EUR', amount })

/** An order with nothing in it. */
export const baseOrder: PlatformOrder = {
  id: 'o1',
  version: 7,
  createdAt: '2026-03-01T12:00:00.000Z',
  lastModifiedAt: '2026-03-02T12:00:00.000Z',
  lineItems: [],
  customLineItems: [],
  shipping: [],
  shippingMode: 'Single',
  totalPrice: money(5000),
  origin: 'Customer',
  orderState: 'Open',
  refusedGifts: [],
  syncInfo: [],
}

/** A line of two shirts. */
export const baseLine: LineItem = {
  id: 'l1',
  productId: 'p1',
  name: { en: 'Shirt' },
  productType: { typeId: 'product-type', id: 't' },
  variant: {
    id: 2,
    sku: 'SKU-2',
    images: [{ url: 'https://img.example/1.jpg', dimensions: { w: 1, h: 1 } }],
    attributes: [{ name: 'colour', value: 'red' }],
  },
  price: { id: 'pr', value: money(1000) },
  quantity: 2,
  totalPrice: money(2000),
  discountedPricePerQuantity: [],
  taxedPricePortions: [],
  state: [],
  perMethodTaxRate: [],
  priceMode: 'Platform',
  lineItemMode: 'Standard',
}

/** The record of the base order with `row` over it. */
export const mapOrder = (row: Partial<PlatformOrder>, payments: readonly PlatformPayment[] = [], names: Names = noNames): Order =>
  orderSchema.parse(toOrder({ ...baseOrder, ...row }, payments, names, { orderUrl: 'https://admin/{id}', costField: 'cost', consent: [] }))
