import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import type { Claimed } from '../spec/store.ts'
import { settleStream } from './deliver.ts'
import { parseFingerprint } from './fingerprint.ts'
import { settlementOf } from './prepared.ts'
import type { Asked, Settled, StoredProgress } from './settle-outcome.ts'

const atOnce = 10_000
const askAgainMs = 30_000

/** Asks for the vendor's imports that are due, and yields settlements. An import that the adapter does not mention is asked for again later. */
export async function* collect(engine: Engine, connection: Connection, signal: AbortSignal): AsyncGenerator<Settled[]> {
  const { destination } = connection
  if (destination.collect === undefined) return
  const rows = await engine.store.tickets(connection.name, engine.clock.now(), atOnce)
  if (rows.length === 0) return
  const tickets = [...Map.groupBy(rows, (row) => row.ticket ?? '')].map(([ticket, group]) => ({
    ticket,
    units: group.map((row) => ({
      unit: row.unit,
      object: row.object,
      key: keyOf(row),
      ...(row.remoteId === null ? {} : { remoteId: row.remoteId }),
    })),
  }))
  const stream = destination.collect(tickets, destinationContext(engine, connection, signal))
  for await (const settled of settleStream(engine, connection, rows.map(toAsked), stream)) {
    yield settled.map((item) => (item.unconfirmed ? stillPending(engine, item.claimed) : item))
  }
}

const progressOf = (row: Claimed): StoredProgress => row.progress ?? {}

const keyOf = (row: Claimed): string => parseFingerprint(progressOf(row).fingerprint ?? null)?.key ?? ''

const toAsked = (claimed: Claimed): Asked => ({
  claimed,
  key: keyOf(claimed),
  ownKeys: [],
  archive: false,
  fingerprint: progressOf(claimed).fingerprint ?? '',
})

const stillPending = (engine: Engine, claimed: Claimed): Settled => ({
  claimed,
  settlement: { ...settlementOf(claimed), to: 'pending', ticket: claimed.ticket ?? '', nextAt: engine.clock.now() + askAgainMs },
  retried: false,
  unconfirmed: false,
  outage: undefined,
})
