import type { Connection } from '../engine/connection.ts'
import type { Engine } from '../engine/engine.ts'
import type { MillraceError } from '../error.ts'
import type { Outcome } from '../spec/destination.ts'
import type { Claimed, Problem, Settlement } from '../spec/store.ts'
import { isAtMostOnce, leavesDoubt, unknownOutcome } from './at-most-once.ts'
import { judgeCandidates } from './adoption.ts'
import type { Missing } from './parents.ts'
import { settlementOf, type StoredProgress } from './prepared.ts'
import { askPolicy } from './ask-policy.ts'

/** A row that an adapter was asked about: just sent, or collected from a vendor's import. */
export interface Asked {
  claimed: Claimed
  key: string
  /** Every key of the person, for conflicts. */
  ownKeys: readonly string[]
  archive: boolean
  /** Keys of the lists and tags that were handed in to be changed. */
  memberships: readonly string[]
  /** What it goes without, though it belongs to it. */
  missing?: Missing | undefined
  /** What will have been settled when it is delivered, as stored text. */
  fingerprint: string
}

/** A settlement and what it says for the figures of the pass. */
export interface Settled {
  claimed: Claimed
  settlement: Settlement
  retried: boolean
  unconfirmed: boolean
  /** What the adapter said went wrong. Of the scope `destination`: it concerns all records, and costs this one no attempt. */
  failure: MillraceError | undefined
}

const maxUnclear = 8

/** Turns an outcome into what is written. `thrown` = the adapter broke off, so nobody knows whether it was applied. */
export const settleOutcome = (engine: Engine, connection: Connection, asked: Asked, outcome: Outcome, thrown = false): Settled => {
  const { claimed } = asked
  const base = {
    ...settlementOf(claimed),
    ...(outcome.remoteId === undefined ? {} : { remoteId: outcome.remoteId }),
    ...(outcome.objects === undefined ? {} : { objects: { ...doubtful(asked, outcome), ...outcome.objects } }),
  }
  const progress: StoredProgress = outcome.progress === undefined ? {} : { adapter: outcome.progress }
  const kept = outcome.progress === undefined ? base : { ...base, progress }
  const plain = { claimed, retried: false, unconfirmed: false, failure: undefined }
  switch (outcome.result) {
    case 'delivered': {
      // What is archived is linked no more: a record that comes back is a new object, and nothing is attached to the old one.
      const gone = asked.archive ? { remoteId: null, objects: {} } : {}
      const result = asked.archive ? 'archived' : outcome.created ? 'created' : 'updated'
      return {
        ...plain,
        settlement: {
          ...base,
          ...gone,
          ...(claimed.changedAt === null ? {} : { changedAt: claimed.changedAt }),
          progress: outcome.progress === undefined ? null : progress,
          to: 'settled',
          result,
          fingerprint: asked.archive ? null : asked.fingerprint,
          ...(asked.missing === undefined ? {} : { waitsFor: asked.missing }),
        },
      }
    }
    case 'pending': {
      const nextAt = engine.clock.now() + outcome.checkAfterMs
      return {
        ...plain,
        settlement: { ...base, progress: { ...progress, fingerprint: asked.fingerprint }, to: 'pending', ticket: outcome.ticket, nextAt },
      }
    }
    case 'skipped':
      return { ...plain, settlement: { ...kept, to: 'settled', result: 'skipped', problem: outcome.reason } }
    case 'conflict':
      return { ...plain, settlement: adoptCandidate(engine, asked, outcome, kept) }
    case 'failed':
      return failed(engine, connection, claimed, outcome.error, kept, thrown)
  }
}

/** Lists and tags of an attempt that did not succeed, and that the outcome says nothing of: the person may be in them now. */
const doubtful = ({ claimed, memberships }: Asked, { result }: Outcome): Record<string, string> =>
  result === 'delivered' ? {} : Object.fromEntries(memberships.map((key) => [key, claimed.objects[key] ?? '']))

