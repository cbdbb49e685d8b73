import type { Connection } from '../engine/connection.ts'
import { destinationContext, type Engine } from '../engine/engine.ts'
import { isMillraceError, MillraceError } from '../error.ts'
import type { Outcome } from '../spec/destination.ts'
import type { Claimed, Problem, Settlement } from '../spec/store.ts'
import { judgeCandidates } from './adoption.ts'
import { settlementOf, type Prepared } from './prepared.ts'
import { defaultRetryPolicy } from './retry-policy.ts'

type Sendable = Extract<Prepared, { send: unknown }>

/** A settlement and what it says for the figures of the pass. */
export interface Settled {
  claimed: Claimed
  settlement: Settlement
  retried: boolean
  unconfirmed: boolean
  /** A failure that concerns the whole destination, not this record. */
  outage: MillraceError | undefined
}

const unconfirmedAttempts = 8

/**
 * DELIVER: hands the inputs to the adapter and yields settlements as soon as it says something. Inputs it never mentions are `unconfirmed` and tried again;
 * what it throws counts for every input that is still open.
 */
export async function* deliver(
  engine: Engine,
  connection: Connection,
  sendable: readonly Sendable[],
  signal: AbortSignal,
): AsyncGenerator<Settled[]> {
  const open = new Map(sendable.map((item) => [item.send.unit, item]))
  try {
    const inputs = sendable.map((item) => item.send)
    for await (const outcomes of connection.destination.deliver(inputs, destinationContext(engine, connection, signal))) {
      const settled = outcomes.flatMap((outcome) => {
        const item = open.get(outcome.unit)
        if (item === undefined) return []
        open.delete(outcome.unit)
        return [settle(engine, item, outcome)]
      })
      if (settled.length > 0) yield settled
    }
  } catch (thrown) {
    const error = toMillraceError(connection, thrown)
    yield [...open.values()].map((item) => settle(engine, item, { unit: item.send.unit, result: 'failed', error }, true))
    return
  }
  if (open.size > 0) yield [...open.values()].map((item) => unconfirmed(engine, item))
}

const toMillraceError = (connection: Connection, thrown: unknown): MillraceError => {
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

const toProblem = (error: MillraceError): Problem => ({
  code: error.code,
  message: error.message,
  ...(error.field === undefined ? {} : { field: error.field }),
  ...(Object.keys(error.context).length === 0 ? {} : { context: error.context }),
})

const settle = (engine: Engine, item: Sendable, outcome: Outcome, uncertain = false): Settled => {
  const { claimed } = item
  const base = {
    ...settlementOf(claimed),
    ...(outcome.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
    ...(outcome.objects === undefined ? {} : { objects: { ...outcome.objects } }),
  }
  const kept = { ...base, ...(outcome.progress === undefined ? {} : { progress: outcome.progress }) }
  const plain = { claimed, retried: false, unconfirmed: false, outage: undefined }
  switch (outcome.result) {
    case 'delivered': {
      const result = item.send.operation === 'archive' ? 'archived' : outcome.created ? 'created' : 'updated'
      const fingerprint = item.send.operation === 'archive' ? null : JSON.stringify(item.fingerprint)
      return { ...plain, settlement: { ...base, progress: null, to: 'settled', result, fingerprint } }
    }
    case 'pending':
      return { ...plain, settlement: { ...kept, to: 'pending', ticket: outcome.ticket, nextAt: engine.clock.now() + outcome.checkAfterMs } }
    case 'conflict':
      return { ...plain, settlement: adoptCandidate(engine, item, outcome, kept) }
    case 'failed':
      return failed(engine, claimed, outcome.error, kept, uncertain)
  }
}

/** The vendor named what stands in the way: taken over on the next attempt when it is nobody's or ours. */
const adoptCandidate = (
  engine: Engine,
  item: Sendable,
  outcome: Extract<Outcome, { result: 'conflict' }>,
  base: { did: number; sending: number },
): Settlement => {
  const attempts = item.claimed.attempts + 1
  const verdict = judgeCandidates({ object: item.send.object, key: item.send.key, ownKeys: item.ownKeys }, outcome.candidates)
  const linkedElsewhere = item.send.remoteId !== undefined
  if ('conflict' in verdict) return { ...base, to: 'dead', attempts, problem: verdict.conflict }
  if (linkedElsewhere || attempts > unconfirmedAttempts) {
    const message = `${item.send.object} ${item.send.key} is object ${item.send.remoteId ?? ''} at the destination, but ${verdict.candidate.remoteId} holds the same unique value. Merge them there, then replay.`
    return {
      ...base,
      to: 'dead',
      attempts,
      problem: { code: 'identity_conflict', message, context: { candidates: verdict.candidate.remoteId } },
    }
  }
  return { ...base, remoteId: verdict.candidate.remoteId, to: 'ready', nextAt: engine.clock.now(), attempts }
}

const failed = (
  engine: Engine,
  claimed: Claimed,
  error: MillraceError,
  base: { did: number; sending: number },
  uncertain: boolean,
): Settled => {
  const problem = toProblem(error)
  const now = engine.clock.now()
  const outage = error.scope === 'destination' ? error : undefined
  const flags = { claimed, unconfirmed: false, outage }
  const doubt = uncertain || error.context['applied'] === 'unknown' ? { unconfirmed: true } : {}
  // A destination that is down or refuses us costs no record an attempt.
  if (outage !== undefined) {
    const settlement: Settlement = {
      ...base,
      to: 'ready',
      nextAt: now + (error.retryAfterMs ?? 0),
      attempts: claimed.attempts,
      problem,
      ...doubt,
    }
    return { ...flags, retried: true, settlement }
  }
  const attempts = claimed.attempts + 1
  const retry = defaultRetryPolicy({ error, attempts, random: Math.random() })
  if (retry === undefined) return { ...flags, retried: false, settlement: { ...base, to: 'dead', attempts, problem } }
  return { ...flags, retried: true, settlement: { ...base, to: 'ready', nextAt: now + retry.delayMs, attempts, problem, ...doubt } }
}

/** A 2xx that confirms nothing is not success: tried again, and after several silent answers a person is asked. */
const unconfirmed = (engine: Engine, { claimed }: Sendable): Settled => {
  const attempts = claimed.attempts + 1
  const problem: Problem = {
    code: 'unconfirmed',
    message: 'The destination answered without saying what became of this record. It is sent again under the same key.',
  }
  const base = settlementOf(claimed)
  const flags = { claimed, retried: true, unconfirmed: true, outage: undefined }
  if (attempts >= unconfirmedAttempts) return { ...flags, retried: false, settlement: { ...base, to: 'dead', attempts, problem } }
  const nextAt = engine.clock.now() + Math.ceil(Math.random() * 1000 * 2 ** attempts)
  return { ...flags, settlement: { ...base, to: 'ready', nextAt, attempts, problem, unconfirmed: true } }
}
