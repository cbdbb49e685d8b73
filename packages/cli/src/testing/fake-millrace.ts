import { EventEmitter } from 'node:events'
import type { ConnectionTotals, EngineEvents, Millrace, RunReport, RunStatus } from '@millrace/core'

const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was not to be called`))

/** A Millrace of which only what a test gives works; anything else that is called fails the test. `closed` counts calls of `close`. */
export const fakeMillrace = (
  parts: Partial<Millrace> = {},
): Millrace & { closed(): number; emit<E extends keyof EngineEvents>(event: E, data: EngineEvents[E]): void } => {
  const events = new EventEmitter()
  let closed = 0
  return {
    schedule: {
      entities: { category: 1e6, product: 1e6, company: 1e6, customer: 1e6, order: 1e6, cart: 1e6, 'shopping-list': 1e6 },
      deliverMs: 1e6,
      removalsMs: 1e6,
      reconcileMs: 1e6,
      auditMs: 1e6,
    },
    jobs: { lastAt: unexpected('jobs.lastAt'), done: unexpected('jobs.done') },
    check: unexpected('check'),
    plan: unexpected('plan'),
    apply: unexpected('apply'),
    sync: unexpected('sync'),
    backfill: unexpected('backfill'),
    estimate: unexpected('estimate'),
    push: unexpected('push'),
    track: unexpected('track'),
    collect: { handle: unexpected('collect') },
    status: unexpected('status'),
    reconcile: unexpected('reconcile'),
    watch: unexpected('watch'),
    prune: unexpected('prune'),
    audit: unexpected('audit'),
    kpi: unexpected('kpi'),
    trace: unexpected('trace'),
    contracts: {
      docs: unexpected('docs'),
      diff: unexpected('diff'),
      test: unexpected('test'),
      types: unexpected('types'),
      versions: unexpected('versions'),
    },
    deadLetters: {
      list: unexpected('list'),
      show: unexpected('show'),
      preview: unexpected('preview'),
      replay: unexpected('replay'),
      discard: unexpected('discard'),
    },
    notifications: {
      handle: unexpected('handle'),
      pull: unexpected('pull'),
      isDue: unexpected('isDue'),
      process: unexpected('process'),
      dead: unexpected('dead'),
      replay: unexpected('replay notifications'),
      discard: unexpected('discard notifications'),
    },
    erase: unexpected('erase'),
    export: unexpected('export'),
    acceptRemovals: unexpected('acceptRemovals'),
    pause: unexpected('pause'),
    resume: unexpected('resume'),
    auditLog: unexpected('auditLog'),
    on(event, listener) {
      events.on(event, listener)
      return () => void events.off(event, listener)
    },
    close: async () => void (closed += 1),
    ...parts,
    closed: () => closed,
    emit: (event, data) => void events.emit(event, data),
  }
}

const none: ConnectionTotals = {
  delivered: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  superseded: 0,
  parked: 0,
  pending: 0,
  unconfirmed: 0,
  deadLettered: 0,
  held: 0,
  retries: 0,
  requests: 0,
  rateLimited: 0,
}

/** A report of a pass that ended with `status`. */
export const runReport = (status: RunStatus, totals: Partial<ConnectionTotals> = {}): RunReport => ({
  run: { id: 'run-1', kind: 'sync', startedAt: '2026-03-01T12:00:00.000Z', finishedAt: '2026-03-01T12:00:02.500Z', status },
  sources: { shop: { customer: { read: 1200, changed: 3, rejected: 0 } } },
  connections: { hubspot: { ...none, ...totals } },
  problems: [],
})
