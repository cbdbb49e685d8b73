import type { Alert } from '../api/report.ts'
import { openBreakers } from '../delivery/breaker.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineState } from '../spec/engine-state.ts'
import { comparisons } from './compared.ts'
import { oldCredentials } from './credentials.ts'
import { errorBudget } from './error-budget.ts'
import { freshness } from './freshness.ts'
import { findSpikes } from './spikes.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000
const measuredChanges = 1_000
/** Fewer say nothing about a share. */
const fewestChanges = 20
const fewestFailures = 5

type Condition = Omit<Alert, 'since'>

/**
 * Looks at the counts, latencies, breakers and credentials of every connection, and tells what is wrong: each alert when it begins, once an hour while it
 * lasts, and when it is over. What was told is kept in the store, so that a process started by a timer does not tell it each time.
 */
export const watch = async (engine: Engine): Promise<void> => {
  const now = engine.clock.now()
  const states = await engine.store.states()
  const told = new Map(
    states.flatMap((state) => (state.kind === 'alert' && state.value !== null ? [[state.name, state.value] as const] : [])),
  )
  const changes: EngineState[] = []
  const current = new Map((await conditions(engine, now)).map((condition) => [nameOf(condition), condition]))
  for (const [name, condition] of current) {
    const before = told.get(name)
    if (before !== undefined && now - before.toldAt < hourMs && now >= before.toldAt) continue
    const since = before?.since ?? now
    changes.push({ kind: 'alert', name, value: { since, toldAt: now } })
    const alert: Alert = { ...condition, since: new Date(since).toISOString() }
    engine.logger.warn({ ...alert }, 'Alert')
    engine.emitter.emit('alert.raised', alert)
  }
  for (const [name, { since }] of told) {
    const alert = alertOf(name, since)
    if (current.has(name) || !engine.connections.has(alert.connection)) continue
    changes.push({ kind: 'alert', name, value: null })
    engine.logger.info({ ...alert }, 'Alert is over')
    engine.emitter.emit('alert.resolved', alert)
  }
  if (changes.length > 0) await engine.store.putStates(changes)
}

const nameOf = ({ kind, connection, code }: Condition): string => `${kind}:${connection}:${code ?? ''}`

/** An alert by the name under which it is kept. */
export const alertOf = (name: string, since: number): Alert => {
  const [kind = '', connection = '', ...code] = name.split(':')
  return {
    // Written by `nameOf`.
    kind: kind as Alert['kind'],
    connection,
    code: code.join(':') === '' ? null : code.join(':'),
    message: `${kind} of ${connection}`,
    since: new Date(since).toISOString(),
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

const conditions = async (engine: Engine, now: number): Promise<Condition[]> => {
  const counts = await engine.store.eventCounts(now - dayMs - hourMs)
  const fresh = await freshness(engine, measuredChanges)
  const breakers = await openBreakers(engine)
  const spikes = findSpikes(counts, now)
  const found: Condition[] = await oldCredentials(engine, now)
  for (const { comparison, connection, message } of await comparisons(engine))
    if (message !== null && engine.connections.has(connection)) found.push({ kind: comparison, connection, code: null, message })
  for (const connection of engine.connections.keys()) {
    for (const { code, count, threshold } of spikes.filter((spike) => spike.connection === connection)) {
      const message = `${count} failures of ${code} in 15 minutes; more than ${Math.round(threshold)} are unusual.`
      found.push({ kind: 'failure-spike', connection, code, message })
    }
    const budget = errorBudget(counts, connection, now)
    if (!budget.met && budget.failed >= fewestFailures) {
      const message = `${budget.failed} of today's deliveries failed (${percent(budget.share)}, allowed are ${percent(budget.allowed)}).`
      found.push({ kind: 'error-budget', connection, code: null, message })
    }
    for (const [name, { count, inTime, met, targetMs }] of Object.entries(fresh.connections[connection] ?? {})) {
      if (met || count < fewestChanges) continue
      const message = `${percent(inTime)} of the last ${count} changes of the class ${name} were there within ${targetMs / 60_000} minutes; the goal is ${percent(fresh.goal)}.`
      found.push({ kind: 'freshness', connection, code: name, message })
    }
    const breaker = breakers.get(connection)
    if (breaker !== undefined) found.push({ kind: 'connection-down', connection, code: breaker.code, message: breaker.message })
  }
  return found
}
