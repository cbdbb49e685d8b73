import type { KpiReport } from '../api/kpi-report.ts'
import type { Order } from '../model/order.ts'
import { pickText } from '../views/text.ts'
import { shareOf } from './share.ts'

const arrived: ReadonlySet<string> = new Set(['returned', 'back-in-stock', 'unusable'])

/** Pieces sold and come back, by category. A return that names no line of the order belongs to no category. */
export const categorySales = (): { add(order: Order): void; result(): KpiReport['returnsByCategory'] } => {
  const categories = new Map<string | null, { sold: number; back: number }>()
  return {
    add: ({ lines, returns, locale }) => {
      const back = Map.groupBy(
        returns.filter(({ shipmentState }) => arrived.has(shipmentState)),
        ({ lineId }) => lineId,
      )
      for (const { id, kind, quantity, categoryPath } of lines) {
        if (kind !== 'product' || quantity <= 0) continue
        const leaf = categoryPath.at(-1)
        const category = leaf === undefined ? null : (pickText(leaf, locale === undefined ? ['en'] : ['en', locale]) ?? null)
        const before = categories.get(category) ?? { sold: 0, back: 0 }
        const returned = (back.get(id) ?? []).reduce((sum, item) => sum + item.quantity, 0)
        categories.set(category, { sold: before.sold + quantity, back: before.back + Math.min(quantity, returned) })
      }
    },
    result: () =>
      [...categories]
        .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
        .map(([category, { sold, back }]) => ({ category, ...shareOf(back, sold) })),
  }
}
