import type { PlanReport } from '../api/report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import type { PlanChange } from '../spec/destination.ts'

const chosen = (engine: Engine, name: string | undefined): Connection[] =>
  [...engine.connections.values()].filter((connection) => name === undefined || connection.name === name)

const report = (changes: readonly (readonly [string, PlanChange[]])[]): PlanReport => ({
  connections: Object.fromEntries(changes.map(([name, list]) => [name, { changes: list }])),
  total: changes.reduce((sum, [, list]) => sum + list.length, 0),
})

/** What would have to be provisioned so that the contracts fit. */
export const plan = async (engine: Engine, signal: AbortSignal, connection?: string): Promise<PlanReport> => {
  const changes: [string, PlanChange[]][] = []
  for (const target of chosen(engine, connection)) {
    changes.push([target.name, (await target.destination.plan?.(destinationContext(engine, target, signal))) ?? []])
  }
  return report(changes)
}

/** Provisions it. Differences that would destroy something are left alone unless asked for; drift that no call can mend is only reported. */
export const apply = async (engine: Engine, signal: AbortSignal, connection?: string, allowDestructive = false): Promise<PlanReport> => {
  const applied: [string, PlanChange[]][] = []
  for (const target of chosen(engine, connection)) {
    const context = destinationContext(engine, target, signal)
    const changes = ((await target.destination.plan?.(context)) ?? []).filter(
      (change) => change.action !== 'drift' && (allowDestructive || !change.destructive),
    )
    if (changes.length > 0) {
      // Before it is done: what failed halfway was done by somebody too.
      const detail = { changes: changes.length, allowDestructive, targets: changes.map((change) => change.target).join(', ') }
      await engine.store.audit(auditedBy(engine, 'apply', target.name, detail), engine.clock.now())
      await target.destination.apply?.(changes, context)
    }
    applied.push([target.name, changes])
  }
  return report(applied)
}
