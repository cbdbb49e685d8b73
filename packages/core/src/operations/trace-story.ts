import { observedCode } from '../delivery/observe.ts'
import type { StoredExchange } from '../spec/exchange.ts'
import type { JournalEntry } from '../spec/store.ts'

const iso = (at: number): string => new Date(at).toISOString()

/** What happened, one sentence for each journal entry, with what was said to the vendor before it and the codes that its answer named. */
export const tellStory = (journal: readonly JournalEntry[], exchanges: readonly StoredExchange[]): string[] => {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]))
  return journal.flatMap((entry) => [
    ...(entry.exchanges ?? []).flatMap((id) => {
      const exchange = byId.get(id)
      return exchange === undefined ? [] : [saidTo(exchange)]
    }),
    happened(entry),
  ])
}

const saidTo = ({ at, connection, method, path, status, durationMs, correlationId, fault, answer }: StoredExchange): string => {
  const came = status === null ? `gave no answer (${fault ?? 'unknown'})` : `answered ${status}`
  const id = correlationId === null ? '' : `, correlation id ${correlationId}`
  const codes = [...new Set(answer?.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [])].slice(0, 5)
  const named = codes.length === 0 ? '' : `: ${codes.join(', ')}`
  return `${iso(at)} ${connection}: ${method} ${path} ${came} after ${Math.round(durationMs)} ms${id}${named}.`
}

const happened = ({ at, connection, object, revision, event, problem, changedAt, run }: JournalEntry): string => {
  const why = problem === null ? '' : ` (${problem.code}${problem.field === undefined ? '' : `, ${problem.field}`}: ${problem.message})`
  const took = changedAt === undefined ? '' : `, ${Math.max(0, Math.round((at - changedAt) / 1000))} s after it changed at the source`
  return `${iso(at)} ${connection}: revision ${revision} of ${object} ${problem?.code === observedCode ? 'was observed and not sent' : (words[event] ?? event)}${took}${why}${run === null ? '' : ` [${run}]`}.`
}

const words: Readonly<Record<string, string>> = {
  created: 'was created at the vendor',
  updated: 'was updated at the vendor',
  archived: 'was archived at the vendor',
  unchanged: 'was not sent: the vendor has it already',
  skipped: 'was left out',
  superseded: 'was given up for a newer revision',
  retrying: 'failed and will be tried again',
  unconfirmed: 'may have arrived and will be sent again under the same key',
  deferred: 'was put back',
  parked: 'waits for another record',
  pending: 'was accepted and is not finished at the vendor',
  'dead-lettered': 'needs a decision',
  held: 'is a removal that waits to be accepted',
  requeued: 'was made ready by a person',
  released: 'was accepted as a removal',
}
