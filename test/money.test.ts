import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeNames, type PlaceName } from './support/all-destinations.ts'
import { startFanOut, type FanOutWorld } from './support/fan-out-world.ts'

interface Case {
  currency: string
  digits: number
  /** The order's total in the smallest unit, and as it has to arrive. */
  units: number
  total: string
  /** The unit price of its line, in `priceDigits` places, and as it has to arrive. */
  price: number
  priceDigits: number
  unitPrice: string
  quantity: number
}

const cases: readonly Case[] = [
  { currency: 'EUR', digits: 2, units: 1999, total: '19.99', price: 1999, priceDigits: 2, unitPrice: '19.99', quantity: 1 },
  { currency: 'JPY', digits: 0, units: 500, total: '500', price: 500, priceDigits: 0, unitPrice: '500', quantity: 1 },
  { currency: 'KWD', digits: 3, units: 3050, total: '3.050', price: 3050, priceDigits: 3, unitPrice: '3.050', quantity: 1 },
  // High precision: sold by the gram, at a price finer than the currency.
  { currency: 'USD', digits: 2, units: 1999, total: '19.99', price: 12_493_751, priceDigits: 7, unitPrice: '1.2493751', quantity: 16 },
  // What floats get wrong: 0.1 + 0.2, and 1.005 that is a little less.
  { currency: 'USD', digits: 2, units: 30, total: '0.30', price: 10, priceDigits: 2, unitPrice: '0.10', quantity: 3 },
  { currency: 'KWD', digits: 3, units: 1005, total: '1.005', price: 1005, priceDigits: 3, unitPrice: '1.005', quantity: 1 },
  // Beyond what a 32-bit number of cents holds.
  {
    currency: 'EUR',
    digits: 2,
    units: 9_007_199_254_99,
    total: '9007199254.99',
    price: 9_007_199_254_99,
    priceDigits: 2,
    unitPrice: '9007199254.99',
    quantity: 1,
  },
]

/** Dotdigital keeps numbers: the one that is written as this text, and reads back as it. ActiveCampaign keeps totals of lines. */
const asKept: Partial<Record<PlaceName, (text: string) => unknown>> = { dotdigital: Number }
const keepsTotals: readonly PlaceName[] = ['activecampaign']

let world: FanOutWorld
beforeAll(async () => {
  world = await startFanOut()
  const at = '2026-01-01T00:00:00.000Z'
  const stamps = { version: 1, createdAt: at, lastModifiedAt: at }
  world.shop.project.add('customer', {
    ...stamps,
    id: 'c1',
    email: 'buyer@example.com',
    addresses: [],
    isEmailVerified: true,
    authenticationMode: 'Password',
    stores: [],
  })
  cases.forEach(({ currency, digits, units, price, priceDigits, quantity }, index) => {
    const totalPrice = { type: 'centPrecision', currencyCode: currency, centAmount: units, fractionDigits: digits }
    const value =
      priceDigits === digits
        ? { ...totalPrice, centAmount: price }
        : {
            type: 'highPrecision',
            currencyCode: currency,
            centAmount: Math.round(price / 10 ** (priceDigits - digits)),
            preciseAmount: price,
            fractionDigits: priceDigits,
          }
    world.shop.project.add('order', {
      ...stamps,
      id: `order-${index}`,
      orderNumber: `N-${index}`,
      customerId: 'c1',
      customerEmail: 'buyer@example.com',
      orderState: 'Open',
      paymentState: 'Paid',
      totalPrice,
      customLineItems: [],
      lineItems: [
        {
          id: `line-${index}`,
          productId: 'p1',
          name: { en: 'Tea' },
          variant: { id: 1, sku: 'TEA', attributes: [], prices: [], images: [], assets: [] },
          price: { id: 'price', value },
          quantity,
          totalPrice,
          state: [],
          discountedPricePerQuantity: [],
          perMethodTaxRate: [],
          priceMode: 'Platform',
          lineItemMode: 'Standard',
          productType: { typeId: 'product-type', id: 'tea' },
        },
      ],
    })
  })
  await world.millrace.apply()
  const { run, connections } = await world.millrace.backfill()
  expect(run.status).toBe('completed')
  expect(Object.values(connections).map(({ deadLettered }) => deadLettered)).toEqual(placeNames.map(() => 0))
})
afterAll(() => world.close())

describe.each(placeNames)('amounts at %s', (name) => {
  it.each(cases.map((one, index) => ({ ...one, index })))(
    '$total $currency at $unitPrice a piece arrives exact',
    ({ index, currency, total, unitPrice }) => {
      const kept = world.places[name].orders().find(({ id }) => id === `order-${index}`)
      const as = asKept[name] ?? ((text: string) => text)
      expect(kept).toEqual({
        id: `order-${index}`,
        currency,
        amount: as(total),
        prices: [as(keepsTotals.includes(name) ? total : unitPrice)],
      })
    },
  )
})
