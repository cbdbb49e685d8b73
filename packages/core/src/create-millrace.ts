import { EventEmitter } from 'eventemitter3'
import type { MillraceConfig } from './api/config.ts'
import type { Millrace } from './api/millrace.ts'
import type { PassOptions, RunReport } from './api/report.ts'
import { resolveSchedule } from './api/schedule.ts'
import { audit } from './audit/audit.ts'
import { systemClock } from './clock.ts'
import type { Engine } from './engine/engine.ts'
import { collectHandler } from './collect/collect-handler.ts'
import { takeCollected } from './collect/take-collected.ts'
import { inTurn } from './engine/in-turn.ts'
import { openConfig } from './engine/open-config.ts'
import { sharedLease } from './engine/shared-lease.ts'
import { writeTogether } from './engine/write-together.ts'
import { MillraceError } from './error.ts'
import { kpi } from './kpi/kpi.ts'
import { silentLogger } from './logger.ts'
import type { RecordRef } from './model/record.ts'
import { handleNotification } from './notifications/handle.ts'
import { pullNotifications } from './notifications/pull.ts'
import { acceptRemovals } from './operations/accept-removals.ts'
import { readAuditLog } from './operations/audit-log.ts'
import { check } from './operations/check.ts'
import { contractOperations } from './operations/contracts/index.ts'
import { discardDeadLetters, listDeadLetters, replayDeadLetters } from './operations/dead-letters.ts'
import { erase } from './operations/erase.ts'
import { exportPerson } from './operations/export-person.ts'
import { estimate } from './operations/estimate.ts'
import { jobDone, jobLastAt } from './operations/jobs.ts'
import { deadNotices, discardNotices, readNotices, replayNotices } from './operations/notices.ts'
import { pause, resume } from './operations/pause.ts'
import { runPass, type PassPlan, type ReadingPass } from './operations/pass.ts'
import { previewDeadLetters } from './operations/preview-dead-letters.ts'
import { apply, plan } from './operations/provision.ts'
import { parseReference, readRecords, readSources } from './operations/read-sources.ts'
import { prune } from './operations/prune.ts'
import { watch } from './operations/alerts.ts'
import { instrument } from './telemetry/instrument.ts'
import { status } from './operations/status.ts'
import { trace, tracePerson } from './operations/trace.ts'
import { keepTracked, parseTracked } from './operations/track.ts'
import { reconcile } from './reconcile/reconcile.ts'

/**
 * Makes an instance: sources, connections and a store, ready for passes. Contracts and settings are checked here. No global state, no signal handlers, no
 * console; several instances live side by side on stores of their own.
 *
 * @throws MillraceError `config_invalid` or `contract_invalid`, naming the setting, the path and the cure.
 */
