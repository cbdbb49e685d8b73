import { afterAll, beforeAll, expect, test } from 'vitest'

import { type FakeCommercetools, type Resource, seedShop, startFakeCommercetools } from '../index.ts'
import { get, readByKeyset } from '../test-support.ts'
import { DIGITS } from './money.ts'
import { REGIONS } from './regions.ts'

interface Amount {
  centAmount: number
  currencyCode: string
  fractionDigits: number
  type: string
}
interface Taxed {
  totalNet: Amount
  totalGross: Amount
  totalTax: Amount
  taxPortions: { amount: Amount }[]
}
interface OrderLine {
  quantity: number
  totalPrice: Amount
  taxedPrice: Taxed
  price?: { value: Amount & { preciseAmount?: number } }
}
interface Order extends Resource {
  orderNumber: string
  customerId?: string
  customerEmail: string
  totalPrice: Amount
  taxedPrice?: Taxed
  taxedShippingPrice?: Taxed
  lineItems: OrderLine[]
  customLineItems: OrderLine[]
  shippingInfo?: { price: Amount }
  shipping: { shippingInfo: { price: Amount } }[]
  discountOnTotalPrice?: { discountedAmount: Amount; discountedGrossAmount: Amount; discountedNetAmount: Amount }
  paymentInfo?: { payments: { id: string }[] }
}

let shop: FakeCommercetools
let orders: Order[]

beforeAll(async () => {
  shop = await startFakeCommercetools()
  seedShop(shop, { customers: 600, orders: 1500, products: 120, seed: 7 })
  orders = shop.project.all('order') as Order[]
})

afterAll(() => shop.close())

const sum = (amounts: readonly (Amount | undefined)[]): number => amounts.reduce((total, amount) => total + (amount?.centAmount ?? 0), 0)

test('every order adds up: lines, custom lines and shipping less the discount are its total', () => {
  for (const order of orders) {
    const shipping = [order.shippingInfo?.price, ...order.shipping.map((delivery) => delivery.shippingInfo.price)]
    const parts = [...order.lineItems.map((line) => line.totalPrice), ...order.customLineItems.map((line) => line.totalPrice), ...shipping]
    expect(sum(parts) - sum([order.discountOnTotalPrice?.discountedAmount]), order.orderNumber).toBe(order.totalPrice.centAmount)
  }
})

test('taxes add up: net plus tax is gross, portions are the tax, and the total price is gross or net as the store has it', () => {
  const taxedOrders = orders.filter((order) => order.taxedPrice !== undefined)
  expect(taxedOrders.length).toBeGreaterThan(orders.length * 0.9)
  for (const { orderNumber, taxedPrice, taxedShippingPrice, ...order } of taxedOrders) {
    if (taxedPrice === undefined || taxedShippingPrice === undefined) throw new Error('filtered above')
    const { totalNet, totalGross, totalTax, taxPortions } = taxedPrice
    expect(totalNet.centAmount + totalTax.centAmount, orderNumber).toBe(totalGross.centAmount)
    expect(sum(taxPortions.map((portion) => portion.amount)), orderNumber).toBe(totalTax.centAmount)
    expect(orderNumber.startsWith('US-') ? totalNet : totalGross, orderNumber).toEqual(order.totalPrice)
    const parts = [...order.lineItems, ...order.customLineItems].map((line) => line.taxedPrice.totalGross)
    const discount = sum([order.discountOnTotalPrice?.discountedGrossAmount])
    expect(sum(parts) + taxedShippingPrice.totalGross.centAmount - discount, orderNumber).toBe(totalGross.centAmount)
  }
})

test('every amount is an integer in the digits of its currency', () => {
  const seen = new Set<string>()
  const wrong: unknown[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null) {
      const amount = value as Partial<Amount>
      if (amount.type === 'centPrecision') {
        if (amount.fractionDigits !== DIGITS[amount.currencyCode ?? ''] || !Number.isSafeInteger(amount.centAmount)) wrong.push(amount)
        seen.add(amount.currencyCode ?? '')
      }
      for (const item of Object.values(value)) visit(item)
    }
  }
  for (const type of ['order', 'payment', 'product', 'cart']) visit(shop.project.all(type))
  expect(wrong).toEqual([])
  expect([...seen].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['EUR', 'JPY', 'KWD', 'USD'])
  expect(orders.some((order) => order.lineItems.some((line) => line.price?.value.type === 'highPrecision'))).toBe(true)
})

test('the same seed makes the same shop, another seed another one', async () => {
  const dump = async (seed: number): Promise<string> => {
    const other = await startFakeCommercetools()
    seedShop(other, { customers: 40, orders: 60, products: 20, seed })
    const text = JSON.stringify(['customer', 'order', 'payment', 'product', 'business-unit', 'cart'].map((type) => other.project.all(type)))
    await other.close()
    return text
  }
  const first = await dump(3)
  expect(await dump(3)).toBe(first)
  expect(await dump(4)).not.toBe(first)
})

