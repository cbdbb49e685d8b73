import type { OrderFact } from '../spec/store.ts'
import { isPaid } from './commerce-stage.ts'
import { defaultSignalRules } from './signal-rules.ts'
import type { SignalRules } from './signal-rules.ts'
import { dayMs, msOf } from './time.ts'

/** The signals that the passing of time changes by itself. */
export const timedSignals = ['signals.rfm', 'signals.commerceStage'] as const
export type TimedSignal = (typeof timedSignals)[number]

/**
 * When one of some signals changes next without anything happening: a boundary of the recency bands, or the day on which a customer is at risk. Epoch ms, after
 * `now`; undefined when it never does.
 */
export const nextChange = (
  facts: readonly OrderFact[],
  used: readonly TimedSignal[],
  { now, rules = {} }: { now: number; rules?: SignalRules },
): number | undefined => {
  const { recencyDays, churnAfterDays } = { ...defaultSignalRules, ...rules }
  const counted = facts.filter((fact) => !fact.cancelled)
  if (counted.length === 0) return undefined
  const last = Math.max(...counted.map(({ placedAt }) => msOf(placedAt)))
  const days = [
    ...(used.includes('signals.rfm') ? recencyDays : []),
    ...(used.includes('signals.commerceStage') && counted.some(isPaid) ? [churnAfterDays] : []),
  ]
  const times = days.map((count) => last + count * dayMs).filter((at) => at > now)
  return times.length === 0 ? undefined : Math.min(...times)
}
