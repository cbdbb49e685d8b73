import type { BudgetKeeper, StoredBudget } from '@millrace/core'
import { accountBudgets } from './account.ts'
import type { BudgetSet, BudgetSetOptions } from './budgets.ts'

/** The accounts of one destination, and what of their budgets outlives the process. */
export interface KeptBudgets {
  /** For the destination's `budgets`. */
  keeper: BudgetKeeper
  /** {@link accountBudgets}, with what was restored for the account put in. */
  of(account: string, options: BudgetSetOptions): BudgetSet
}

/** Makes one for each destination. An account that is only known after the first request gets what was restored when it is known. */
export function keptBudgets(): KeptBudgets {
  const sets = new Map<string, BudgetSet>()
  let saved: Readonly<Record<string, StoredBudget>> = {}
  const put = (account: string, set: BudgetSet): void => {
    const state = saved[account]
    if (state !== undefined) set.restore(state)
  }
  return {
    keeper: {
      snapshot: () =>
        Object.fromEntries(
          [...sets].flatMap(([account, set]) => {
            const state = set.snapshot()
            return Object.keys(state).length === 0 ? [] : [[account, state]]
          }),
        ),
      restore(given) {
        saved = given
        for (const [account, set] of sets) put(account, set)
      },
    },
    of(account, options) {
      const set = accountBudgets(account, options)
      sets.set(account, set)
      put(account, set)
      return set
    },
  }
}
