import type { ConnectionTotals } from '../api/report.ts'
import { noteWritten } from '../consent/note-written.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { keepBudgets, restoreBudgets } from '../engine/kept-budgets.ts'
import { pausedConnections } from '../engine/paused.ts'
import { isMillraceError, type MillraceError } from '../error.ts'
import type { Claimed, Settlement } from '../spec/store.ts'
import { openGate, type Gate, type Sign } from './breaker.ts'
import { collect } from './collect.ts'
import { deliver } from './deliver.ts'
import { exchangeLog, type ExchangeLog } from './exchange-log.ts'
import { droppedLimits, skipDropped } from './dropped-objects.ts'
import { prepare } from './prepare.ts'
import { settlementOf } from './prepared.ts'
import { noteChildren } from './note-children.ts'
import { raiseChildren } from './raise-children.ts'
import { noObservations, observe } from './observe.ts'
import { preflight } from './preflight.ts'
import type { Keyless } from './relink.ts'
import type { Settled } from './settle-outcome.ts'
import { traced } from '../telemetry/traced.ts'

/** One connection to be drained in one pass. `totals` is counted up as it goes. */
export interface DrainJob {
  token: string
  run: string
  connection: Connection
  totals: ConnectionTotals
  /** How long to wait in all for rows that become due later, ms. */
  waitMs: number
  /** It follows another pass closely: what the connection said of itself a moment ago still counts. */
  often: boolean
  signal: AbortSignal
}

/** A job under way. */
interface Job extends DrainJob {
  log: ExchangeLog
}

const limitsOf = ({ contract, destination }: Connection): Record<string, number> =>
  Object.fromEntries(Object.keys(contract.objects).map((object) => [object, destination.limits.deliver[object] ?? 100]))

/**
 * Claims, prepares, delivers and settles until nothing is due any more, what is left is due later than the pass waits, or a person pauses the connection.
 * While the destination is down or refuses us, nothing is spent: one row probes it after a growing pause (the connection's circuit breaker). Throws MillraceError
 * when the destination needs a person (credentials, scopes), or is still down when the pass may wait no longer.
 */
export const drain = async (engine: Engine, asked: DrainJob): Promise<void> => {
  const log = exchangeLog(asked.run, asked.connection.name)
  const job: Job = { ...asked, connection: { ...asked.connection, exchanged: log.exchanged }, log }
  await restoreBudgets(engine)
  try {
    await traced(engine, 'millrace drain', { 'millrace.connection': job.connection.name }, () => drainLoop(engine, job))
  } finally {
    const said = log.take()
    await keepBudgets(engine, true).catch(() => {})
    // For the story only: what went wrong before counts more than that this is missing.
    if (said.length > 0) await engine.store.settle(job.token, job.run, [], engine.clock.now(), said).catch(() => {})
  }
}

const drainLoop = async (engine: Engine, job: Job): Promise<void> => {
  const { connection } = job
  let limits = limitsOf(connection)
  let lookedForDropped = false
  let waitedMs = 0
  let checked = false
  const keyless: Keyless = new Set()
  const gate = await openGate(engine, connection.name)
  const pause = async (ms: number): Promise<boolean> => {
    if (waitedMs + ms > job.waitMs) return false
    waitedMs += ms
    await engine.clock.sleep(ms, job.signal)
    return true
  }
  while (!job.signal.aborted) {
    if ((await pausedConnections(engine)).has(connection.name)) return
    const closedMs = await gate.waitMs()
    if (closedMs > 0) {
      if ((await engine.store.nextAt(connection.name)) === undefined) return
      if (!(await pause(closedMs))) throw await gate.giveUp()
      continue
    }
    for await (const settled of collect(engine, connection, job.signal)) await record(engine, job, settled)
    const claimed = await engine.store.claim({
      token: job.token,
      connection: connection.name,
      limits: gate.limits(limits),
      now: engine.clock.now(),
    })
    if (claimed.length === 0) {
      const next = await engine.store.nextAt(connection.name)
      // Due and not claimed: perhaps of an object that the contract dropped. Looking costs a walk over all rows, so only then.
      if (next !== undefined && next <= engine.clock.now() && !lookedForDropped) {
        lookedForDropped = true
        limits = { ...(await droppedLimits(engine, connection)), ...limits }
        continue
      }
      if (next === undefined || !(await pause(Math.max(10, next - engine.clock.now())))) return
      continue
    }
    const refused: MillraceError | undefined = checked
      ? undefined
      : await giveBackOnFailure(engine, job, claimed, () => ask(engine, job, gate))
    checked = refused === undefined
    const where = { 'millrace.connection': connection.name, 'millrace.object': claimed[0]?.object ?? '', 'millrace.rows': claimed.length }
    const sign: Sign =
      refused === undefined
        ? await traced(engine, 'millrace deliver', where, () => work(engine, job, claimed, keyless))
        : { outage: refused, answered: false }
    await keepBudgets(engine)
    if (sign.outage !== undefined) engine.askedAt.delete(connection.name)
    await gate.learn(sign)
  }
}

/** What is wrong since then is found by the delivery itself. */
const askedForMs = 5 * 60_000

