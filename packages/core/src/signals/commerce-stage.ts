import type { OrderFact } from '../spec/store.ts'
import { dayMs, msOf } from './time.ts'

/** Where a person stands with the shop. */
export const commerceStages = ['lead', 'subscriber', 'customer', 'repeat', 'churn-risk'] as const
export type CommerceStage = (typeof commerceStages)[number]

/** Whether money came for an order. */
export const isPaid = ({ paid, paidAt }: OrderFact): boolean => paid ?? paidAt !== null

/**
 * The stage of a person, first rule that holds. Cancelled orders are none.
 * 1. paid once, and no order for `churnAfterDays` -> `churn-risk`;
 * 2. a paid order within `repeatWithinDays` of the paid order before it -> `repeat`;
 * 3. paid once -> `customer`;
 * 4. an order that is not paid -> `lead` (the checkout was begun);
 * 5. opted in -> `subscriber`;
 * 6. an account -> `lead`.
 */
export const commerceStage = (
  newestFirst: readonly OrderFact[],
  { now, churnAfterDays, repeatWithinDays, optedIn }: { now: number; churnAfterDays: number; repeatWithinDays: number; optedIn: boolean },
): CommerceStage => {
  const paid = newestFirst.filter(isPaid).map(({ placedAt }) => msOf(placedAt))
  const [newest] = newestFirst
  if (newest === undefined) return optedIn ? 'subscriber' : 'lead'
  if (paid.length === 0) return 'lead'
  if (now - msOf(newest.placedAt) >= churnAfterDays * dayMs) return 'churn-risk'
  return paid.some((at, index) => at - (paid[index + 1] ?? Number.NEGATIVE_INFINITY) <= repeatWithinDays * dayMs) ? 'repeat' : 'customer'
}
