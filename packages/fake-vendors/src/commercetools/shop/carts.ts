import type { FakeCommercetools } from '../start.ts'
import { type Calendar, stamps } from './calendar.ts'
import type { Person } from './customers.ts'
import type { Dice } from './dice.ts'
import { productLine } from './lines.ts'
import type { CatalogProduct } from './products.ts'
import { noShipping } from './shipping.ts'
import { addUp } from './totals.ts'

/** Adds carts in every state, one in ten empty, most of them Active, some of nobody. */
export function addCarts(
  { project }: FakeCommercetools,
  dice: Dice,
  calendar: Calendar,
  count: number,
  people: readonly Person[],
  catalog: readonly CatalogProduct[],
): void {
  for (let index = 0; index < count; index += 1) {
    const person = dice.pick(people)
    const { region } = person
    const known = dice.weighted([
      ['customer', 6],
      ['guest', 3],
      ['nobody', 1],
    ])
    const lines = Array.from({ length: dice.chance(0.1) ? 0 : dice.between(1, 4) }, () => {
      const product = dice.pick(catalog)
      return productLine(dice, region, product, dice.pick(product.variants), { quantity: dice.between(1, 3) })
    })
    const createdAt = calendar.draw()
    const { taxedShippingPrice: _, ...totals } = addUp(region.currency, lines, [], 0)
    project.add('cart', {
      ...stamps(createdAt, calendar.draw(createdAt)),
      id: dice.uuid(),
      cartState: dice.weighted([
        ['Active', 6],
        ['Merged', 1],
        ['Ordered', 2],
        ['Frozen', 1],
      ]),
      ...(known === 'customer' ? { customerId: person.id, customerEmail: person.email } : { anonymousId: dice.uuid() }),
      ...(known === 'guest' ? { customerEmail: `cart${index}@guest.example.com` } : {}),
      store: { typeId: 'store', key: region.storeKey },
      country: region.country,
      locale: region.locale,
      lineItems: lines,
      customLineItems: [],
      ...(lines.length === 0 ? {} : { totalLineItemQuantity: lines.reduce((sum, line) => sum + line.quantity, 0) }),
      ...totals,
      ...noShipping().fields,
      taxMode: 'Platform',
      taxRoundingMode: 'HalfEven',
      taxCalculationMode: 'LineItemLevel',
      inventoryMode: 'None',
      discountCodes: [],
      directDiscounts: [],
      refusedGifts: [],
      origin: 'Customer',
      deleteDaysAfterLastModification: 90,
    })
  }
}
