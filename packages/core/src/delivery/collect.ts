import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import type { Claimed } from '../spec/store.ts'
import type { MillraceError } from '../error.ts'
import type { Outcome } from '../spec/destination.ts'
import { settleStream, toMillraceError } from './deliver.ts'
import { parseFingerprint } from './fingerprint.ts'
import { settlementOf, storedProgress } from './prepared.ts'
import type { Asked, Settled } from './settle-outcome.ts'

const atOnce = 10_000
const askAgainMs = 30_000

/**
 * Asks for the vendor's imports that are due, and yields settlements. An import that the adapter does not mention is asked for again later; so are all that are
 * open when it throws, since the vendor still works on them and a second attempt could be overtaken. Throws what no repetition mends.
 */
export async function* collect(engine: Engine, connection: Connection, signal: AbortSignal): AsyncGenerator<Settled[]> {
  if (connection.destination.collect === undefined) return
  const rows = await engine.store.tickets(connection.name, engine.clock.now(), atOnce)
  for (const [, group] of Map.groupBy(rows, (row) => row.object)) yield* collectObject(engine, connection, group, signal)
}

async function* collectObject(
  engine: Engine,
  connection: Connection,
  rows: readonly Claimed[],
  signal: AbortSignal,
): AsyncGenerator<Settled[]> {
  const { destination } = connection
  const tickets = [...Map.groupBy(rows, (row) => row.ticket ?? '')].map(([ticket, group]) => ({
    ticket,
    units: group.map((row) => ({
      unit: row.unit,
      object: row.object,
      key: keyOf(row),
      ...(row.remoteId === null ? {} : { remoteId: row.remoteId }),
      objects: row.objects,
      ...(storedProgress(row).adapter === undefined ? {} : { progress: storedProgress(row).adapter }),
    })),
  }))
  let failure: MillraceError | undefined
  const untilItThrows = async function* (): AsyncGenerator<Outcome[]> {
    try {
      yield* destination.collect?.(tickets, destinationContext(engine, connection, signal)) ?? []
    } catch (thrown) {
      failure = toMillraceError(connection, thrown)
    }
  }
  for await (const settled of settleStream(engine, connection, rows.map(toAsked), untilItThrows())) {
    yield settled.map((item) => (item.unconfirmed ? stillPending(engine, item.claimed) : item))
  }
  if (failure?.retryable === false) throw failure
}

const keyOf = (row: Claimed): string => parseFingerprint(storedProgress(row).fingerprint ?? null)?.key ?? ''

const toAsked = (claimed: Claimed): Asked => ({
  claimed,
  key: keyOf(claimed),
  ownKeys: [],
  archive: false,
  memberships: [],
  fingerprint: storedProgress(claimed).fingerprint ?? '',
})

const stillPending = (engine: Engine, claimed: Claimed): Settled => ({
  claimed,
  settlement: { ...settlementOf(claimed), to: 'pending', ticket: claimed.ticket ?? '', nextAt: engine.clock.now() + askAgainMs },
  retried: false,
  unconfirmed: false,
  failure: undefined,
})
