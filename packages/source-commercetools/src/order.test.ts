import type {
  CustomLineItem,
  LineItem,
  Order as PlatformOrder,
  Payment as PlatformPayment,
  ShippingInfo,
  Transaction,
} from '@commercetools/platform-sdk'
import { type Order, orderSchema } from '@millrace/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Names, noNames } from './names.ts'
import { toOrder } from './order.ts'

const money = (centAmount: number, currencyCode = 'EUR', fractionDigits = 2) => ({
  type: 'centPrecision' as const,
  currencyCode,
  centAmount,
  fractionDigits,
})
const eur = (amount: string) => ({ currency: 'EUR', amount })

const baseOrder = {
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
} as const satisfies PlatformOrder

const baseLine = {
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
} as const satisfies LineItem

const payment = (transactions: readonly Partial<Transaction>[], extra: Partial<PlatformPayment> = {}): PlatformPayment => ({
  id: 'pay',
  version: 3,
  createdAt: '2026-03-01T12:30:00.000Z',
  lastModifiedAt: '2026-03-05T00:00:00.000Z',
  amountPlanned: money(5000),
  paymentMethodInfo: { method: 'CARD', paymentInterface: 'ADYEN' },
  paymentStatus: {},
  interfaceInteractions: [],
  transactions: transactions.map((transaction, index) => ({
    id: `t${index}`,
    type: 'Charge',
    state: 'Success',
    amount: money(5000),
    ...transaction,
  })),
  ...extra,
})

const map = (row: Partial<PlatformOrder>, payments: readonly PlatformPayment[] = [], names: Names = noNames): Order =>
  orderSchema.parse(toOrder({ ...baseOrder, ...row }, payments, names, { orderUrl: 'https://admin/{id}', costField: 'cost' }))

describe('amounts of an order', () => {
  it('come from the taxed price where there is one', () => {
    const order = map({ taxedPrice: { totalNet: money(4202), totalGross: money(5000), taxPortions: [] } })
    expect(order).toMatchObject({ gross: eur('50.00'), net: eur('42.02'), tax: eur('7.98') })
  })

  it('prefer the tax that the platform states', () => {
    expect(map({ taxedPrice: { totalNet: money(4202), totalGross: money(5000), taxPortions: [], totalTax: money(798) } }).tax).toEqual(
      eur('7.98'),
    )
  })

  it('without taxes are the total alone: nothing is made up', () => {
    const order = map({})
    expect(order.gross).toEqual(eur('50.00'))
    for (const name of ['net', 'tax', 'shipping', 'discount', 'paidAt']) expect(order[name as keyof Order]).toBeUndefined()
    expect(order.refunded).toEqual(eur('0.00'))
  })

  it('keep the digits of yen and dinar', () => {
    expect(map({ totalPrice: money(1999, 'JPY', 0) })).toMatchObject({
      gross: { currency: 'JPY', amount: '1999' },
      refunded: { currency: 'JPY', amount: '0' },
    })
    expect(map({ totalPrice: money(1999, 'KWD', 3) })).toMatchObject({
      gross: { currency: 'KWD', amount: '1.999' },
      refunded: { currency: 'KWD', amount: '0.000' },
    })
  })

  it('take shipping from the taxed shipping price, each shipment, or its discounted price, in this order', () => {
    const info: ShippingInfo = {
      shippingMethodName: 'DHL',
      price: money(490),
      shippingRate: { price: money(490), tiers: [] },
      shippingMethodState: 'MatchesCart',
    }
    const taxed = { totalNet: money(400), totalGross: money(476), taxPortions: [] }
    expect(map({ shippingInfo: info, taxedShippingPrice: taxed }).shipping).toEqual(eur('4.76'))
    expect(map({ shippingInfo: { ...info, taxedPrice: taxed } }).shipping).toEqual(eur('4.76'))
    expect(
      map({
        shippingInfo: {
          ...info,
          discountedPrice: {
            value: money(100),
            includedDiscounts: [{ discount: { typeId: 'cart-discount', id: 'd' }, discountedAmount: money(390) }],
          },
        },
      }),
    ).toMatchObject({ shipping: eur('1.00'), discount: eur('3.90') })
    const several = map({
      shippingMode: 'Multiple',
      shipping: ['a', 'b'].map((shippingKey) => ({
        shippingKey,
        shippingInfo: info,
        shippingAddress: { country: 'AT', city: shippingKey },
      })),
    })
    expect(several).toMatchObject({ shipping: eur('9.80'), shippingMethods: ['DHL'], shippingAddress: { city: 'a' } })
  })

  it('sum discounts of lines and of the total', () => {
    const portions = [
      {
        quantity: 2,
        discountedPrice: {
          value: money(750),
          includedDiscounts: [{ discount: { typeId: 'cart-discount', id: 'd' } as const, discountedAmount: money(250) }],
        },
      },
    ]
    const order = map({
      lineItems: [{ ...baseLine, price: { id: 'pr', value: money(1000) }, totalPrice: money(1500), discountedPricePerQuantity: portions }],
      discountOnTotalPrice: { discountedAmount: money(300), includedDiscounts: [] },
    })
    expect(order.lines[0]).toMatchObject({ unitPrice: eur('7.50'), listPrice: eur('10.00'), total: eur('15.00'), discount: eur('5.00') })
    expect(order.discount).toEqual(eur('8.00'))
  })
})

