import type { FakeCommercetools } from '../start.ts'
import { drawAddress, drawName } from './addresses.ts'
import { type Calendar, DAY, stamps } from './calendar.ts'
import { customType } from './custom-types.ts'
import type { Person } from './customers.ts'
import type { Dice } from './dice.ts'
import { customLine, type Line, productLine } from './lines.ts'
import { fromEuroCents } from './money.ts'
import { drawStates, type OrderStates } from './order-states.ts'
import { addPayments } from './payments.ts'
import type { CatalogProduct } from './products.ts'
import { REGIONS } from './regions.ts'
import { CODES, STATE_IDS } from './settings.ts'
import { multipleShipping, noShipping, type Shipping, singleShipping } from './shipping.ts'
import { addUp } from './totals.ts'

/** Adds orders of customers and guests with their payments and quotes. */
export function addOrders(
  shop: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  count: number,
  people: readonly Person[],
  catalog: readonly CatalogProduct[],
): void {
  for (let index = 0; index < count; index += 1) addOrder(shop, dice, calendar, index, drawBuyer(dice, calendar, index, people), catalog)
}

/** Who buys and when. A guest has an e-mail only. */
export interface Buyer {
  person: Omit<Person, 'id' | 'groupId' | 'unitKey' | 'createdAt'>
  customer: Person | undefined
  at: number
}

/** Four of five orders are of customers; a quarter of the guests register later, some guests order twice. */
function drawBuyer(dice: Dice, calendar: Calendar, index: number, people: readonly Person[]): Buyer {
  if (people.length > 0 && dice.chance(0.8)) {
    const customer = dice.pick(people)
    return { person: customer, customer, at: calendar.draw(customer.createdAt) }
  }
  if (people.length > 0 && dice.chance(0.25)) {
    const later = dice.pick(people)
    const at = Math.max(calendar.from, later.createdAt - dice.between(1, 200) * DAY)
    if (at < later.createdAt) return { person: later, customer: undefined, at }
  }
  const region = dice.pick(REGIONS)
  const name = drawName(dice, region)
  const email = `guest${dice.chance(0.1) ? index % 50 : index}@guest.example.com`
  return { person: { email, region, name, address: drawAddress(dice, region, name) }, customer: undefined, at: calendar.draw() }
}

function addOrder(
  shop: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  index: number,
  buyer: Buyer,
  catalog: readonly CatalogProduct[],
): void {
  const { region, address, email } = buyer.person
  const states = drawStates(dice, index)
  const lines = drawLines(dice, buyer, catalog)
  const customLines = dice.chance(0.08) ? [customLine(dice, region, 'Gift wrapping', fromEuroCents(300, region.currency))] : []
  const shipping = drawShipping(dice, buyer, lines)
  const totals = addUp(region.currency, [...lines, ...customLines], shipping.prices, dice.chance(0.1) ? 0.1 : 0)
  const withTax = !dice.chance(0.02)
  const number = `${region.country}-${String(index).padStart(6, '0')}`
  const gross = withTax ? totals.taxedPrice.totalGross : totals.totalPrice
  const payments = addPayments(shop, dice, calendar, {
    createdAt: buyer.at,
    gross,
    state: states.paymentState,
    customerId: buyer.customer?.id,
    number,
  })
  const { taxedPrice, taxedShippingPrice, ...untaxed } = totals
  const [codeId] = dice.pick(CODES)
  shop.project.add('order', {
    ...stamps(buyer.at, dice.chance(0.5) ? calendar.draw(buyer.at) : buyer.at),
    id: dice.uuid(),
    orderNumber: number,
    ...(buyer.customer === undefined ? { anonymousId: dice.uuid() } : { customerId: buyer.customer.id }),
    customerEmail: email,
    ...(buyer.customer?.groupId === undefined ? {} : { customerGroup: { typeId: 'customer-group', id: buyer.customer.groupId } }),
    ...(buyer.customer?.unitKey === undefined ? {} : { businessUnit: { typeId: 'business-unit', key: buyer.customer.unitKey } }),
    store: { typeId: 'store', key: region.storeKey },
    country: region.country,
    locale: region.locale,
    ...untaxed,
    ...(withTax ? { taxedPrice, taxedShippingPrice } : {}),
    taxMode: 'Platform',
    taxRoundingMode: 'HalfEven',
    taxCalculationMode: 'LineItemLevel',
    inventoryMode: 'None',
    lineItems: lines,
    customLineItems: customLines,
    ...shipping.fields,
    billingAddress: address,
    discountCodes: dice.chance(0.12) ? [{ discountCode: { typeId: 'discount-code', id: codeId }, state: 'MatchesCart' }] : [],
    directDiscounts: [],
    refusedGifts: [],
    ...(payments.length === 0 ? {} : { paymentInfo: { payments } }),
    ...stateFields(shop, dice, states, buyer, number),
    returnInfo: states.returned ? [returnOf(dice, lines, buyer.at)] : [],
    syncInfo: [],
    transactionFee: true,
    ...(dice.chance(0.1) ? { completedAt: new Date(buyer.at - DAY).toISOString() } : {}),
    ...(dice.chance(0.5) ? { custom: { type: customType('order'), fields: drawFields(dice) } } : {}),
  })
}

