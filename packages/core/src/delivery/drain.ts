import type { ConnectionTotals } from '../api/report.ts'
import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import { pausedConnections } from '../engine/paused.ts'
import { isMillraceError, MillraceError } from '../error.ts'
import type { Claimed, Settlement } from '../spec/store.ts'
import { collect } from './collect.ts'
import { deliver } from './deliver.ts'
import { droppedLimits, skipDropped } from './dropped-objects.ts'
import { prepare } from './prepare.ts'
import { settlementOf } from './prepared.ts'
import { noteChildren } from './note-children.ts'
import { raiseChildren } from './raise-children.ts'
import { preflight } from './preflight.ts'
import type { Keyless } from './relink.ts'
import type { Settled } from './settle-outcome.ts'

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

const longestPauseMs = 60_000

const limitsOf = ({ contract, destination }: Connection): Record<string, number> =>
  Object.fromEntries(Object.keys(contract.objects).map((object) => [object, destination.limits.deliver[object] ?? 100]))

/**
 * Claims, prepares, delivers and settles until nothing is due any more, what is left is due later than the pass waits, or a person pauses the connection.
 * While the destination is down or refuses us, nothing is spent: one row probes it after a growing pause. Throws MillraceError when the destination needs a
 * person (credentials, scopes), or is still down when the pass may wait no longer.
 */
export const drain = async (engine: Engine, job: DrainJob): Promise<void> => {
  const { connection } = job
  let limits = limitsOf(connection)
  let lookedForDropped = false
  let waitedMs = 0
  let outages = 0
  let checked = false
  const keyless: Keyless = new Set()
  const pause = async (ms: number): Promise<boolean> => {
    if (waitedMs + ms > job.waitMs) return false
    waitedMs += ms
    await engine.clock.sleep(ms, job.signal)
    return true
  }
  while (!job.signal.aborted) {
    if ((await pausedConnections(engine)).has(connection.name)) return
    for await (const settled of collect(engine, connection, job.signal)) await record(engine, job, settled)
    const claimed = await engine.store.claim({
      token: job.token,
      connection: connection.name,
      limits: outages === 0 ? limits : Object.fromEntries(Object.keys(limits).map((object) => [object, 1])),
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
    const refused: MillraceError | undefined = checked ? undefined : await giveBackOnFailure(engine, job, claimed, () => ask(engine, job))
    checked = refused === undefined
    const outage = refused ?? (await work(engine, job, claimed, keyless))
    if (outage === undefined) {
      outages = 0
      continue
    }
    engine.askedAt.delete(connection.name)
    if (!outage.retryable) throw outage
    outages += 1
    const ms = Math.max(outage.retryAfterMs ?? 0, Math.min(longestPauseMs, 500 * 2 ** outages))
    if (!(await pause(ms))) throw outage
  }
}

/** What is wrong since then is found by the delivery itself. */
const askedForMs = 5 * 60_000

const ask = async (engine: Engine, { connection, signal, often }: DrainJob): Promise<undefined> => {
  const asked = engine.askedAt.get(connection.name)
  if (often && asked !== undefined && engine.clock.monotonic() - asked < askedForMs) return
  await preflight(engine, connection, 'quick', signal)
  engine.askedAt.set(connection.name, engine.clock.monotonic())
}

/** One claimed batch from preparation to settlement. Returns the failure that concerns the whole destination, if there was one. */
const work = async (engine: Engine, job: DrainJob, claimed: readonly Claimed[], keyless: Keyless): Promise<MillraceError | undefined> => {
  const prepared =
    skipDropped(job.connection, claimed) ??
    (await giveBackOnFailure(engine, job, claimed, () => prepare(engine, job.connection, claimed, job.token, keyless, job.signal)))
  if (prepared instanceof Error) return prepared
  const unsent = prepared.flatMap((item) =>
    'settle' in item ? [{ claimed: item.claimed, settlement: item.settle, retried: false, unconfirmed: false, outage: undefined }] : [],
  )
  await record(engine, job, unsent)
  let outage: MillraceError | undefined
  const sendable = prepared.flatMap((item) => ('send' in item ? [item] : []))
  if (sendable.length === 0) return undefined
  const noted = noteChildren(sendable)
  if (noted.length > 0) await engine.store.settle(job.token, job.run, noted, engine.clock.now())
  for await (const settled of deliver(engine, job.connection, sendable, job.signal)) {
    await record(engine, job, settled)
    outage ??= settled.find((item) => item.outage !== undefined)?.outage
  }
  return outage
}

/** When preparing fails as a whole, the rows go back as they were; destination-wide and retryable failures are an outage, others are the caller's. */
const giveBackOnFailure = async <T>(
  engine: Engine,
  job: DrainJob,
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
const record = async (engine: Engine, job: DrainJob, settled: readonly Settled[]): Promise<void> => {
  if (settled.length === 0) return
  await raiseChildren(engine, job.connection, job.token, settled)
  await engine.store.settle(
    job.token,
    job.run,
    settled.map((item) => item.settlement),
    engine.clock.now(),
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
      engine.emitter.emit('delivery.settled', { ...where, result: settlement.result })
      return
    case 'dead':
      totals.deadLettered += 1
      engine.emitter.emit('delivery.dead', { ...where, problem: settlement.problem })
      return
    default:
  }
}
