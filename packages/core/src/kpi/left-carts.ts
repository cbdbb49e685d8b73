import type { KpiReport } from '../api/kpi-report.ts'
import type { Cart } from '../model/cart.ts'
import { shareOf } from './share.ts'

const leftAfterMs = 4 * 3_600_000
const recoverableMs = 30 * 86_400_000

/**
 * Carts of known buyers that were left, by store and customer group. Left: nothing happened for 4 hours, until now or until it was bought (a shop tells only when a
 * cart was made and changed last). Recovered: bought, or its buyer bought something in any store within 30 days after touching it last.
 */
export const leftCarts = (
  now: number,
): { add(cart: Cart, customerGroup: string | null, orders: readonly number[]): void; result(): KpiReport['cartRecovery'] } => {
  const groups = new Map<string, { store: string | null; customerGroup: string | null; left: number; recovered: number }>()
  return {
    add: ({ state, createdAt, modifiedAt, store = null, lines }, customerGroup, orders) => {
      const touched = Date.parse(modifiedAt)
      const bought = state === 'ordered'
      const left = bought ? touched - Date.parse(createdAt) >= leftAfterMs : now - touched >= leftAfterMs
      if (!left || state === 'merged' || lines.length === 0) return
      const later = orders.some((at) => at > touched && at - touched <= recoverableMs)
      const key = JSON.stringify([store, customerGroup])
      const before = groups.get(key) ?? { store, customerGroup, left: 0, recovered: 0 }
      groups.set(key, { ...before, left: before.left + 1, recovered: before.recovered + (bought || later ? 1 : 0) })
    },
    result: () =>
      [...groups]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, group]) => ({ ...group, percent: shareOf(group.recovered, group.left).percent })),
  }
}
