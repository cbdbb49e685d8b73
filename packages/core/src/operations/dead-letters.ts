import type { DeadLetter, DeadLetterFilter } from '../api/report.ts'
import { auditedBy } from '../engine/audited.ts'
import type { Engine } from '../engine/engine.ts'
import type { Audited } from '../spec/operator.ts'
import type { Delivery, DeliveryFilter } from '../spec/store.ts'

const limit = 10_000

/** The store's filter for dead letters. */
export const deadFilter = (filter: DeadLetterFilter = {}): DeliveryFilter => ({
  state: 'dead',
  ...(filter.connection === undefined ? {} : { connection: filter.connection }),
  ...(filter.code === undefined ? {} : { code: filter.code }),
  ...(filter.id === undefined ? {} : { dids: [filter.id] }),
})

/** Dead letters with their reasons, without the records' contents. */
export const listDeadLetters = async (engine: Engine, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> =>
  (await engine.store.deliveries(deadFilter(filter), { afterDid: 0, limit })).map(toDeadLetter)

/** Makes matching dead letters ready, so that the next pass maps them again. Returns how many. */
export const replayDeadLetters = (engine: Engine, token: string, filter: DeadLetterFilter): Promise<number> =>
  engine.store.requeue(token, deadFilter(filter), 'replay', engine.clock.now(), auditedFilter(engine, 'replay', filter))

/** Gives matching dead letters up. Returns how many. */
export const discardDeadLetters = (engine: Engine, token: string, filter: DeadLetterFilter): Promise<number> =>
  engine.store.discard(token, deadFilter(filter), engine.clock.now(), auditedFilter(engine, 'discard', filter))

const auditedFilter = (engine: Engine, action: 'replay' | 'discard', { connection, code, id }: DeadLetterFilter): Audited =>
  auditedBy(engine, action, connection, { code, id })

const toDeadLetter = (delivery: Delivery): DeadLetter => ({
  id: delivery.did,
  connection: delivery.connection,
  object: delivery.object,
  unit: delivery.unit,
  code: delivery.problem?.code ?? 'unknown',
  message: delivery.problem?.message ?? '',
  ...(delivery.problem?.field === undefined ? {} : { field: delivery.problem.field }),
  attempts: delivery.attempts,
  firstSeenAt: delivery.failedSince === null ? null : new Date(delivery.failedSince).toISOString(),
  lastSeenAt: new Date(delivery.updatedAt).toISOString(),
})