describe('lines', () => {
  const lineOf = (row: Partial<LineItem>, names?: Names) => map({ lineItems: [{ ...baseLine, ...row }] }, [], names).lines[0]

  it('carry the snapshot of the variant', () => {
    expect(lineOf({})).toMatchObject({
      kind: 'product',
      sku: 'SKU-2',
      productId: 'p1',
      variantId: '2',
      name: { en: 'Shirt' },
      imageUrl: 'https://img.example/1.jpg',
      attributes: { colour: 'red' },
    })
  })

  it('sold at a reduced price show what was taken off, all pieces together', () => {
    const price = {
      id: 'pr',
      value: money(1000),
      discounted: { value: money(800), discount: { typeId: 'product-discount' as const, id: 'd' } },
    }
    expect(lineOf({ price, quantity: 3, totalPrice: money(2400) })).toMatchObject({
      listPrice: eur('10.00'),
      unitPrice: eur('8.00'),
      discount: eur('6.00'),
    })
  })

  it('reach the tier of their quantity, unless the price is reduced', () => {
    const tiers = [
      { minimumQuantity: 2, value: money(900) },
      { minimumQuantity: 10, value: money(700) },
    ]
    expect(lineOf({ price: { id: 'pr', value: money(1000), tiers }, totalPrice: money(1800) })).toMatchObject({
      listPrice: eur('9.00'),
      unitPrice: eur('9.00'),
    })
  })

  it('with pieces of different prices have a rounded unit price and an exact total', () => {
    const portion = (quantity: number, value: number) => ({ quantity, discountedPrice: { value: money(value), includedDiscounts: [] } })
    expect(lineOf({ quantity: 3, totalPrice: money(2000), discountedPricePerQuantity: [portion(1, 1000), portion(2, 500)] })).toMatchObject(
      { unitPrice: eur('6.67'), total: eur('20.00') },
    )
  })

  it('of quantity 0 divide by nothing', () => {
    expect(
      lineOf({
        quantity: 0,
        totalPrice: money(0),
        discountedPricePerQuantity: [
          { quantity: 1, discountedPrice: { value: money(1), includedDiscounts: [] } },
          { quantity: 1, discountedPrice: { value: money(2), includedDiscounts: [] } },
        ],
      }),
    ).toMatchObject({ quantity: 0, total: eur('0.00') })
  })

  it('that are gifts say so and cost nothing', () => {
    const portions = [
      {
        quantity: 2,
        discountedPrice: {
          value: money(0),
          includedDiscounts: [{ discount: { typeId: 'cart-discount' as const, id: 'g' }, discountedAmount: money(1000) }],
        },
      },
    ]
    expect(lineOf({ lineItemMode: 'GiftLineItem', totalPrice: money(0), discountedPricePerQuantity: portions })).toMatchObject({
      kind: 'gift',
      unitPrice: eur('0.00'),
      total: eur('0.00'),
      discount: eur('20.00'),
    })
  })

  it('with 20 digits stay exact', () => {
    const value = { type: 'highPrecision' as const, currencyCode: 'EUR', centAmount: 0, preciseAmount: 12345, fractionDigits: 20 }
    expect(lineOf({ price: { id: 'pr', value } })?.unitPrice).toEqual(eur('0.00000000000000012345'))
  })

  it('of a custom kind may be negative', () => {
    const custom: CustomLineItem = {
      id: 'c1',
      name: { en: 'Voucher' },
      money: money(-500),
      totalPrice: money(-500),
      slug: 'voucher',
      quantity: 1,
      state: [],
      discountedPricePerQuantity: [],
      taxedPricePortions: [],
      perMethodTaxRate: [],
      priceMode: 'Standard',
    }
    expect(map({ customLineItems: [custom] }).lines).toMatchObject([
      { kind: 'custom', unitPrice: eur('-5.00'), total: eur('-5.00'), name: { en: 'Voucher' } },
    ])
  })

  it('know their cost from a money field of the line, else of the variant', () => {
    const field = (centAmount: number) => ({ type: { typeId: 'type' as const, id: 't' }, fields: { cost: money(centAmount) } })
    const variant = { id: 1, attributes: [{ name: 'cost', value: money(300) }] }
    expect(lineOf({ custom: field(450), variant })?.cost).toEqual(eur('4.50'))
    expect(lineOf({ variant })?.cost).toEqual(eur('3.00'))
    expect(lineOf({ variant: { id: 1, attributes: [{ name: 'cost', value: 'cheap' }] } })?.cost).toBeUndefined()
  })

  it('name the product by its key of today', () => {
    const names: Names = {
      ...noNames,
      product: () => ({ key: 'shirt', categoryIds: ['c'] }),
      category: () => ({ recordId: 'tops', parentRecordId: undefined, path: [{ en: 'Tops' }] }),
    }
    expect(lineOf({ productKey: 'old' }, names)).toMatchObject({ productKey: 'shirt', categoryPath: [{ en: 'Tops' }] })
  })
})

