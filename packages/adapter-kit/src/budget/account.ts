import type { Clock } from '@millrace/core'
import { type BudgetSet, type BudgetSetOptions, createBudgets } from './budgets.ts'

const accounts = new WeakMap<Clock, Map<string, BudgetSet>>()

/**
 * The budgets of one vendor account, the same set for everyone who names the same account on the same clock: a vendor counts per account, however many
 * connections or Millrace instances this process has. `account` is `<vendor>:<account id>`, or a hash of the credential where the id is not known; never a
 * secret. The first caller's definitions count. Sets live as long as their clock, because a window outlives the connection that filled it.
 */
export function accountBudgets(account: string, options: BudgetSetOptions): BudgetSet {
  const ofClock = accounts.get(options.clock) ?? new Map<string, BudgetSet>()
  accounts.set(options.clock, ofClock)
  const known = ofClock.get(account)
  if (known !== undefined) return known
  const made = createBudgets(options)
  ofClock.set(account, made)
  return made
}
