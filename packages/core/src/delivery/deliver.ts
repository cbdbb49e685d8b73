import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { isMillraceError, MillraceError } from '../error.ts'
import type { Outcome } from '../spec/destination.ts'
import { membershipKey } from './note-children.ts'
import type { ExchangeLog } from './exchange-log.ts'
import type { Prepared } from './prepared.ts'
import { settleOutcome, settleUnconfirmed, type Asked, type Settled } from './settle-outcome.ts'

type Sendable = Extract<Prepared, { send: unknown }>

/**
 * DELIVER: hands the inputs to the adapter and yields settlements as soon as it says something. Inputs it never mentions are `unconfirmed` and tried again;
 * what it throws counts for every input that is still open.
 */
export async function* deliver(
  engine: Engine,
  connection: Connection,
  sendable: readonly Sendable[],
  log: ExchangeLog,
  signal: AbortSignal,
): AsyncGenerator<Settled[]> {
  const asked = sendable.map(({ claimed, send, fingerprint, ownKeys, missing }): Asked => {
    const memberships = send.membershipsChanged ? send.memberships.map(membershipKey) : []
    return {
      claimed,
      key: send.key,
      ownKeys,
      archive: send.operation === 'archive',
      memberships,
      missing,
      fingerprint: JSON.stringify(fingerprint),
    }
  })
  const inputs = sendable.map(({ send }) => send)
  log.begin(inputs[0]?.object ?? '', inputs)
  const stream = connection.destination.deliver(inputs, destinationContext(engine, connection, signal))
  for await (const settled of settleStream(engine, connection, asked, stream)) {
    yield settled.map((item) => ({ ...item, settlement: { ...item.settlement, exchanges: log.idsOf(item.claimed.unit) } }))
  }
  log.begin(null, [])
}

/** Settles what an adapter streams about the rows it was asked for: rows of one object, since outcomes are told apart by their unit. */
export async function* settleStream(
  engine: Engine,
  connection: Connection,
  asked: readonly Asked[],
  stream: AsyncIterable<Outcome[]>,
): AsyncGenerator<Settled[]> {
  const open = new Map(asked.map((item) => [item.claimed.unit, item]))
  try {
    for await (const outcomes of stream) {
      const settled = outcomes.flatMap((outcome) => {
        const item = open.get(outcome.unit)
        if (item === undefined) return []
        open.delete(outcome.unit)
        return [settleOutcome(engine, connection, item, outcome)]
      })
      if (settled.length > 0) yield settled
    }
  } catch (thrown) {
    const error = toMillraceError(connection, thrown)
    yield [...open.values()].map((item) =>
      settleOutcome(engine, connection, item, { unit: item.claimed.unit, result: 'failed', error }, true),
    )
    return
  }
  if (open.size > 0) yield [...open.values()].map((item) => settleUnconfirmed(engine, connection, item))
}

/** What an adapter threw, as an error of ours. The text of a foreign error may hold data of the records, so only its name is told. */
export const toMillraceError = (connection: Connection, thrown: unknown): MillraceError => {
  if (isMillraceError(thrown)) return thrown
  const name = thrown instanceof Error ? thrown.name : typeof thrown
  return new MillraceError({
    code: 'adapter_failed',
    message: `The adapter ${connection.destination.name} of ${connection.name} threw ${name}. The records in hand are tried again; report it with the log if it stays.`,
    retryable: true,
    scope: 'batch',
    cause: thrown,
  })
}
