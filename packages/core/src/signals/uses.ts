import { expressionPaths } from '../contract/expression-paths.ts'
import type { Contract } from '../contract/contract.ts'
import { timedSignals } from './next-change.ts'
import type { TimedSignal } from './next-change.ts'
import type { SignalRules } from './signal-rules.ts'

/** The signals that the rules of an object read and that time changes. Memberships belong to people, so they count for every object. */
export const timedSignalsOf = (contract: Contract, object: string): readonly TimedSignal[] => {
  const rules = [Object.values(contract.objects[object]?.fields ?? {}), contract.memberships]
  const paths = expressionPaths(rules)
  return timedSignals.filter((signal) => paths.some((path) => path === signal || path.startsWith(`${signal}.`)))
}

/** Whether the whole orders of a person are needed, and not only what is kept of them as facts. */
export const needsOrders = ({ acquisition, suppression = {} }: SignalRules): boolean =>
  acquisition !== undefined ||
  [suppression.returnInProgress, suppression.fraudHold, suppression.openIssue].some(
    (evidence) => evidence?.some(({ of }) => of === 'order') === true,
  )
