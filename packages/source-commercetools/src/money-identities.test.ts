import type { LineItem, Order as PlatformOrder, TypedMoney } from '@commercetools/platform-sdk'
import { orderFact, orderView, personSignals, type Money, type Order } from '@millrace/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { baseLine, mapOrder, money } from './test-rows.ts'

const currencies = [
  { code: 'JPY', digits: 0 },
  { code: 'EUR', digits: 2 },
  { code: 'KWD', digits: 3 },
] as const

/** An amount in its smallest part of `digits` places, read by hand. */
const units = ({ amount }: Money, digits = 12): bigint => {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const value = BigInt(whole + fraction.padEnd(digits, '0'))
  return amount.startsWith('-') ? -value : value
}
const sum = (values: readonly (Money | undefined)[]): bigint =>
  values.reduce((all, value) => all + (value === undefined ? 0n : units(value)), 0n)

const draft = fc.record({
  currency: fc.constantFrom(...currencies),
  lines: fc.array(
    fc.record({
      list: fc.integer({ min: 0, max: 900_000 }),
      off: fc.nat(100),
      quantity: fc.integer({ min: 1, max: 40 }),
      tax: fc.nat(50),
      precise: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  shipping: fc.nat(5_000),
  shippingTax: fc.nat(900),
  refunded: fc.nat(100),
})
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never

/** A unit price finer than the currency: a seventh of the smallest unit more, to 7 places beyond it. */
const finer = (cents: number, { code, digits }: Draft['currency']): TypedMoney => ({
  type: 'highPrecision',
  currencyCode: code,
  centAmount: cents,
  preciseAmount: cents * 10_000_000 + 1_428_571,
  fractionDigits: digits + 7,
})

/** The draft as a shop with net prices would have it. */
const platformOrder = ({ currency, lines, shipping, shippingTax }: Draft): Partial<PlatformOrder> => {
  const cents = (amount: number) => money(amount, currency.code, currency.digits)
  const rows = lines.map(({ list, off, quantity, tax, precise }, index): LineItem => {
    const sale = Math.floor((list * (100 - off)) / 100)
    const total = sale * quantity
    const taxed = Math.floor((total * tax) / 100)
    const discounted = off === 0 ? {} : { discounted: { value: cents(sale), discount: { typeId: 'product-discount' as const, id: 'd' } } }
    return {
      ...baseLine,
      id: `l${index}`,
      price: { id: 'pr', value: precise && off === 0 ? finer(list, currency) : cents(list), ...discounted },
      quantity,
      totalPrice: cents(total),
      taxedPrice: { totalNet: cents(total), totalGross: cents(total + taxed), totalTax: cents(taxed), taxPortions: [] },
    }
  })
  const net = rows.reduce((all, row) => all + row.totalPrice.centAmount, shipping)
  const gross = rows.reduce((all, row) => all + (row.taxedPrice?.totalGross.centAmount ?? 0), shipping + shippingTax)
  return {
    totalPrice: cents(net),
    lineItems: rows,
    taxedPrice: { totalNet: cents(net), totalGross: cents(gross), totalTax: cents(gross - net), taxPortions: [] },
    taxedShippingPrice: {
      totalNet: cents(shipping),
      totalGross: cents(shipping + shippingTax),
      totalTax: cents(shippingTax),
      taxPortions: [],
    },
    paymentState: 'Paid',
  }
}

const refund = ({ currency, refunded }: Draft, gross: number): Parameters<typeof mapOrder>[1] => {
  const amount = money(Math.floor((gross * refunded) / 100), currency.code, currency.digits)
  const stamp = { version: 1, createdAt: '2026-03-01T12:00:00.000Z', lastModifiedAt: '2026-03-01T12:00:00.000Z' }
  const transactions = [{ id: 't', type: 'Refund' as const, state: 'Success' as const, amount, interactionId: 'i' }]
  return [{ ...stamp, id: 'p', amountPlanned: amount, paymentMethodInfo: {}, paymentStatus: {}, transactions, interfaceInteractions: [] }]
}

const orderOf = (each: Draft): Order => {
  const row = platformOrder(each)
  return mapOrder(row, refund(each, row.taxedPrice?.totalGross.centAmount ?? 0))
}

it('lines and shipping less discounts with tax are gross, and gross without tax is net, in every currency and with prices finer than it', () => {
  fc.assert(
    fc.property(draft, (each) => {
      const order = orderOf(each)
      const tax = sum(order.lines.map((line) => line.tax))
      const shipping = sum([order.shipping])
      // What was paid for the lines holds their discounts already.
      expect(sum(order.lines.map(({ total }) => total)) + tax + shipping).toBe(units(order.gross))
      expect(sum([order.net]) + sum([order.tax])).toBe(units(order.gross))
      if (each.lines.some(({ precise }) => precise)) return
      const listed = order.lines.reduce(
        (all, line) => all + (line.listPrice === undefined ? 0n : units(line.listPrice)) * BigInt(line.quantity),
        0n,
      )
      expect(listed + shipping - sum([order.discount]) + tax).toBe(units(order.gross))
    }),
    { numRuns: 300 },
  )
})

it('gross less refunds is what is due and what is kept, of one order and of a person', () => {
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 5 }), (drafts) => {
      const orders = drafts.map((each, index) => ({ ...orderOf(each), id: `o${index}` }))
      for (const order of orders) {
        const { amountDue } = orderView(order, { key: 'k', historical: false, deletedAt: null, source: 'shop' })
        expect(sum([amountDue])).toBe(units(order.gross) - units(order.refunded))
      }
      const signals = personSignals(orders.map((order) => orderFact(order, 'shop')))
      for (const { code } of currencies) {
        const own = orders.filter(({ gross }) => gross.currency === code)
        expect(sum([signals.keptTotals[code]])).toBe(sum(own.map(({ gross }) => gross)) - sum(own.map(({ refunded }) => refunded)))
        expect(sum([signals.totals[code]]) - sum([signals.refundedTotals[code]])).toBe(sum([signals.keptTotals[code]]))
      }
    }),
    { numRuns: 200 },
  )
})