test('the shop holds what a real one holds', () => {
  const customers = shop.project.all('customer')
  const payments = shop.project.all('payment') as (Resource & { transactions: { type: string; state: string }[] })[]
  const has = (type: string, state: string): boolean =>
    payments.some((payment) => payment.transactions.some((transaction) => transaction.type === type && transaction.state === state))
  for (const [type, state] of [
    ['Charge', 'Success'],
    ['Charge', 'Pending'],
    ['Charge', 'Failure'],
    ['Refund', 'Success'],
    ['Refund', 'Pending'],
    ['Chargeback', 'Success'],
  ] as const) {
    expect(has(type, state), `${type} ${state}`).toBe(true)
  }
  const lines = orders.reduce((total, order) => total + order.lineItems.length, 0)
  expect(lines / orders.length).toBeGreaterThan(2.5)
  expect(lines / orders.length).toBeLessThan(3.5)
  expect(shop.project.count('store')).toBe(5)
  expect(new Set(customers.map((customer) => String(customer['email']).toLowerCase())).size).toBe(customers.length)
  expect(customers.some((customer) => customer['customerGroup'] !== undefined && customer['customerGroupAssignments'] === undefined)).toBe(
    true,
  )
  expect(orders.some((order) => order.shipping.length === 2)).toBe(true)
  expect(orders.some((order) => order['origin'] === 'Quote')).toBe(true)
  expect(
    new Set(orders.map((order) => `${String(order['orderState'])} ${String(order['paymentState'])} ${String(order['shipmentState'])}`))
      .size,
  ).toBe(216)
})

test('some guests register later with the same e-mail', () => {
  const registered = new Map(shop.project.all('customer').map((customer) => [String(customer['email']), customer.createdAt]))
  const later = orders.filter((order) => order.customerId === undefined && (registered.get(order.customerEmail) ?? '') > order.createdAt)
  expect(later.length).toBeGreaterThan(5)
})

test('every reference of an order leads somewhere', () => {
  const payments = new Set(shop.project.all('payment').map((payment) => payment.id))
  const customers = new Set(shop.project.all('customer').map((customer) => customer.id))
  for (const order of orders) {
    if (order.customerId !== undefined) expect(customers.has(order.customerId)).toBe(true)
    for (const payment of order.paymentInfo?.payments ?? []) expect(payments.has(payment.id)).toBe(true)
  }
  const skus = new Set(shop.project.all('inventory-entry').map((entry) => entry['sku']))
  expect(skus.size).toBeGreaterThan(120)
})

test('rows share milliseconds, spread over three years and are never changed before they are made', () => {
  const stamps = orders.map((order) => order.lastModifiedAt)
  expect(new Set(stamps).size).toBeLessThan(stamps.length * 0.9)
  for (const order of orders) expect(order.lastModifiedAt >= order.createdAt).toBe(true)
  const years = new Set(orders.map((order) => order.createdAt.slice(0, 4)))
  expect(years.size).toBeGreaterThanOrEqual(3)
  expect(Math.max(...stamps.map((stamp) => Date.parse(stamp)))).toBeLessThanOrEqual(shop.now())
})

test('no row is after the clock of the shop', async () => {
  const past = await startFakeCommercetools({ now: () => Date.parse('2025-01-01T00:00:00.000Z') })
  seedShop(past, { customers: 20, orders: 50, products: 5 })
  for (const type of ['order', 'customer', 'payment'])
    for (const row of past.project.all(type)) expect(Date.parse(row.lastModifiedAt)).toBeLessThan(past.now())
  await past.close()
})

test.each(['customers', 'orders', 'payments', 'products', 'categories', 'business-units', 'carts', 'inventory'])(
  'all %s are read over HTTP, in order',
  async (path) => {
    const rows = await readByKeyset(shop, `/${path}`, 70)
    const type =
      {
        customers: 'customer',
        orders: 'order',
        payments: 'payment',
        products: 'product',
        categories: 'category',
        carts: 'cart',
        inventory: 'inventory-entry',
      }[path] ?? 'business-unit'
    expect(new Set(rows.map((row) => row.id)).size).toBe(shop.project.count(type))
    expect(rows.length).toBe(shop.project.count(type))
  },
)

test('published projections are read with prices, by page', async () => {
  const { body } = await get(shop, '/product-projections', [
    ['limit', '500'],
    ['sort', 'id asc'],
  ])
  expect(body['total']).toBe(114)
  expect(JSON.stringify(body.results[0])).toContain('"masterVariant"')
})

test('project settings name the currencies, languages and the classic catalogue', async () => {
  const { body } = await get(shop, '')
  expect(body).toMatchObject({
    key: 'fake-shop',
    currencies: ['EUR', 'USD', 'JPY', 'KWD'],
    productCatalogModel: 'Classic',
    countries: REGIONS.map((region) => region.country),
  })
})
