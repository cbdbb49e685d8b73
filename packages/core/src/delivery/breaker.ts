import type { Engine } from '../engine/engine.ts'
import { MillraceError } from '../error.ts'
import type { Breaker } from '../spec/engine-state.ts'

const longestPauseMs = 60_000
const unansweredCalls = 3

/** What one claimed batch says about the destination. */
export interface Sign {
  /** A failure that concerns the whole destination. */
  outage?: MillraceError | undefined
  /** Every row of the call failed the way a destination in trouble fails (timeouts, 5xx). */
  unanswered?: { error: MillraceError; units: readonly string[] } | undefined
  /** The destination did something with at least one row. */
  answered: boolean
}

/** Decides for one drain when its destination is asked, and with how much. */
export interface Gate {
  /** Ms until the destination may be asked again; 0 = now. Looks into the store while it is open: a person may have asked for a probe. */
  waitMs(): Promise<number>
  /** Rows per call: one while it is open, then more and more, so that recovery is no storm. */
  limits(limits: Readonly<Record<string, number>>): Record<string, number>
  /** Learns from a batch. Throws the failure when a person is needed. */
  learn(sign: Sign): Promise<void>
  /** The pass waits no longer: keeps what it knows and gives the failure to report. */
  giveUp(): Promise<MillraceError>
}

/**
 * The circuit breaker of a connection (design §2 DELIVER). It opens when the destination refuses us, when two calls in a row meet an outage, or when three calls
 * in a row fail as a whole with three units or more in them. While it is open nothing is sent but one row now and then; the first answer closes it. Kept in the
 * store, so that the next pass knows; a new process asks at once, unless the vendor named a time.
 */
export const openGate = async (engine: Engine, connection: string): Promise<Gate> => {
  const { clock, store, emitter, logger, probed } = engine
  let breaker = await read(engine, connection)
  const isNew = breaker !== undefined && !probed.has(connection)
  probed.add(connection)
  if (breaker !== undefined && isNew) breaker = { ...breaker, probeAt: 0 }
  // A trouble that may be over with the next call is nobody's business yet.
  let kept = breaker !== undefined
  let ramp = breaker === undefined ? Infinity : 1
  let silent = { calls: 0, units: new Set<string>() }

  const keep = async (opened: Breaker): Promise<void> => {
    const first = !kept
    kept = true
    await store.putStates([{ kind: 'breaker', name: connection, value: opened }])
    if (!first) return
    const { code, since, probeAt, message, retryable } = opened
    logger.warn(
      { connection, code, retryable, probeAt: new Date(probeAt).toISOString() },
      'The connection is stopped: its destination is down or refuses us',
    )
    emitter.emit('connection.down', { connection, code, message, since, probeAt, retryable })
  }
  const open = async (error: MillraceError): Promise<Breaker> => {
    const now = clock.now()
    const probes = (breaker?.probes ?? 0) + 1
    const { code, message, retryable, retryAfterMs = 0 } = error
    // What needs a person is asked once a pass.
    const backoff = retryable ? Math.min(longestPauseMs, 500 * 2 ** probes) : 0
    breaker = { since: breaker?.since ?? now, probeAt: now + backoff, notBefore: now + retryAfterMs, probes, code, message, retryable }
    ramp = 1
    if (kept || probes > 1 || !retryable || retryAfterMs > longestPauseMs) await keep(breaker)
    return breaker
  }
  const close = async (): Promise<void> => {
    if (breaker === undefined) return
    const { since, code } = breaker
    breaker = undefined
    if (!kept) return
    kept = false
    await store.putStates([{ kind: 'breaker', name: connection, value: null }])
    logger.info({ connection, code, downMs: clock.now() - since }, 'The connection is back')
    emitter.emit('connection.up', { connection, code, since, downMs: clock.now() - since })
  }

  return {
    waitMs: async () => {
      if (breaker === undefined) return 0
      const stored = kept ? await read(engine, connection) : undefined
      if (stored?.probeAt === 0) breaker = stored
      return Math.max(0, breaker.probeAt - clock.now(), breaker.notBefore - clock.now())
    },
    limits: (limits) => Object.fromEntries(Object.entries(limits).map(([object, limit]) => [object, Math.min(limit, ramp)])),
    learn: async ({ outage, unanswered, answered }) => {
      if (answered && outage === undefined) {
        silent = { calls: 0, units: new Set() }
        await close()
        if (ramp !== Infinity) ramp = ramp < 1000 ? ramp * 10 : Infinity
        return
      }
      if (outage !== undefined) {
        await open(outage)
        if (!outage.retryable) throw outage
        return
      }
      if (unanswered === undefined) return
      silent.calls += 1
      for (const unit of unanswered.units) silent.units.add(unit)
      if (breaker !== undefined || (silent.calls >= unansweredCalls && silent.units.size >= unansweredCalls)) await open(unanswered.error)
    },
    giveUp: async () => {
      if (breaker === undefined) throw new TypeError('A closed gate has nothing to give up')
      if (!kept) await keep(breaker)
      const { code, message, retryable } = breaker
      return new MillraceError({ code, message, retryable, scope: 'destination' })
    },
  }
}

/** Breakers that are open, by connection. */
export const openBreakers = async (engine: Engine): Promise<ReadonlyMap<string, Breaker>> => {
  const states = await engine.store.states()
  return new Map(states.flatMap((state) => (state.kind === 'breaker' && state.value !== null ? [[state.name, state.value] as const] : [])))
}

const read = async (engine: Engine, connection: string): Promise<Breaker | undefined> => (await openBreakers(engine)).get(connection)

/** Lets a stopped connection be asked at once, whatever it waits for. False when it is not stopped. */
export const probeNow = async (engine: Engine, connection: string): Promise<boolean> => {
  const breaker = await read(engine, connection)
  if (breaker === undefined) return false
  await engine.store.putStates([{ kind: 'breaker', name: connection, value: { ...breaker, probeAt: 0, notBefore: 0 } }])
  return true
}
