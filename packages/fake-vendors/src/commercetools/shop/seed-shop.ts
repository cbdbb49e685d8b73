import type { FakeCommercetools } from '../start.ts'
import { addBusinessUnits } from './business-units.ts'
import { createCalendar } from './calendar.ts'
import { addCarts } from './carts.ts'
import { addCategories } from './categories.ts'
import { addCustomTypes } from './custom-types.ts'
import { addCustomers } from './customers.ts'
import { createDice } from './dice.ts'
import { migrateToModular } from './modular.ts'
import { addOrders } from './orders.ts'
import { addProductTypes } from './product-types.ts'
import { addProducts } from './products.ts'
import { addSettings } from './settings.ts'

/** How large a shop is and from which seed it grows. */
export interface SeedOptions {
  /** Default 2,000. */
  customers?: number
  /** Default 5,000, with three lines each on average. */
  orders?: number
  /** Default 500. */
  products?: number
  /** Default 200, or a tenth of the customers where that is less. */
  businessUnits?: number
  /** Default 200. */
  carts?: number
  /** Default `Classic`. `Modular`: variants are resources of their own, prices standalone. */
  catalogModel?: 'Classic' | 'Modular'
  /** The same seed makes the same shop, ids included. Default 1. */
  seed?: number
  /** The latest time of any row, epoch ms; rows spread over three years before it. Default 30 September 2026, or an hour ago where that is earlier. */
  until?: number
}

const DEFAULT_UNTIL = Date.parse('2026-09-30T00:00:00.000Z')
const YEARS = 3

/**
 * Fills a fake shop with a realistic one: five stores, four currencies with 0, 2 and 3 digits, guests, companies, every attribute and field type,
 * discounts, returns, refunds, ties in time. Amounts of every order add up.
 */
export function seedShop(target: FakeCommercetools, options: SeedOptions = {}): void {
  const shop = handingOver(target)
  const dice = createDice(options.seed ?? 1)
  const calendar = createCalendar(dice, options.until ?? Math.min(DEFAULT_UNTIL, shop.now() - 3_600_000), YEARS)
  const customers = options.customers ?? 2000
  addSettings(shop, calendar.from)
  addCustomTypes(shop, calendar.from)
  addProductTypes(shop, calendar.from)
  const categoryIds = addCategories(shop, dice, calendar)
  const catalog = addProducts(shop, dice, calendar, options.products ?? 500, categoryIds)
  const people = addCustomers(shop, dice, calendar, customers)
  addBusinessUnits(shop, dice, calendar, options.businessUnits ?? Math.min(200, Math.floor(customers / 10)), people)
  addOrders(shop, dice, calendar, options.orders ?? 5000, people, catalog)
  if (people.length > 0) addCarts(shop, dice, calendar, options.carts ?? 200, people, catalog)
  if (options.catalogModel === 'Modular') migrateToModular(shop)
}

/** The same shop, to which rows are handed over: they share what they have in common, such as the names of products, and nothing is copied. */
function handingOver(shop: FakeCommercetools): FakeCommercetools {
  const { project } = shop
  return { ...shop, project: { ...project, add: (type, resource) => project.add(type, resource, { handOver: true }) } }
}