/** A 2xx that confirms nothing is not success: tried again under the same key, and after several silent answers a person is asked. */
export const settleUnconfirmed = (engine: Engine, connection: Connection, { claimed }: Asked): Settled => {
  const attempts = claimed.attempts + 1
  const problem: Problem = {
    code: 'unconfirmed',
    message: 'The destination answered without saying what became of this record. It is sent again under the same key.',
  }
  const base = settlementOf(claimed)
  const flags = { claimed, unconfirmed: true, failure: undefined }
  if (isAtMostOnce(connection, claimed))
    return { ...flags, retried: false, settlement: { ...base, to: 'dead', attempts, problem: unknownOutcome('unconfirmed') } }
  if (attempts >= maxUnclear) return { ...flags, retried: false, settlement: { ...base, to: 'dead', attempts, problem } }
  const nextAt = engine.clock.now() + Math.ceil(Math.random() * 1000 * 2 ** attempts)
  return { ...flags, retried: true, settlement: { ...base, to: 'ready', nextAt, attempts, problem, unconfirmed: true } }
}

type Base = Pick<Settlement, 'did' | 'sending' | 'remoteId' | 'objects' | 'progress'>

/** The vendor named what stands in the way: taken over on the next attempt when it is nobody's or ours. */
const adoptCandidate = (engine: Engine, asked: Asked, outcome: Extract<Outcome, { result: 'conflict' }>, base: Base): Settlement => {
  const { claimed, key, ownKeys } = asked
  const attempts = claimed.attempts + 1
  const verdict = judgeCandidates({ object: claimed.object, key, ownKeys }, outcome.candidates)
  if ('conflict' in verdict) return { ...base, to: 'dead', attempts, problem: verdict.conflict }
  const { remoteId } = verdict.candidate
  if (claimed.remoteId === null && attempts <= maxUnclear) return { ...base, remoteId, to: 'ready', nextAt: engine.clock.now(), attempts }
  const message = `${claimed.object} ${key} is object ${claimed.remoteId ?? '?'} at the destination, but ${remoteId} holds the same unique value. Merge them there, then replay.`
  return { ...base, to: 'dead', attempts, problem: { code: 'identity_conflict', message, context: { candidates: remoteId } } }
}

const failed = (engine: Engine, connection: Connection, claimed: Claimed, error: MillraceError, base: Base, thrown: boolean): Settled => {
  const problem = toProblem(error)
  const now = engine.clock.now()
  if (isAtMostOnce(connection, claimed) && leavesDoubt(error, thrown)) {
    const settlement: Settlement = { ...base, to: 'dead', attempts: claimed.attempts + 1, problem: unknownOutcome(error.code) }
    return { claimed, unconfirmed: false, failure: error, retried: false, settlement }
  }
  const doubt = thrown || error.context['applied'] === 'unknown' ? { unconfirmed: true } : {}
  // A destination that is down or refuses us costs no record an attempt.
  if (error.scope === 'destination') {
    const settlement: Settlement = {
      ...base,
      to: 'ready',
      // The breaker knows until when.
      nextAt: now,
      attempts: claimed.attempts,
      problem,
      ...doubt,
    }
    return { claimed, unconfirmed: false, failure: error, retried: true, settlement }
  }
  const flags = { claimed, unconfirmed: false, failure: error }
  const attempts = claimed.attempts + 1
  const retry = askPolicy(connection, { error, attempts, random: Math.random() }, engine.logger)
  if (retry === undefined) return { ...flags, retried: false, settlement: { ...base, to: 'dead', attempts, problem } }
  return { ...flags, retried: true, settlement: { ...base, to: 'ready', nextAt: now + retry.delayMs, attempts, problem, ...doubt } }
}

/** What is kept of an error with its row. */
export const toProblem = (error: MillraceError): Problem => ({
  code: error.code,
  message: error.message,
  ...(error.field === undefined ? {} : { field: error.field }),
  ...(Object.keys(error.context).length === 0 ? {} : { context: error.context }),
})