const ask = async (engine: Engine, { connection, signal, often }: DrainJob, gate: Gate): Promise<undefined> => {
  const asked = engine.askedAt.get(connection.name)
  if (often && asked !== undefined && engine.clock.monotonic() - asked < askedForMs) return
  try {
    await preflight(engine, connection, 'quick', signal)
  } catch (thrown) {
    if (isMillraceError(thrown) && !thrown.retryable) await gate.learn({ outage: thrown, answered: false })
    throw thrown
  }
  engine.askedAt.set(connection.name, engine.clock.monotonic())
}

/** One claimed batch from preparation to settlement, and what it says about the destination. */
const work = async (engine: Engine, job: Job, claimed: readonly Claimed[], keyless: Keyless): Promise<Sign> => {
  const prepared =
    skipDropped(job.connection, claimed) ??
    (await giveBackOnFailure(engine, job, claimed, () => prepare(engine, job.connection, claimed, job.token, keyless, job.signal)))
  if (prepared instanceof Error) return { outage: prepared, answered: false }
  const unsent = prepared.flatMap((item) =>
    'settle' in item ? [{ claimed: item.claimed, settlement: item.settle, retried: false, unconfirmed: false, failure: undefined }] : [],
  )
  await record(engine, job, unsent)
  const sendable = prepared.flatMap((item) => ('send' in item ? [item] : []))
  if (sendable.length === 0) return { answered: false }
  if (job.connection.mode === 'observe') {
    await record(engine, job, observe(sendable, (job.totals.observed ??= noObservations())))
    return { answered: true }
  }
  const noted = noteChildren(sendable)
  if (noted.length > 0) await engine.store.settle(job.token, job.run, noted, engine.clock.now())
  const failures: MillraceError[] = []
  let settledRows = 0
  for await (const settled of deliver(engine, job.connection, sendable, job.log, job.signal)) {
    await record(engine, job, settled)
    settledRows += settled.length
    failures.push(...settled.flatMap(({ failure }) => failure ?? []))
  }
  return signOf(
    failures,
    settledRows,
    sendable.map(({ claimed: { unit } }) => unit),
  )
}

/** A row that was refused for its own sake is an answer too. */
const signOf = (failures: readonly MillraceError[], settledRows: number, units: readonly string[]): Sign => {
  const outage = failures.find(({ scope }) => scope === 'destination')
  const [error] = failures
  const inTrouble = failures.filter(({ scope, retryable }) => scope === 'batch' && retryable).length
  if (outage === undefined && error !== undefined && inTrouble === settledRows) return { unanswered: { error, units }, answered: false }
  return { outage, answered: settledRows > inTrouble }
}

/** When preparing fails as a whole, the rows go back as they were; destination-wide and retryable failures are an outage, others are the caller's. */
const giveBackOnFailure = async <T>(
  engine: Engine,
  job: Job,
  claimed: readonly Claimed[],
  step: () => Promise<T>,
): Promise<T | MillraceError> => {
  try {
    return await step()
  } catch (thrown) {
    const now = engine.clock.now()
    const back = claimed.map((row): Settlement => ({
      ...settlementOf(row),
      to: 'ready',
      nextAt: now,
      attempts: row.attempts,
      ...(row.uncertain ? { unconfirmed: true } : {}),
    }))
    await engine.store.settle(job.token, job.run, back, now)
    if (isMillraceError(thrown) && thrown.retryable) return thrown
    throw thrown
  }
}

/** SETTLE: writes outcomes at once and counts them. */
const record = async (engine: Engine, job: Job, settled: readonly Settled[]): Promise<void> => {
  if (settled.length === 0) return
  const said = job.log.take()
  for (const { connection, object, method, status, durationMs, fault } of said) {
    engine.emitter.emit('exchange', { connection, object, method, status, durationMs, fault })
  }
  await raiseChildren(engine, job.connection, job.token, settled)
  await noteWritten(engine, job.connection, job.token, settled)
  await engine.store.settle(
    job.token,
    job.run,
    settled.map((item) => item.settlement),
    engine.clock.now(),
    said,
  )
  for (const item of settled) countUp(engine, job, item)
  const { totals, connection } = job
  const done = totals.delivered + totals.unchanged + totals.skipped + totals.deadLettered
  engine.emitter.emit('progress', { phase: 'deliver', connection: connection.name, done })
}

const countUp = (engine: Engine, { totals, connection }: DrainJob, { claimed, settlement, retried, unconfirmed }: Settled): void => {
  const where = { connection: connection.name, object: claimed.object, unit: claimed.unit }
  if (retried) totals.retries += 1
  if (unconfirmed) totals.unconfirmed += 1
  switch (settlement.to) {
    case 'settled':
      if (settlement.result === 'created') totals.created += 1
      if (settlement.result === 'updated' || settlement.result === 'archived') totals.updated += 1
      if (settlement.result === 'created' || settlement.result === 'updated' || settlement.result === 'archived') totals.delivered += 1
      else totals[settlement.result] += 1
      engine.emitter.emit('delivery.settled', {
        ...where,
        result: settlement.result,
        ...(settlement.changedAt === undefined ? {} : { tookMs: Math.max(0, engine.clock.now() - settlement.changedAt) }),
      })
      return
    case 'dead':
      totals.deadLettered += 1
      engine.emitter.emit('delivery.dead', { ...where, problem: settlement.problem })
      return
    case 'ready':
      if (settlement.problem !== undefined) engine.emitter.emit('delivery.retrying', { ...where, code: settlement.problem.code })
      return
    default:
  }
}
