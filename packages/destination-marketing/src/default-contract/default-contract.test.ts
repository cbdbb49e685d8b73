import {
  cartSchema,
  compileMapping,
  customerSchema,
  orderSchema,
  orderView,
  productSchema,
  recordView,
  resolveContract,
  type Order,
  type View,
} from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { marketing } from '../marketing.ts'

const at = '2026-03-01T12:00:00.000Z'
const context = { key: 'k1', historical: true, deletedAt: null, source: 'shop' }
const destination = marketing({ baseUrl: 'https://r1-api.dotdigital.com', username: 'u', password: 'p', listId: 1, carts: true })
const contract = resolveContract(destination, undefined, 'contract')
const mapping = compileMapping(contract, destination.objects)

const mapped = (object: string, view: View) => {
  const unit = mapping.map(object, view, Date.parse(at))
  expect(unit.problem).toBeUndefined()
  return unit
}

const order = (more: Partial<Order> = {}): View =>
  orderView(
    {
      ...orderSchema.parse({
        entity: 'order',
        id: 'o1',
        number: 'A-1',
        email: 'a@example.com',
        createdAt: at,
        modifiedAt: at,
        placedAt: at,
        orderState: 'confirmed',
        gross: { currency: 'KWD', amount: '119.125' },
        refunded: { currency: 'KWD', amount: '19.125' },
        shippingAddress: { streetName: 'Ring', streetNumber: '1', city: 'Wien', country: 'AT' },
        lines: [
          {
            id: 'l1',
            productKey: 'p1',
            sku: 'S',
            quantity: 2,
            unitPrice: { currency: 'KWD', amount: '60.000' },
            total: { currency: 'KWD', amount: '120.000' },
          },
          { id: 'l2', quantity: 1, unitPrice: { currency: 'KWD', amount: '-0.875' }, total: { currency: 'KWD', amount: '-0.875' } },
        ],
      }),
      ...more,
    },
    context,
  )

describe('the default contract', () => {
  it('people carry the default fields: first, last and full name, date of birth, customer id', () => {
    const customer = customerSchema.parse({
      entity: 'customer',
      id: 'c1',
      createdAt: at,
      modifiedAt: at,
      email: 'Zoe@Example.com',
      firstName: 'Zoë',
      middleName: 'M.',
      lastName: "O'Neill",
      dateOfBirth: '1990-02-28',
    })
    expect(mapped('contact', recordView(customer, context)).fields).toMatchObject({
      email: 'Zoe@Example.com',
      FIRSTNAME: 'Zoë',
      LASTNAME: "O'Neill",
      FULLNAME: "Zoë M. O'Neill",
      shop_birthday: '1990-02-28',
      shop_customer_id: 'c1',
    })
  })

  it('without an e-mail nobody is a contact', () => {
    const nobody = customerSchema.parse({ entity: 'customer', id: 'c1', createdAt: at, modifiedAt: at, firstName: 'Zoë' })
    expect(mapping.map('contact', recordView(nobody, context), Date.parse(at)).problem).toMatchObject({ field: 'email' })
  })

  it("products carry what the catalogue of the vendor's integration carries", () => {
    const product = productSchema.parse({
      entity: 'product',
      id: 'p1',
      platformId: 'x',
      createdAt: at,
      modifiedAt: at,
      published: true,
      name: { en: 'Shirt' },
      urls: { 'shop/en': 'https://shop.example.com/shirt' },
      variants: [
        {
          id: '1',
          sku: 'S',
          stock: 7,
          images: ['https://i'],
          prices: [{ value: { currency: 'JPY', amount: '500' }, discounted: { currency: 'JPY', amount: '400' } }],
        },
      ],
    })
    expect(mapped('product', recordView(product, context)).fields).toMatchObject({
      id: 'p1',
      name: 'Shirt',
      price: '500',
      specialPrice: '400',
      url: 'https://shop.example.com/shirt',
      sku: 'S',
      stock: '7',
      status: 'Enabled',
      image_path: 'https://i',
      imagePath: 'https://i',
      currency: 'JPY',
    })
    expect(mapped('product', recordView({ ...product, published: false }, context)).fields).toMatchObject({ status: 'Disabled' })
  })

  it('orders: the total is without refunds, the subtotal what the lines add up to, a line below zero is no product', () => {
    const { fields, children } = mapped('order', order())
    expect(fields).toMatchObject({
      id: 'A-1',
      email: 'a@example.com',
      orderTotal: '100.000',
      orderSubtotal: '119.125',
      refundedAmount: '19.125',
      currency: 'KWD',
      delivery_address_1: 'Ring 1',
    })
    expect(children.map((line) => line.fields)).toEqual([
      expect.objectContaining({ product_id: 'p1', sku: 'S', qty: 2, price: '60.000', total: '120.000' }),
    ])
  })

  it.each([
    ['open', 'Pending'],
    ['confirmed', 'Paid'],
    ['complete', 'Completed'],
    ['cancelled', 'Cancelled'],
    ['unknown', 'Pending'],
  ] as const)('an order that is %s is %s', (orderState, orderStatus) => {
    expect(mapped('order', order({ orderState })).fields).toMatchObject({ orderStatus })
  })

  it.each([
    ['active', 'ORDER_PENDING'],
    ['ordered', 'ORDER_COMPLETE'],
    ['merged', 'ORDER_COMPLETE'],
  ] as const)('a cart that is %s is %s', (state, cartPhase) => {
    const cart = cartSchema.parse({
      entity: 'cart',
      id: 'c',
      createdAt: at,
      modifiedAt: at,
      state,
      gross: { currency: 'EUR', amount: '19.99' },
    })
    expect(mapped('cart', recordView(cart, context)).fields).toMatchObject({ cartPhase, grandTotal: '19.99' })
  })
})