describe('payment', () => {
  it('counts only successful refunds and chargebacks of the order currency', () => {
    const order = map({}, [
      payment([
        {},
        { type: 'Refund', amount: money(1000) },
        { type: 'Chargeback', amount: money(250) },
        { type: 'Refund', state: 'Pending', amount: money(9) },
        { type: 'Refund', state: 'Initial', amount: money(9) },
        { type: 'Refund', state: 'Failure', amount: money(9) },
        { type: 'Refund', amount: money(99, 'USD') },
        { type: 'Payout', amount: money(9) },
        { type: 'Refund', state: 'Reversed', amount: money(9) },
      ]),
    ])
    expect(order.refunded).toEqual(eur('12.50'))
    expect(order.payments[0]?.transactions).toHaveLength(7)
    expect(order).toMatchObject({ paymentMethods: ['CARD'], payments: [{ method: 'CARD', provider: 'ADYEN', planned: eur('50.00') }] })
  })

  it('is complete when charges first cover the gross amount, in the order of their times', () => {
    const part = (centAmount: number, timestamp: string) => ({ amount: money(centAmount), timestamp })
    const order = map({}, [
      payment([part(2000, '2026-03-03T00:00:00Z'), part(1000, '2026-03-09T00:00:00Z')]),
      payment([part(3000, '2026-03-02T00:00:00Z')]),
    ])
    expect(order.paidAt).toBe('2026-03-03T00:00:00.000Z')
  })

  it('without a time counts at the creation of the payment, which does not move', () => {
    expect(map({}, [payment([{}])]).paidAt).toBe('2026-03-01T12:30:00.000Z')
  })

  it('that only the order states is dated by the last charge, the payment, or the order', () => {
    const paid = { paymentState: 'Paid' }
    expect(map(paid, [payment([{ amount: money(1), timestamp: '2026-03-04T00:00:00Z' }])]).paidAt).toBe('2026-03-04T00:00:00.000Z')
    expect(map(paid, [payment([])]).paidAt).toBe('2026-03-01T12:30:00.000Z')
    expect(map(paid).paidAt).toBe('2026-03-01T12:00:00.000Z')
  })

  it('of nothing is complete at once', () => {
    expect(map({ totalPrice: money(0) }).paidAt).toBe(baseOrder.createdAt)
  })

  it('is missing while charges are pending, too small or in another currency', () => {
    for (const transaction of [{ state: 'Pending' }, { amount: money(4999) }, { amount: money(5000, 'USD') }, { type: 'Authorization' }])
      expect(map({}, [payment([transaction])]).paidAt).toBeUndefined()
  })
})

