import type { DeadLetter, DeadLetterFilter } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
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
