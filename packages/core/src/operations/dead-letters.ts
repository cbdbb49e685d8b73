import type { DeadLetter, DeadLetterFilter, ReplayReport } from '../api/report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import type { Audited } from '../spec/operator.ts'
import type { Delivery, DeliveryFilter } from '../spec/store.ts'

const limit = 10_000
/** So often a bulk replay tries what dies of the same code each time. */
const maxReplays = 3

/** The store's filter for dead letters. */
export const deadFilter = (filter: DeadLetterFilter = {}): DeliveryFilter => ({
  state: 'dead',
  ...(filter.connection === undefined ? {} : { connection: filter.connection }),
  ...(filter.code === undefined ? {} : { code: filter.code }),
  ...(filter.id === undefined ? {} : { dids: [filter.id] }),
})

/** Dead letters with their reasons, without the records' contents. */
export const listDeadLetters = async (engine: Engine, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> =>
  withStuck(await matching(engine, deadFilter(filter)), await matching(engine, { ...deadFilter(filter), replayedLess: maxReplays }))

const matching = (engine: Engine, filter: DeliveryFilter): Promise<Delivery[]> => engine.store.deliveries(filter, { afterDid: 0, limit })

const withStuck = (all: readonly Delivery[], free: readonly Delivery[]): DeadLetter[] => {
  const dids = new Set(free.map((row) => row.did))
  return all.map((row) => toDeadLetter(row, !dids.has(row.did)))
}

/**
 * Makes matching dead letters ready, so that the next pass maps them again. Those that died of the same code after each of three replays, without their record
 * changing, are left unless one is asked for by its id: whoever replays in a loop would go round with them for ever.
 */
export const replayDeadLetters = async (engine: Engine, token: string, filter: DeadLetterFilter): Promise<ReplayReport> => {
  const audited = auditedFilter(engine, 'replay', filter)
  const free: DeliveryFilter = { ...deadFilter(filter), ...(filter.id === undefined ? { replayedLess: maxReplays } : {}) }
  const refused = filter.id === undefined ? (await listDeadLetters(engine, filter)).filter(({ stuck }) => stuck).length : 0
  const count = await engine.store.requeue(token, free, 'replay', engine.clock.now(), audited)
  return { count, refused }
}

/** Gives matching dead letters up. Returns how many. */
export const discardDeadLetters = (engine: Engine, token: string, filter: DeadLetterFilter): Promise<number> =>
  engine.store.discard(token, deadFilter(filter), engine.clock.now(), auditedFilter(engine, 'discard', filter))

const auditedFilter = (engine: Engine, action: 'replay' | 'discard', { connection, code, id }: DeadLetterFilter): Audited =>
  auditedBy(engine, action, connection, { code, id })

const toDeadLetter = (delivery: Delivery, stuck: boolean): DeadLetter => ({
  id: delivery.did,
  connection: delivery.connection,
  object: delivery.object,
  unit: delivery.unit,
  code: delivery.problem?.code ?? 'unknown',
  message: delivery.problem?.message ?? '',
  ...(delivery.problem?.field === undefined ? {} : { field: delivery.problem.field }),
  attempts: delivery.attempts,
  stuck,
  firstSeenAt: delivery.failedSince === null ? null : new Date(delivery.failedSince).toISOString(),
  lastSeenAt: new Date(delivery.updatedAt).toISOString(),
})
