import type { PassOptions, RunReport, RunStatus } from '../api/report.ts'
import { takeCollected } from '../collect/take-collected.ts'
import { readConsentBack, readsConsentBack } from '../consent/read-back.ts'
import { applyContracts } from '../delta/apply-contracts.ts'
import { drain } from '../delivery/drain.ts'
import { noObservations, observedCode } from '../delivery/observe.ts'
import { preflight } from '../delivery/preflight.ts'
import { guardRemovals } from '../delivery/removal-guard.ts'
import { emptyTotals } from '../delivery/totals.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { eraseRevived } from '../erasure/revive.ts'
import { connectionNamed } from '../engine/connection-named.ts'
import { tellLeftCarts } from '../events/left-carts.ts'
import { tellWatchers } from '../events/tell-watchers.ts'
import { pausedConnections } from '../engine/paused.ts'
import { watch } from './alerts.ts'
import { traced } from '../telemetry/traced.ts'
import { attempt } from './attempt.ts'
import { pruneBesideWork } from './prune.ts'
import { followMode } from './observing.ts'
import { reportPauses } from './pause.ts'

/** What the reading half of a pass works with. Problems it records do not stop the other half. */
export interface ReadingPass {
  token: string
  signal: AbortSignal
  report: RunReport
}

/** What one pass does besides draining. */
export interface PassPlan {
  kind: string
  options: PassOptions
  /** Whether all connections are asked before anything is read. */
  preflight: boolean
  /** Passes of this kind follow each other closely. */
  often: boolean
  read(pass: ReadingPass): Promise<void>
}

const defaultDrainMs = 60_000

/** How old what was read back of consent may be for passes that follow each other closely. */
const consentFreshMs = 60_000

/** One pass: takes the engine lease, brings contracts up to date, reads, guards removals, drains every connection beside the others, and reports. */
export const runPass = (engine: Engine, plan: PassPlan, closing: AbortSignal): Promise<RunReport> =>
  traced(engine, `millrace ${plan.kind}`, { 'millrace.kind': plan.kind }, () => pass(engine, plan, closing))

const pass = async (engine: Engine, plan: PassPlan, closing: AbortSignal): Promise<RunReport> => {
  const signal = plan.options.signal === undefined ? closing : AbortSignal.any([plan.options.signal, closing])
  const startedAt = engine.clock.now()
  const id = `${plan.kind}-${new Date(startedAt).toISOString().replace(/[-:.]/g, '')}`
  const report: RunReport = {
    run: { id, kind: plan.kind, startedAt: new Date(startedAt).toISOString(), finishedAt: '', status: 'completed' },
    sources: {},
    connections: {},
    problems: [],
  }
  const connections = chosenConnections(engine, plan.options)
  await engine.lease.hold(`${plan.kind} ${id}`, async (token) => {
    await engine.store.putRun(token, { id, kind: plan.kind, startedAt, finishedAt: null, status: 'running', summary: null })
    engine.emitter.emit('run.started', { id, kind: plan.kind })
    await eraseRevived(engine, token, signal)
    await attempt(engine, report, signal, {}, () => readInbox(engine, token, signal))
    const paused = await pausedConnections(engine)
    const ready = await connectionsReady(engine, plan, connections, paused, report, signal)
    // A paused connection keeps what is read meanwhile.
    if (ready.length > 0 || connections.length === 0 || connections.some(({ name }) => paused.has(name))) {
      await attempt(engine, report, signal, {}, async () => {
        await applyContracts(engine, ready, token, signal)
        await plan.read({ token, signal, report })
        await tellLeftCarts(engine, token, signal)
        await tellWatchers(engine, token, signal)
      })
      const open = await readBack(engine, plan, ready, paused, token, report, signal)
      await Promise.all(
        open.map((connection) =>
          drainConnection(engine, { token, id, connection, report, signal, options: plan.options, often: plan.often }),
        ),
      )
    }
    await countWaiting(engine, report)
    await reportPauses(engine, connections, report)
    await attempt(engine, report, signal, {}, () => lookAfter(engine, signal))
    report.run.status = await statusOf(engine, report, connections, signal)
    const finishedAt = engine.clock.now()
    report.run.finishedAt = new Date(finishedAt).toISOString()
    await engine.store.putRun(token, {
      id,
      kind: plan.kind,
      startedAt,
      finishedAt,
      status: report.run.status,
      summary: JSON.stringify(report),
    })
  })
  engine.emitter.emit('run.finished', report)
  return report
}

/** Events that collect endpoints kept become events of the pass; at most so many calls that what else is new does not wait for long. */
const readInbox = async (engine: Engine, token: string, signal: AbortSignal): Promise<void> => {
  for (let step = 0; step < 50 && !signal.aborted; step += 1) if ((await takeCollected(engine, token)) === 0) return
}

/**
 * Connections that can take what their contracts want. Asked before anything is read when the pass is a large one or the contract is new; one that cannot does
 * not stop the others. A paused one is not asked, and one whose contract changed meanwhile is looked at when it is resumed.
 */
