import type { PlanReport } from '../api/report.ts'
import { auditedBy } from '../engine/audited.ts'
import { destinationContext, sourceContext, type Engine } from '../engine/engine.ts'
import { connectionNamed } from '../engine/connection-named.ts'
import { countRouted } from './contracts/count-routed.ts'
import type { PlanChange } from '../spec/destination.ts'

/** Something that may have to be set up: a source, or what a connection leads to. */
interface Target {
  side: 'sources' | 'connections'
  name: string
  plan(): Promise<PlanChange[]>
  apply(changes: readonly PlanChange[]): Promise<void>
}

/** One connection where it is named, else all of them and the sources. */
const targetsOf = (engine: Engine, signal: AbortSignal, connection: string | undefined): Target[] => {
  const sources = [...engine.sources].map(([name, source]): Target => {
    const context = sourceContext(engine, signal)
    return {
      side: 'sources',
      name,
      plan: async () => (await source.plan?.(context)) ?? [],
      apply: async (changes) => source.apply?.(changes, context),
    }
  })
  const connections = [...engine.connections.values()].map((each): Target => {
    const context = destinationContext(engine, each, signal)
    return {
      side: 'connections',
      name: each.name,
      plan: async () => (await each.destination.plan?.(context)) ?? [],
      apply: async (changes) => each.destination.apply?.(changes, context),
    }
  })
  return connection === undefined ? [...sources, ...connections] : connections.filter(({ name }) => name === connection)
}

const report = (changes: readonly (readonly [Target, PlanChange[]])[]): PlanReport => {
  const of = (side: Target['side']): Record<string, { changes: PlanChange[] }> =>
    Object.fromEntries(
      changes.flatMap(([target, list]) =>
        target.side === side && (side === 'connections' || list.length > 0) ? [[target.name, { changes: list }]] : [],
      ),
    )
  return { sources: of('sources'), connections: of('connections'), total: changes.reduce((sum, [, list]) => sum + list.length, 0) }
}

/** What would have to be provisioned so that the contracts fit, and sources announce what changes. */
export const plan = async (engine: Engine, signal: AbortSignal, connection?: string): Promise<PlanReport> => {
  const changes: [Target, PlanChange[]][] = []
  for (const target of targetsOf(engine, signal, connection)) changes.push([target, await target.plan()])
  const planned = report(changes)
  for (const [name, entry] of Object.entries(planned.connections)) {
    const routed = await countRouted(engine, connectionNamed(engine, name), signal)
    if (routed !== undefined) entry.routed = routed
  }
  return planned
}

/** Provisions it. Differences that would destroy something are left alone unless asked for; drift that no call can mend is only reported. */
export const apply = async (engine: Engine, signal: AbortSignal, connection?: string, allowDestructive = false): Promise<PlanReport> => {
  const applied: [Target, PlanChange[]][] = []
  for (const target of targetsOf(engine, signal, connection)) {
    const changes = (await target.plan()).filter((change) => change.action !== 'drift' && (allowDestructive || !change.destructive))
    if (changes.length > 0) {
      // Before it is done: what failed halfway was done by somebody too.
      const detail = { changes: changes.length, allowDestructive, targets: changes.map((change) => change.target).join(', ') }
      await engine.store.audit(auditedBy(engine, 'apply', target.name, detail), engine.clock.now())
      await target.apply(changes)
    }
    applied.push([target, changes])
  }
  return report(applied)
}
