import type { FactItem, OrderFact } from '../spec/store.ts'
import { dayMs, instantAt, msOf } from './time.ts'

/** How often somebody orders: the time from the first to the last order by the number of times between. Absent with fewer than two orders. */
export const cadence = (newestFirst: readonly OrderFact[]): { averageDaysBetweenOrders?: number; nextOrderExpectedAt?: string } => {
  const [newest, oldest] = [newestFirst.at(0), newestFirst.at(-1)]
  if (newest === undefined || oldest === undefined || newestFirst.length < 2) return {}
  const averageMs = Math.round((msOf(newest.placedAt) - msOf(oldest.placedAt)) / (newestFirst.length - 1))
  return { averageDaysBetweenOrders: Math.round(averageMs / dayMs), nextOrderExpectedAt: instantAt(msOf(newest.placedAt) + averageMs) }
}

/** A category counts by any of its names. */
const namesOf = ({ sku, product, category }: FactItem): string[] =>
  [sku, product, ...Object.values(category ?? {})].filter((name) => name !== undefined)

/** The days of an item: by SKU before product key before category. */
const daysOf = (item: FactItem, days: Readonly<Record<string, number>>): { item: string; days: number } | undefined => {
  for (const name of namesOf(item)) {
    const found = Object.hasOwn(days, name) ? days[name] : undefined
    if (found !== undefined) return { item: item.sku ?? item.product ?? name, days: found }
  }
  return undefined
}

/**
 * When somebody needs a thing again: the earliest of the newest order that holds one which is needed again, counted from when it was placed. A later order of such
 * things starts anew.
 */
export const replenishment = (
  newestFirst: readonly OrderFact[],
  days: Readonly<Record<string, number>>,
): { replenishmentDueAt?: string; replenishmentItem?: string } => {
  for (const { placedAt, items = [] } of newestFirst) {
    const soonest = items
      .flatMap((item) => daysOf(item, days) ?? [])
      .reduce<{ item: string; days: number } | undefined>(
        (best, next) => (best === undefined || next.days < best.days ? next : best),
        undefined,
      )
    if (soonest !== undefined) {
      return { replenishmentDueAt: instantAt(msOf(placedAt) + Math.round(soonest.days * dayMs)), replenishmentItem: soonest.item }
    }
  }
  return {}
}
