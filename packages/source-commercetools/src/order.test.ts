import type { Payment as PlatformPayment, ShippingInfo, Transaction } from '@commercetools/platform-sdk'
import type { Order } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { type Names, noNames } from './names.ts'
import { baseLine, baseOrder, eur, mapOrder, money } from './test-rows.ts'

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

describe('amounts of an order', () => {
  it('come from the taxed price where there is one', () => {
    const order = mapOrder({ taxedPrice: { totalNet: money(4202), totalGross: money(5000), taxPortions: [] } })
    expect(order).toMatchObject({ gross: eur('50.00'), net: eur('42.02'), tax: eur('7.98') })
  })

  it('prefer the tax that the platform states', () => {
    expect(mapOrder({ taxedPrice: { totalNet: money(4202), totalGross: money(5000), taxPortions: [], totalTax: money(798) } }).tax).toEqual(
      eur('7.98'),
    )
  })

  it('without taxes are the total alone: nothing is made up', () => {
    const order = mapOrder({})
    expect(order.gross).toEqual(eur('50.00'))
    for (const name of ['net', 'tax', 'shipping', 'discount', 'paidAt']) expect(order[name as keyof Order]).toBeUndefined()
    expect(order.refunded).toEqual(eur('0.00'))
  })

  it('keep the digits of yen and dinar', () => {
    expect(mapOrder({ totalPrice: money(1999, 'JPY', 0) })).toMatchObject({
      gross: { currency: 'JPY', amount: '1999' },
      refunded: { currency: 'JPY', amount: '0' },
    })
    expect(mapOrder({ totalPrice: money(1999, 'KWD', 3) })).toMatchObject({
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
    expect(mapOrder({ shippingInfo: info, taxedShippingPrice: taxed }).shipping).toEqual(eur('4.76'))
    expect(mapOrder({ shippingInfo: { ...info, taxedPrice: taxed } }).shipping).toEqual(eur('4.76'))
    expect(
      mapOrder({
        shippingInfo: {
          ...info,
          discountedPrice: {
            value: money(100),
            includedDiscounts: [{ discount: { typeId: 'cart-discount', id: 'd' }, discountedAmount: money(390) }],
          },
        },
      }),
    ).toMatchObject({ shipping: eur('1.00'), discount: eur('3.90') })
    const several = mapOrder({
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
    const order = mapOrder({
      lineItems: [{ ...baseLine, price: { id: 'pr', value: money(1000) }, totalPrice: money(1500), discountedPricePerQuantity: portions }],
      discountOnTotalPrice: { discountedAmount: money(300), includedDiscounts: [] },
    })
    expect(order.lines[0]).toMatchObject({ unitPrice: eur('7.50'), listPrice: eur('10.00'), total: eur('15.00'), discount: eur('5.00') })
    expect(order.discount).toEqual(eur('8.00'))
  })
})

describe('payment', () => {
  it('counts only successful refunds and chargebacks of the order currency', () => {
    const order = mapOrder({}, [
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
    const order = mapOrder({}, [
      payment([part(2000, '2026-03-03T00:00:00Z'), part(1000, '2026-03-09T00:00:00Z')]),
      payment([part(3000, '2026-03-02T00:00:00Z')]),
    ])
    expect(order.paidAt).toBe('2026-03-03T00:00:00.000Z')
  })

  it('without a time counts at the creation of the payment, which does not move', () => {
    expect(mapOrder({}, [payment([{}])]).paidAt).toBe('2026-03-01T12:30:00.000Z')
  })

  it('that only the order states is dated by the last charge, the payment, or the order', () => {
    const paid = { paymentState: 'Paid' }
    expect(mapOrder(paid, [payment([{ amount: money(1), timestamp: '2026-03-04T00:00:00Z' }])]).paidAt).toBe('2026-03-04T00:00:00.000Z')
    expect(mapOrder(paid, [payment([])]).paidAt).toBe('2026-03-01T12:30:00.000Z')
    expect(mapOrder(paid).paidAt).toBe('2026-03-01T12:00:00.000Z')
  })

  it('of nothing is complete at once', () => {
    expect(mapOrder({ totalPrice: money(0) }).paidAt).toBe(baseOrder.createdAt)
  })

  it('is missing while charges are pending, too small or in another currency', () => {
    for (const transaction of [{ state: 'Pending' }, { amount: money(4999) }, { amount: money(5000, 'USD') }, { type: 'Authorization' }])
      expect(mapOrder({}, [payment([transaction])]).paidAt).toBeUndefined()
  })
})

describe('states', () => {
  it('of today are known', () => {
    expect(
      mapOrder({ orderState: 'Cancelled', paymentState: 'CreditOwed', shipmentState: 'Canceled', origin: 'RecurringOrder' }),
    ).toMatchObject({ orderState: 'cancelled', paymentState: 'credit-owed', shipmentState: 'cancelled', origin: 'recurring' })
  })

  it('of tomorrow are unknown, as are those called like a method of objects', () => {
    for (const state of ['Archived', 'constructor', '__proto__', 'toString']) {
      expect(mapOrder({ orderState: state, paymentState: state, shipmentState: state, origin: state })).toMatchObject({
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
    const order = mapOrder({
      returnInfo: [{ returnDate: '2026-03-04T00:00:00.000Z', items: [{ ...item, shipmentState: 'Lost', paymentState: 'Odd' }] }],
    })
    expect(order.returns).toEqual([
      { id: 'r1', lineId: 'gone', quantity: 1, shipmentState: 'advised', paymentState: 'initial', at: '2026-03-04T00:00:00.000Z' },
    ])
  })

  it('of the shop keep their id when they no longer exist', () => {
    expect(mapOrder({ state: { typeId: 'state', id: 's1' } }).workflowState).toEqual({ id: 's1' })
  })
})

describe('people and places', () => {
  it('of guests are an e-mail address without a customer', () => {
    const order = mapOrder({ customerEmail: 'Guest@Example.com', anonymousId: 'a1' })
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
    const order = mapOrder(
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
    expect(mapOrder({ completedAt: '1999-12-31T00:00:00.000Z' }).placedAt).toBe('1999-12-31T00:00:00.000Z')
    expect(mapOrder({ completedAt: '2999-12-31T00:00:00.000Z' }).placedAt).toBe(baseOrder.createdAt)
  })
})
