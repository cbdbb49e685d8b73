import type { FakeCommercetools } from '../../start.ts'
import { hostileCatalog } from './catalog.ts'
import { hostileCustomers } from './customers.ts'
import { hostileEmails } from './emails.ts'
import { type Fate, type HostileKind, hostileShop } from './kind.ts'
import { hostileNames } from './names.ts'
import { hostileLines } from './order-lines.ts'
import { hostileMoney } from './order-money.ts'
import { hostileStates } from './order-states.ts'
import { hostilePayments } from './payments.ts'
import { hostileTies } from './ties.ts'

/** A seeded kind of hostile record, with the rows that were added. */
export interface HostileRecord {
  id: string
  what: string
  /** What a correct integration does with it. */
  expected: string
  fate: Fate
  rows: readonly { type: string; id: string }[]
}

const KINDS: readonly HostileKind[] = [
  ...hostileNames,
  ...hostileEmails,
  ...hostileCustomers,
  ...hostileLines,
  ...hostileMoney,
  ...hostileStates,
  ...hostilePayments,
  ...hostileCatalog,
  ...hostileTies,
]

/**
 * Adds every kind of hostile record to a shop, beside whatever it holds, and returns what was added. Each kind has a millisecond of its own,
 * from `at` on (epoch ms; default 30 September 2026, or an hour ago where that is earlier).
 */
export function seedHostileRecords(shop: FakeCommercetools, at?: number): HostileRecord[] {
  const start = at ?? Math.min(Date.parse('2026-09-30T00:00:00.000Z'), shop.now() - 3_600_000)
  return KINDS.map(({ seed, ...kind }, index) => {
    const rows: { type: string; id: string }[] = []
    seed(hostileShop(shop, kind.id, start + index, (type, id) => rows.push({ type, id })))
    return { ...kind, rows }
  })
}
