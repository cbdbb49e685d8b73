import { pathReader } from '../mapping/read-path.ts'
import { isBlank, isObject } from '../mapping/plain-value.ts'
import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'
import type { OrderFact } from '../spec/store.ts'
import type { Evidence, SuppressionRules } from './signal-rules.ts'
import { instantAt, msOf } from './time.ts'

/** The records of a person that evidence is looked for in. */
export interface EvidenceRecords {
  orders: readonly Order[]
  accounts: readonly Customer[]
}

const flagNames = ['returnInProgress', 'fraudHold', 'openIssue'] as const

/** A custom field may hold an enum or a reference: its key or id is what is compared. */
const plain = (value: unknown): unknown => (isObject(value) ? (value['key'] ?? value['id'] ?? value) : value)

/** Whether a record holds what is named as evidence. */
export const holdsEvidence = ({ path, is }: Omit<Evidence, 'of'>, record: Readonly<Record<string, unknown>>): boolean => {
  const found: unknown = pathReader(path)(record)
  const values = (Array.isArray(found) ? found : [found]).map(plain)
  return values.some((value) =>
    is === undefined
      ? !isBlank(value) && value !== false && value !== 0
      : (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') &&
        is.some((wanted) => String(wanted) === String(value)),
  )
}

/** The flags whose evidence the contract names; others do not exist. */
export const suppressionFlags = (
  rules: SuppressionRules,
  { orders, accounts }: EvidenceRecords,
): Partial<Record<(typeof flagNames)[number], boolean>> =>
  Object.fromEntries(
    flagNames.flatMap((name) => {
      const evidence = rules[name]
      if (evidence === undefined) return []
      return [
        [name, evidence.some((each) => (each.of === 'order' ? orders : accounts).some((record) => holdsEvidence(each, record)))] as const,
      ]
    }),
  )

/** Until when a recent purchase keeps marketing quiet: a time, so that nothing has to change when it is over. */
export const suppressMarketingUntil = ({ recentPurchase }: SuppressionRules, orders: readonly OrderFact[]): string | undefined => {
  if (recentPurchase === undefined) return undefined
  const times = orders.flatMap((fact) => fact[recentPurchase.path] ?? []).map(msOf)
  return times.length === 0 ? undefined : instantAt(Math.max(...times) + Math.round(recentPurchase.hours * 3_600_000))
}