describe('states', () => {
  it('of today are known', () => {
    expect(map({ orderState: 'Cancelled', paymentState: 'CreditOwed', shipmentState: 'Canceled', origin: 'RecurringOrder' })).toMatchObject(
      { orderState: 'cancelled', paymentState: 'credit-owed', shipmentState: 'cancelled', origin: 'recurring' },
    )
  })

  it('of tomorrow are unknown, as are those called like a method of objects', () => {
    for (const state of ['Archived', 'constructor', '__proto__', 'toString']) {
      expect(map({ orderState: state, paymentState: state, shipmentState: state, origin: state })).toMatchObject({
        orderState: 'unknown',
        paymentState: 'unknown',
        shipmentState: 'unknown',
        origin: 'unknown',
      })
    }
  })

  it('of returns claim the least when unknown', () => {
    const item = {
      id: 'r1',
      type: 'LineItemReturnItem' as const,
      lineItemId: 'gone',
      quantity: 1,
      createdAt: '2026-03-03T00:00:00.000Z',
      lastModifiedAt: '2026-03-03T00:00:00.000Z',
    }
    const order = map({
      returnInfo: [{ returnDate: '2026-03-04T00:00:00.000Z', items: [{ ...item, shipmentState: 'Lost', paymentState: 'Odd' }] }],
    })
    expect(order.returns).toEqual([
      { id: 'r1', lineId: 'gone', quantity: 1, shipmentState: 'advised', paymentState: 'initial', at: '2026-03-04T00:00:00.000Z' },
    ])
  })

  it('of the shop keep their id when they no longer exist', () => {
    expect(map({ state: { typeId: 'state', id: 's1' } }).workflowState).toEqual({ id: 's1' })
  })
})

describe('people and places', () => {
  it('of guests are an e-mail address without a customer', () => {
    const order = map({ customerEmail: 'Guest@Example.com', anonymousId: 'a1' })
    expect(order).toMatchObject({ email: 'Guest@Example.com', anonymousId: 'a1' })
    expect(order.customerId).toBeUndefined()
  })

  it('name store, company, channel, coupons and address of the order', () => {
    const names: Names = {
      ...noNames,
      channel: () => 'web',
      discountCode: (id) => (id === 'dc' ? 'SAVE10' : undefined),
      group: (id) => ({ id, key: 'vip' }),
    }
    const order = map(
      {
        store: { typeId: 'store', key: 'eu' },
        businessUnit: { typeId: 'business-unit', key: 'acme' },
        customerGroup: { typeId: 'customer-group', id: 'g' },
        lineItems: [{ ...baseLine, distributionChannel: { typeId: 'channel', id: 'ch' } }],
        discountCodes: [
          { discountCode: { typeId: 'discount-code', id: 'dc' }, state: 'MatchesCart' },
          { discountCode: { typeId: 'discount-code', id: 'gone' }, state: 'MatchesCart' },
          { discountCode: { typeId: 'discount-code', id: 'dc' }, state: 'DoesNotMatchCart' },
        ],
      },
      [],
      names,
    )
    expect(order).toMatchObject({
      store: 'eu',
      companyId: 'acme',
      channel: 'web',
      couponCodes: ['SAVE10'],
      customerGroup: { key: 'vip' },
      url: 'https://admin/o1',
    })
  })

  it('imported orders were placed when they were completed, unless that cannot be', () => {
    expect(map({ completedAt: '1999-12-31T00:00:00.000Z' }).placedAt).toBe('1999-12-31T00:00:00.000Z')
    expect(map({ completedAt: '2999-12-31T00:00:00.000Z' }).placedAt).toBe(baseOrder.createdAt)
  })
})

describe('totals', () => {
  it('hold for any lines: what is off the list price and what is paid make the list price', () => {
    const line = fc.record({
      list: fc.integer({ min: 0, max: 1_000_000 }),
      off: fc.nat(100),
      cut: fc.nat(100),
      quantity: fc.integer({ min: 1, max: 99 }),
    })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (drafts) => {
        const lineItems = drafts.map(({ list, off, cut, quantity }, index): LineItem => {
          const sale = list - Math.floor((list * off) / 100)
          const final = sale - Math.floor((sale * cut) / 100)
          const discounted =
            off === 0 ? {} : { discounted: { value: money(sale), discount: { typeId: 'product-discount' as const, id: 'd' } } }
          const portion = {
            quantity,
            discountedPrice: {
              value: money(final),
              includedDiscounts: [{ discount: { typeId: 'cart-discount' as const, id: 'c' }, discountedAmount: money(sale - final) }],
            },
          }
          return {
            ...baseLine,
            id: `l${index}`,
            quantity,
            price: { id: 'p', value: money(list), ...discounted },
            totalPrice: money(final * quantity),
            discountedPricePerQuantity: cut === 0 ? [] : [portion],
          }
        })
        for (const mapped of map({ lineItems }).lines) {
          const cents = (amount: { amount: string } | undefined) => Math.round(Number(amount?.amount ?? '0') * 100)
          expect(cents(mapped.listPrice) * mapped.quantity - cents(mapped.discount)).toBe(cents(mapped.total))
        }
      }),
    )
  })
})
