import type { HttpReply, HttpRequest } from './message.ts'
import type { Random } from './random.ts'

/**
 * What can go wrong with one request.
 * - `reply`: this answer instead of the real one; the request is not applied unless `applied` is true (an answer that lies about its success, or an error after the commit)
 * - `rewrite`: the request is applied, its real answer is changed before it is sent (rows missing, empty results)
 * - `reset`: the socket is destroyed, `before` or `after` the request was applied
 * - `hang`: no answer ever, applied or not; the socket stays open until the client or `close()` ends it
 * - `slow`: the answer comes `ms` later; the request is applied at once
 * - `late`: the client gets `answer` (nothing, a reset, or a reply) and the request is applied afterwards: `afterMs` later, after `afterRequests`
 *   further requests, or at the latest by `faults.applyLate()`
 */
export type Fault =
  | { readonly kind: 'reply'; readonly reply: HttpReply | ((request: HttpRequest) => HttpReply); readonly applied?: boolean }
  | { readonly kind: 'rewrite'; readonly rewrite: (reply: HttpReply, request: HttpRequest) => HttpReply }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang'; readonly applied: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'late'; readonly answer: 'none' | 'reset' | HttpReply; readonly afterMs?: number; readonly afterRequests?: number }

/** Which requests a fault hits. All given conditions must hold. */
export interface FaultMatch {
  readonly method?: string
  /** Part of the path, or a pattern over it. */
  readonly path?: string | RegExp
  readonly where?: (request: HttpRequest) => boolean
}

/** A fault and when it strikes. */
export interface FaultRule extends FaultMatch {
  readonly fault: Fault
  /** Matching requests that pass first. Default 0. */
  readonly skip?: number
  /** How often it strikes; default 1, or without end when `probability` is given. */
  readonly times?: number
  /** Chance per matching request, drawn from the seed of the server. Default 1. */
  readonly probability?: number
}

/** A scheduled rule. */
export interface ScheduledFault {
  /** How often it has struck. */
  readonly hits: number
  remove(): void
}

/** Faults of one server. The first rule that matches and strikes wins. */
export interface Faults {
  /** Lets the next request (or the next matching one) fail in this way, once. */
  next(fault: Fault, match?: FaultMatch): ScheduledFault
  /** Adds a rule. */
  schedule(rule: FaultRule): ScheduledFault
  /** Removes every rule. Requests already waiting to be applied late stay. */
  clear(): void
  /** Applies at once what late faults hold back, oldest first. Returns how many. */
  applyLate(): number
  /** How many requests wait to be applied. */
  readonly late: number
}

/** Internals a server uses beside what tests see. */
export interface FaultControl extends Faults {
  strike(request: HttpRequest): Fault | undefined
  hold(apply: () => void, fault: Extract<Fault, { kind: 'late' }>): void
  /** Drops what is held back and its timers. */
  dispose(): void
}

function matches(match: FaultMatch, request: HttpRequest): boolean {
  if (match.method !== undefined && match.method !== request.method) return false
  if (typeof match.path === 'string' && !request.path.includes(match.path)) return false
  if (match.path instanceof RegExp && request.path.search(match.path) === -1) return false
  return match.where === undefined || match.where(request)
}

interface Armed {
  readonly rule: FaultRule
  skipped: number
  hits: number
}

interface Held {
  readonly apply: () => void
  afterRequests: number
  timer: NodeJS.Timeout | undefined
}

/** Creates the faults of one server. */
export function createFaults(random: Random): FaultControl {
  let armed: Armed[] = []
  let held: Held[] = []

  function schedule(rule: FaultRule): ScheduledFault {
    const entry: Armed = { rule, skipped: 0, hits: 0 }
    armed.push(entry)
    return {
      get hits() {
        return entry.hits
      },
      remove() {
        armed = armed.filter((other) => other !== entry)
      },
    }
  }

  function release(entry: Held): void {
    if (!held.includes(entry)) return
    held = held.filter((other) => other !== entry)
    clearTimeout(entry.timer)
    entry.apply()
  }

  return {
    schedule,
    next: (fault, match) => schedule({ ...match, fault, times: 1 }),
    clear() {
      armed = []
    },
    applyLate() {
      const due = held
      for (const entry of due) release(entry)
      return due.length
    },
    get late() {
      return held.length
    },
    strike(request) {
      for (const entry of held) {
        entry.afterRequests -= 1
        if (entry.afterRequests <= 0) release(entry)
      }
      for (const entry of armed) {
        const { rule } = entry
        const times = rule.times ?? (rule.probability === undefined ? 1 : Infinity)
        if (entry.hits >= times || !matches(rule, request)) continue
        if (entry.skipped < (rule.skip ?? 0)) {
          entry.skipped += 1
          continue
        }
        if (rule.probability !== undefined && random.next() >= rule.probability) continue
        entry.hits += 1
        return rule.fault
      }
      return undefined
    },
    hold(apply, fault) {
      const entry: Held = { apply, afterRequests: fault.afterRequests ?? Infinity, timer: undefined }
      if (fault.afterMs !== undefined) entry.timer = setTimeout(() => release(entry), fault.afterMs)
      held.push(entry)
    },
    dispose() {
      for (const entry of held) clearTimeout(entry.timer)
      held = []
    },
  }
}