function drawLines(dice: Dice, { person: { region } }: Buyer, catalog: readonly CatalogProduct[]): Line[] {
  const count = dice.weighted([
    [1, 25],
    [2, 25],
    [3, 20],
    [4, 12],
    [5, 10],
    [9, 8],
  ])
  return Array.from({ length: count }, () => {
    const product = dice.pick(catalog)
    return productLine(dice, region, product, dice.pick(product.variants), {
      quantity: dice.weighted([
        [1, 70],
        [2, 20],
        [10, 10],
      ]),
      ...(dice.chance(0.1) ? { priceDiscount: 0.2 } : {}),
      ...(dice.chance(0.1) ? { cartDiscount: 0.1 } : {}),
      precise: dice.chance(0.03),
    })
  })
}

function drawShipping(dice: Dice, { person }: Buyer, lines: readonly Line[]): Shipping {
  if (dice.chance(0.05)) return noShipping()
  if (dice.chance(0.08)) return multipleShipping(person.region, [person.address, drawAddress(dice, person.region, person.name)], lines)
  return singleShipping(person.region, person.address)
}

function stateFields(shop: FakeCommercetools, dice: Dice, states: OrderStates, buyer: Buyer, number: string): Record<string, unknown> {
  const { orderState, paymentState, shipmentState, quoted } = states
  const fields = {
    orderState,
    paymentState,
    shipmentState,
    origin: 'Customer',
    ...(dice.chance(0.3) ? { state: { typeId: 'state', id: dice.pick(STATE_IDS) } } : {}),
  }
  if (!quoted) return fields
  const quote = { typeId: 'quote', id: dice.uuid() }
  shop.project.add('quote', {
    ...stamps(buyer.at),
    id: quote.id,
    key: `quote-${number}`,
    quoteState: 'Accepted',
    sellerComment: 'As agreed',
    lineItems: [],
  })
  return { ...fields, origin: 'Quote', quote, purchaseOrderNumber: `PO-${number}` }
}

function returnOf(dice: Dice, lines: readonly Line[], at: number): Record<string, unknown> {
  const stamp = new Date(at + 7 * DAY).toISOString()
  const items = lines.slice(0, 1).map((line) => ({
    id: dice.uuid(),
    type: 'LineItemReturnItem',
    lineItemId: line.id,
    quantity: line.quantity,
    shipmentState: dice.pick(['Advised', 'Returned', 'BackInStock', 'Unusable']),
    paymentState: dice.pick(['NonRefundable', 'Initial', 'Refunded', 'NotRefunded']),
    createdAt: stamp,
    lastModifiedAt: stamp,
  }))
  return { returnTrackingId: `R-${dice.between(1, 99_999)}`, returnDate: stamp, items }
}

function drawFields(dice: Dice): Record<string, unknown> {
  const fields = {
    utm_source: dice.pick(['google', 'newsletter', 'instagram', 'façade']),
    utm_campaign: 'spring-2026',
    landingPage: 'https://shop.example/de/parka?utm_source=google&x=1',
    giftWrapped: dice.chance(0.1),
    desiredDate: '2026-12-24',
    tags: dice.some(['b2b', 'rush', '贈り物'], 2),
  }
  return Object.fromEntries(Object.entries(fields).filter(() => dice.chance(0.6)))
}