const connectionsReady = async (
  engine: Engine,
  plan: PassPlan,
  connections: readonly Connection[],
  paused: ReadonlyMap<string, unknown>,
  report: RunReport,
  signal: AbortSignal,
): Promise<Connection[]> => {
  const ready: Connection[] = []
  for (const connection of connections) {
    const known = (await engine.store.contract(connection.name))?.hash === connection.contractHash
    if (paused.has(connection.name)) {
      if (known) ready.push(connection)
      continue
    }
    // Only a quick check writes nothing for certain.
    const depth = known || connection.mode === 'observe' ? 'quick' : 'full'
    const ask = plan.preflight || !known
    const passed =
      !ask || (await attempt(engine, report, signal, { connection: connection.name }, () => preflight(engine, connection, depth, signal)))
    if (passed) ready.push(connection)
  }
  return ready
}

/**
 * Reads consent back before anything is sent, so that an opt-out at a destination stops what waits there. A connection of which that fails sends nothing in this
 * pass. Passes that follow each other closely do not ask again what was read a moment ago.
 */
const readBack = async (
  engine: Engine,
  plan: PassPlan,
  connections: readonly Connection[],
  paused: ReadonlyMap<string, unknown>,
  token: string,
  report: RunReport,
  signal: AbortSignal,
): Promise<Connection[]> => {
  const read = connections.map(async (connection) => {
    if (paused.has(connection.name) || !readsConsentBack(connection)) return true
    const before = engine.consentReadAt.get(connection.name)
    if ((plan.often || plan.kind === 'push') && before !== undefined && engine.clock.now() - before < consentFreshMs) return true
    const done = await attempt(engine, report, signal, { connection: connection.name }, () =>
      readConsentBack(engine, connection, token, signal),
    )
    if (done) engine.consentReadAt.set(connection.name, engine.clock.now())
    return done
  })
  const done = await Promise.all(read)
  return connections.filter((_, index) => done[index])
}

const chosenConnections = (engine: Engine, options: PassOptions): Connection[] => {
  if (options.connection === undefined) return [...engine.connections.values()]
  return [options.connection].flat().map((name) => connectionNamed(engine, name))
}

const drainConnection = async (
  engine: Engine,
  job: { token: string; id: string; connection: Connection; report: RunReport; signal: AbortSignal; options: PassOptions; often: boolean },
): Promise<void> => {
  const { connection, report, token, signal } = job
  const totals = emptyTotals()
  if (connection.mode === 'observe') totals.observed = noObservations()
  report.connections[connection.name] = totals
  const before = connection.destination.usage?.()
  const waitMs = job.options.drainMs ?? defaultDrainMs
  const work = { token, run: job.id, connection, totals, waitMs, often: job.often, signal }
  await attempt(engine, report, signal, { connection: connection.name }, async () => {
    await engine.store.raiseDue(token, connection.name, engine.clock.now())
    await followMode(engine, connection, token)
    totals.held = await guardRemovals(engine, connection, token)
    await drain(engine, work)
    if (connection.contract.leaving === undefined) return
    // Draining finds what leaves the connection; a handful may go at once.
    totals.held = await guardRemovals(engine, connection, token)
    await drain(engine, work)
  })
  const after = connection.destination.usage?.()
  totals.requests = (after?.requests ?? 0) - (before?.requests ?? 0)
  totals.rateLimited = (after?.rateLimited ?? 0) - (before?.rateLimited ?? 0)
}

const lookAfterEveryMs = 60_000

/** What need not be done after each of many small passes. */
const lookAfter = async (engine: Engine, signal: AbortSignal): Promise<void> => {
  const now = engine.clock.monotonic()
  if (engine.lookedAfterAt !== undefined && now - engine.lookedAfterAt < lookAfterEveryMs) return
  engine.lookedAfterAt = now
  await watch(engine)
  await pruneBesideWork(engine, signal)
}

/** Rows that wait are counted when the pass is over, whoever left them. */
const countWaiting = async (engine: Engine, report: RunReport): Promise<void> => {
  for (const [name, totals] of Object.entries(report.connections)) {
    for (const row of await engine.store.counts(name)) {
      if (row.state === 'parked' && row.code !== observedCode) totals.parked += row.count
      if (row.state === 'pending') totals.pending += row.count
    }
  }
}

/** Problems that stopped nothing which should have happened: a person has to look. */
const decided = new Set(['source_empty', 'connection_paused'])

const statusOf = async (engine: Engine, report: RunReport, connections: readonly Connection[], signal: AbortSignal): Promise<RunStatus> => {
  const hard = report.problems.filter((problem) => !decided.has(problem.code))
  if (hard.length > 0) return 'failed'
  if (signal.aborted) return 'stopped'
  const paused = new Set(report.problems.filter(({ code }) => code === 'connection_paused').map(({ connection }) => connection))
  const open = connections.filter(({ name }) => !paused.has(name))
  const counts = (await Promise.all(open.map((connection) => engine.store.counts(connection.name))))
    .flat()
    .filter(({ code }) => code !== observedCode)
  const has = (...states: string[]): boolean => counts.some((row) => row.count > 0 && states.includes(row.state))
  if (has('ready', 'sending', 'pending')) return 'incomplete'
  const rejected = Object.values(report.sources).some((source) => Object.values(source).some((totals) => totals.rejected > 0))
  return has('dead', 'held', 'parked') || rejected || report.problems.length > 0 ? 'attention' : 'completed'
}
