import type { Alert, BreakerReport, StatusReport } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
import { openBreakers } from '../delivery/breaker.ts'
import { observedCode } from '../delivery/observe.ts'
import { pausedConnections } from '../engine/paused.ts'
import type { Breaker } from '../spec/engine-state.ts'
import type { DeliveryCounts } from '../spec/store.ts'
import { alertOf } from './alerts.ts'
import { errorBudget } from './error-budget.ts'
import { freshness } from './freshness.ts'
import { toPauseReport } from './pause.ts'
import { retentionOf } from './prune.ts'

const iso = (ms: number | null | undefined): string | null => (ms == null ? null : new Date(ms).toISOString())

/** Backlog, problems and reading positions; `last` = also how fast so many changes of each connection were. Needs no lease, so it works beside a running engine. */
export const status = async (engine: Engine, last?: number): Promise<StatusReport> => {
  const report: StatusReport = {
    connections: {},
    sources: {},
    retention: retentionOf(engine),
    rejected: 0,
    notifications: {},
    runs: await engine.store.runs(10),
  }
  const pauses = await pausedConnections(engine)
  const breakers = await openBreakers(engine)
  const alerts = await openAlerts(engine)
  const now = engine.clock.now()
  const counts = await engine.store.eventCounts(now - (now % 86_400_000))
  for (const [name, connection] of engine.connections) {
    const { contractHash, mode } = connection
    const objects: Record<string, Record<string, number>> = {}
    const problems = new Map<string, number>()
    for (const row of await engine.store.counts(name)) {
      const states = (objects[row.object] ??= {})
      const label = labelOf(row)
      states[label] = (states[label] ?? 0) + row.count
      if (row.code !== null && label !== observedCode) problems.set(row.code, (problems.get(row.code) ?? 0) + row.count)
    }
    const contract = await engine.store.contract(name)
    const [version] = contract === undefined ? [] : await engine.store.contractVersions(name)
    const pause = pauses.get(name)
    report.connections[name] = {
      contract:
        contract === undefined
          ? null
          : {
              hash: contract.hash,
              since: new Date(contract.since).toISOString(),
              actor: version?.actor ?? null,
              next: contract.hash === contractHash ? null : contractHash,
            },
      mode,
      takes: { objects: Object.keys(connection.contract.objects), events: Object.keys(connection.contract.events) },
      objects,
      problems: [...problems].map(([code, count]) => ({ code, count })).toSorted((a, b) => b.count - a.count),
      nextAt: iso(await engine.store.nextAt(name)),
      paused: pause === undefined ? null : toPauseReport(pause),
      breaker: breakerReport(breakers.get(name)),
      today: errorBudget(counts, name, now),
      alerts: alerts.filter((alert) => alert.connection === name),
    }
  }
  for (const [name, source] of engine.sources) {
    const cursors: StatusReport['sources'][string] = {}
    for (const entity of source.entities) {
      const delta = await engine.store.cursor(name, entity, 'delta')
      const full = await engine.store.cursor(name, entity, 'full')
      const open = full?.to != null || delta?.to != null
      cursors[entity] = { mode: full?.to == null ? 'delta' : 'full', readUpTo: iso(delta?.high), inProgress: open }
    }
    report.sources[name] = cursors
  }
  for (const { source, waiting, dead, nextAt } of await engine.store.noticeCounts())
    report.notifications[source] = { waiting, dead, nextAt: iso(nextAt) }
  report.rejected = (await engine.store.rejected(10_000)).length
  if (last !== undefined) report.freshness = await freshness(engine, last)
  return report
}

/** What is observed waits for no other record, as what is parked does. */
const labelOf = ({ state, result, code }: DeliveryCounts): string => {
  if (state === 'settled') return result ?? state
  return state === 'parked' && code === observedCode ? observedCode : state
}

const openAlerts = async (engine: Engine): Promise<Alert[]> => {
  const states = await engine.store.states()
  return states.flatMap((state) => (state.kind === 'alert' && state.value !== null ? [alertOf(state.name, state.value.since)] : []))
}

const breakerReport = (breaker: Breaker | undefined): BreakerReport | null => {
  if (breaker === undefined) return null
  const { since, probeAt, notBefore, code, message, retryable } = breaker
  return {
    since: new Date(since).toISOString(),
    nextProbeAt: new Date(Math.max(since, probeAt, notBefore)).toISOString(),
    code,
    message,
    needsPerson: !retryable,
  }
}
