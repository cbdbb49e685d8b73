import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import { fromMinorUnits, type Millrace } from '@millrace/core'
import type { Place } from '../support/all-destinations.ts'
import { byCurrency, digitsIn, keptTotals, shopLedger } from '../support/ledger.ts'

/** One currency of a closing table, in major units. */
export interface BookRow {
  currency: string
  orders: number
  shop: string
  delivered: string
  waiting: string
  difference: string
}

/** Orders that are not at a destination, each with the reason that `trace` gives. */
export interface Missing {
  id: string
  reason: string
}

/** Every order of the shop that a connection does not have, and why. */
export const missingOrders = async (shop: FakeCommercetools, name: string, place: Place, millrace: Millrace): Promise<Missing[]> => {
  const there = new Set(place.orders().map(({ id }) => id))
  const missing: Missing[] = []
  for (const { id } of shop.project.all('order')) {
    if (there.has(id)) continue
    const { deliveries } = await millrace.trace({ entity: 'order', id })
    const delivery = deliveries.find(({ connection, unit }) => connection === name && unit.startsWith('order:'))
    missing.push({ id, reason: delivery?.problem?.code ?? (delivery === undefined ? 'rejected' : delivery.state) })
  }
  return missing
}

/** The shop's books beside a destination's, by currency; what is missing counts as waiting. */
export const compareBooks = (shop: FakeCommercetools, place: Place, missing: readonly Missing[]): BookRow[] => {
  const ids = new Set(missing.map(({ id }) => id))
  const total = byCurrency(shopLedger(shop, () => true, place.keeps))
  const waiting = byCurrency(shopLedger(shop, (order) => ids.has(order.id), place.keeps))
  const delivered = keptTotals(place.orders())
  const currencies = [...new Set([...Object.keys(total), ...Object.keys(delivered)])].toSorted()
  const counts = Map.groupBy(shop.project.all('order'), (order) => (order['totalPrice'] as { currencyCode: string }).currencyCode)
  const write = (currency: string, units: bigint): string => fromMinorUnits(currency, units, digitsIn(currency)).amount
  return currencies.map((currency) => {
    const here = total[currency] ?? 0n
    const there = delivered[currency] ?? 0n
    const open = waiting[currency] ?? 0n
    return {
      currency,
      orders: counts.get(currency)?.length ?? 0,
      shop: write(currency, here),
      delivered: write(currency, there),
      waiting: write(currency, open),
      difference: write(currency, here - there - open),
    }
  })
}

/** True when nothing is left over in any currency. */
export const agree = (books: readonly BookRow[]): boolean => books.every(({ difference }) => /^-?[0.]+$/.test(difference))