export const createMillrace = <S extends string, C extends string>(config: MillraceConfig<S, C>): Millrace<S, C> => {
  const { sources, connections, endpoints, collectors, cartIdleMs, eventEvidence } = openConfig(config)
  const clock = config.clock ?? systemClock
  const engine: Engine = {
    sources,
    connections,
    endpoints,
    collectors,
    receive: writeTogether((notices) => config.store.receive(notices, clock.now())),
    schedule: resolveSchedule(
      config.schedule,
      [...connections.values()].flatMap(({ destination }) => destination.schedule?.everyMs ?? []),
    ),
    store: config.store,
    clock,
    logger: config.logger ?? silentLogger,
    retention: config.retention ?? {},
    telemetry: config.telemetry ?? {},
    actor: config.actor ?? 'unknown',
    lease: sharedLease(config.store),
    cartIdleMs,
    eventEvidence,
    ingestInTurn: inTurn(),
    askedAt: new Map(),
    probed: new Set(),
    consentReadAt: new Map(),
    lookedAfterAt: undefined,
    credentialsAt: undefined,
    budgets: undefined,
    emitter: new EventEmitter(),
  }
  instrument(engine)
  const collected = collectHandler(engine)
  const closing = new AbortController()
  const turns = inTurn()
  const work = new Set<Promise<unknown>>()

  /** Everything that writes is remembered until it ends, so that `close` can wait for it. */
  const writing = async <T>(start: () => Promise<T>): Promise<T> => {
    if (closing.signal.aborted) throw closed()
    const running = start()
    work.add(running)
    try {
      return await running
    } finally {
      work.delete(running)
    }
  }
  const pass = (kind: string, options: PassOptions, preflight: boolean, read: (pass: ReadingPass) => Promise<void>): Promise<RunReport> => {
    const passPlan: PassPlan = { kind, options, preflight, often: kind === 'notification', read }
    return runPass(engine, passPlan, closing.signal)
  }
  /** Full and delta passes follow each other; a push goes in beside them. */
  const passInTurn = (...parameters: Parameters<typeof pass>): Promise<RunReport> => writing(() => turns(() => pass(...parameters)))
  const command = <T>(holder: string, run: (token: string) => Promise<T>): Promise<T> => writing(() => engine.lease.hold(holder, run))
  const signalOf = (options?: { signal?: AbortSignal }): AbortSignal =>
    options?.signal === undefined ? closing.signal : AbortSignal.any([options.signal, closing.signal])

  let ended: Promise<void> | undefined
  const end = async (): Promise<void> => {
    closing.abort(closed())
    await Promise.allSettled(work)
    try {
      for (const source of sources.values()) await source.close?.()
      for (const connection of connections.values()) await connection.destination.close?.()
      for (const { transport } of endpoints.values()) await transport.close?.()
    } finally {
      await engine.store.close()
    }
  }

  return {
    schedule: engine.schedule,
    jobs: { lastAt: (name) => jobLastAt(engine, name), done: (name, at) => writing(() => jobDone(engine, name, at)) },
    check: (options) => check(engine, signalOf(options), options?.intervals),
    plan: (options) => plan(engine, signalOf(options), options?.connection),
    apply: (options) => writing(() => apply(engine, signalOf(options), options?.connection, options?.allowDestructive)),
    sync: (options = {}) =>
      passInTurn('sync', options, false, (reading) =>
        options.only === undefined
          ? readSources(
              engine,
              reading,
              { mode: 'delta', start: options.start ?? 'everything', removals: options.removals ?? false },
              options,
            )
          : readRecords(engine, reading, [parseReference(engine, options.only)]),
      ),
    backfill: (options = {}) =>
      passInTurn('backfill', options, true, (reading) =>
        readSources(
          engine,
          reading,
          {
            mode: 'full',
            start: 'everything',
            removals: options.since === undefined,
            ...(options.since === undefined ? {} : { since: options.since }),
          },
          options,
        ),
      ),
    push: (refs, options = {}) => writing(() => pass('push', options, false, (reading) => readRecords(engine, reading, [refs].flat()))),
    track: async (source, events, identities = []) => {
      const tracked = parseTracked(engine, source, events, identities)
      return command('track', (token) => keepTracked(engine, token, source, [tracked]))
    },
    collect: {
      handle: async (request, address) =>
        closing.signal.aborted ? new Response(null, { status: 503 }) : writing(() => collected(request, address)),
    },
    estimate: (options) => estimate(engine, signalOf(options), options?.since),
    notifications: {
      handle: async (request) =>
        closing.signal.aborted ? new Response(null, { status: 503 }) : writing(() => handleNotification(engine, request, closing.signal)),
      pull: ({ signal }) => writing(() => pullNotifications(engine, signalOf({ signal }))),
      isDue: async () => (await engine.store.notices(engine.clock.now(), 1)).length > 0,
      process: (options = {}) => writing(() => pass('notification', options, false, (reading) => readNotices(engine, reading))),
      dead: (limit = 100) => deadNotices(engine, limit),
      replay: (which = {}) => command('replay', (token) => replayNotices(engine, token, which)),
      discard: (which = {}) => command('discard', (token) => discardNotices(engine, token, which)),
    },
    kpi: (options = {}) => kpi(engine, options, signalOf(options)),
    audit: (options = {}) => audit(engine, options, signalOf(options)),
    reconcile: (options = {}) => reconcile(engine, options, signalOf(options), (repair) => command('reconcile', repair)),
    status: (options) => status(engine, options?.last),
    watch: () => writing(() => watch(engine)),
    prune: (options) => writing(() => prune(engine, signalOf(options))),
    contracts: contractOperations(engine, signalOf),
    trace: (ref) => {
      if ('email' in ref) return tracePerson(engine, ref.email, ref.store)
      const { entity, id, source } = ref
      return trace(engine, source === undefined ? parseReference(engine, `${entity}:${id}`) : ({ source, entity, id } satisfies RecordRef))
    },
    deadLetters: {
      list: (filter) => listDeadLetters(engine, filter),
      show: async (id) => (await listDeadLetters(engine, { id }))[0],
      preview: (filter) => previewDeadLetters(engine, filter, closing.signal),
      replay: (filter) => command('replay', (token) => replayDeadLetters(engine, token, filter)),
      discard: (filter) => command('discard', (token) => discardDeadLetters(engine, token, filter)),
    },
    acceptRemovals: (connection, count) => command('accept-removals', (token) => acceptRemovals(engine, token, connection, count)),
    pause: (connection, options) => writing(() => pause(engine, connection, options?.reason)),
    resume: (connection) => writing(() => resume(engine, connection)),
    erase: (person, options = {}) =>
      command('erase', async (token) => {
        // What waits in the inbox is about people too.
        while ((await takeCollected(engine, token)) > 0);
        return engine.ingestInTurn(() => erase(engine, token, person, options, signalOf(options)))
      }),
    export: (person, options) => writing(() => exportPerson(engine, person, signalOf(options))),
    auditLog: (limit = 100) => readAuditLog(engine, limit),
    on: (event, listener) => {
      const careful: typeof listener = (data) => {
        try {
          listener(data)
        } catch (thrown) {
          engine.logger.error({ event, name: thrown instanceof Error ? thrown.name : typeof thrown }, 'A listener threw')
        }
      }
      // The emitter's types cannot relate one event to its listener inside a generic; the signature of `on` does.
      const handler = careful as never
      engine.emitter.on(event, handler)
      return () => engine.emitter.off(event, handler)
    },
    close: () => (ended ??= end()),
  }
}

const closed = (): MillraceError =>
  new MillraceError({
    code: 'closed',
    message: 'This Millrace instance was closed. Make a new one with createMillrace().',
    scope: 'destination',
  })
