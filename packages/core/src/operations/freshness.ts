import type { FreshnessClass, FreshnessReport } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
import type { CheckFinding } from '../spec/check.ts'
import type { UnitKind } from '../spec/destination.ts'
import { comparisons } from './compared.ts'

const minute = 60_000

/** How old news may be when the vendor has it, ms: what starts an automation, what follows a purchase, everything else, and the comparison of totals. */
export const freshnessTargets: Readonly<Record<FreshnessClass, number>> = {
  trigger: 5 * minute,
  'post-purchase': 15 * minute,
  record: 30 * minute,
  reconciliation: 24 * 60 * minute,
}

/** Share of the changes that must be there in time. */
export const freshnessGoal = 0.98

/** The class of what is made from a kind of unit. */
export const freshnessClass = (kind: UnitKind): FreshnessClass => {
  if (kind === 'event' || kind === 'consent' || kind === 'cart') return 'trigger'
  return kind === 'order' ? 'post-purchase' : 'record'
}

const share = (times: readonly number[], targetMs: number): number => times.filter((ms) => ms <= targetMs).length / times.length

/** The value below which the given share of sorted numbers lies. */
const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

/** How long the newest `last` measured changes of each connection took from the source's own stamp to the vendor's answer, by class. */
export const freshness = async (engine: Engine, last: number): Promise<FreshnessReport> => {
  const report: FreshnessReport = { goal: freshnessGoal, connections: {}, reconciliation: await reconciliation(engine) }
  for (const [name, connection] of engine.connections) {
    const byClass = Map.groupBy(await engine.store.latencies(name, last), ({ object }) => {
      const kind = connection.destination.objects[object]?.from
      return kind === undefined ? 'record' : freshnessClass(kind)
    })
    report.connections[name] = Object.fromEntries(
      [...byClass].map(([kind, latencies]) => {
        const targetMs = freshnessTargets[kind]
        const times = latencies.map(({ changedAt, settledAt }) => Math.max(0, settledAt - changedAt)).toSorted((a, b) => a - b)
        const inTime = share(times, targetMs)
        const quantiles = {
          p50Ms: quantile(times, 0.5),
          p95Ms: quantile(times, 0.95),
          p99Ms: quantile(times, 0.99),
          maxMs: times.at(-1) ?? 0,
        }
        return [kind, { count: times.length, targetMs, inTime, met: inTime >= freshnessGoal, ...quantiles }]
      }),
    )
  }
  return report
}

/** When totals were last compared, and whether that is within its class. */
const reconciliation = async (engine: Engine): Promise<FreshnessReport['reconciliation']> => {
  const times = (await comparisons(engine)).flatMap(({ comparison, at }) => (comparison === 'reconcile' ? [at] : []))
  if (times.length === 0) return null
  const at = Math.max(...times)
  return { lastAt: new Date(at).toISOString(), met: engine.clock.now() - at <= freshnessTargets.reconciliation }
}

/** How often passes are started, ms. Without `reconcile` the comparison of totals is not looked at. */
export interface PassIntervals {
  sync?: number
  /** Passes that read carts, where they are more frequent. */
  carts?: number
  reconcile?: number
  /** Notifications are taken in, and fetched this long after they arrive. */
  notifications?: number
}

/**
 * Which classes a schedule cannot meet: the longest way is one interval, until the source's pages are settled, and a pass itself. `sync` = how often passes are
 * started; a destination's own `schedule` counts where it is absent.
 */
export const scheduleFindings = (engine: Engine, intervals: PassIntervals): Record<string, CheckFinding[]> => {
  const settleMs = Math.max(0, ...[...engine.sources.values()].map((source) => source.settleMs))
  const findings: Record<string, CheckFinding[]> = {}
  for (const [name, { destination, contract }] of engine.connections) {
    const sync = intervals.sync ?? destination.schedule?.everyMs ?? Infinity
    const longest = (everyMs: number): number => Math.min(everyMs + settleMs, intervals.notifications ?? Infinity) + minute
    const kinds = new Set(
      Object.keys(contract.objects)
        .flatMap((object) => destination.objects[object]?.from ?? [])
        .map(freshnessClass),
    )
    const ways: [FreshnessClass, number][] = [...kinds].map((kind) => [
      kind,
      longest(kind === 'trigger' ? Math.min(sync, intervals.carts ?? sync) : sync),
    ])
    if (intervals.reconcile !== undefined) ways.push(['reconciliation', intervals.reconcile])
    findings[name] = ways.flatMap(([kind, ms]) => (ms <= freshnessTargets[kind] ? [] : [late(kind, ms)]))
  }
  return findings
}

/** What `start` does with the config: its schedule, and notifications where there is an endpoint for them. */
export const ownIntervals = ({ schedule, endpoints }: Engine): PassIntervals => {
  const { cart, ...others } = schedule.entities
  return {
    sync: Math.max(...Object.values(others)),
    carts: cart,
    reconcile: schedule.reconcileMs,
    ...(endpoints.size === 0 ? {} : { notifications: fetchedWithinMs }),
  }
}

/** Notifications are fetched in bursts as they come. */
const fetchedWithinMs = 10_000

const late = (kind: FreshnessClass, longestMs: number): CheckFinding => {
  const target = `${freshnessTargets[kind] / minute} minutes`
  const takes =
    longestMs === Infinity ? 'is never started by this schedule' : `may take ${Math.ceil(longestMs / minute)} minutes by this schedule`
  const cure = kind === 'reconciliation' ? 'Reconcile once a day.' : 'Start passes more often, or take in notifications.'
  return {
    level: 'warning',
    code: 'schedule_too_slow',
    message: `What is of the class ${kind} must be there within ${target}, and ${takes}.`,
    cure,
  }
}
