import type { FakeCommercetools } from '@millrace/fake-vendors/commercetools'
import type { FakeHubSpot } from '@millrace/fake-vendors/hubspot'
import { currencyDigits, fromMinorUnits, type Millrace } from '@millrace/core'
import { byCurrency, portalLedger, shopLedger } from '../support/ledger.ts'

/** One currency of the closing table, in major units. */
export interface BookRow {
  currency: string
  orders: number
  shop: string
  delivered: string
  waiting: string
  difference: string
}

/** Orders that are not at the CRM, each with the reason that `trace` gives. */
export interface Missing {
  id: string
  reason: string
}

/** Every order of the shop that is not in the portal, and why. */
export const missingOrders = async (shop: FakeCommercetools, portal: FakeHubSpot, millrace: Millrace): Promise<Missing[]> => {
  const there = new Set(portal.portal.all('deals').map((deal) => deal.properties['shop_order_id']))
  const missing: Missing[] = []
  for (const { id } of shop.project.all('order')) {
    if (there.has(id)) continue
    const { deliveries } = await millrace.trace({ entity: 'order', id })
    const deal = deliveries.find((delivery) => delivery.object === 'deal')
    missing.push({ id, reason: deal?.problem?.code ?? (deal === undefined ? 'rejected' : deal.state) })
  }
  return missing
}

/** The shop's books beside the portal's, by currency; what is missing counts as waiting. */
export const compareBooks = (shop: FakeCommercetools, portal: FakeHubSpot, missing: readonly Missing[]): BookRow[] => {
  const ids = new Set(missing.map(({ id }) => id))
  const total = byCurrency(shopLedger(shop))
  const waiting = byCurrency(shopLedger(shop, (order) => ids.has(order.id)))
  const delivered = byCurrency(portalLedger(portal))
  const currencies = [...new Set([...Object.keys(total), ...Object.keys(delivered)])].toSorted()
  const counts = Map.groupBy(shop.project.all('order'), (order) => (order['totalPrice'] as { currencyCode: string }).currencyCode)
  const write = (currency: string, units: bigint): string => fromMinorUnits(currency, units, currencyDigits(currency)).amount
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
