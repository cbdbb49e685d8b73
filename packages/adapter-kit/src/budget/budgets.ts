import { type Clock, MillraceError } from '@millrace/core'
import type { Budget, BudgetDefinition, BudgetReply, BudgetState } from './budget.ts'

/** Leave to send one request. */
export interface Permit {
  /** To be called once the answer is there or the socket is destroyed; further calls do nothing. */
  done(reply?: Omit<BudgetReply, 'now'>): void
}

/** The limits of one vendor account, by name. */
export interface BudgetSet {
  /**
   * Waits, first come first served, until every named budget has room, and takes from all of them. Urgent requests go before the others.
   * Throws MillraceError `aborted`; `daily_budget_exhausted`, or `rate_limited` when the wait would exceed `maxWaitMs` (scope `destination`, with
   * `retryAfterMs`); `unknown_budget`.
   */
  acquire(names: readonly string[], options: { signal: AbortSignal; urgent?: boolean }): Promise<Permit>
  /** Used and limit by name. */
  usage(): Record<string, { used: number; limit: number }>
  /** What must survive the process, by name. */
  snapshot(): Record<string, BudgetState>
  /** Puts back what {@link BudgetSet.snapshot} gave; state of past days is ignored. Before the first request; only the first call counts. */
  restore(state: Readonly<Record<string, BudgetState>>): void
}

/** What {@link createBudgets} is made from. */
export interface BudgetSetOptions {
  clock: Clock
  budgets: Readonly<Record<string, BudgetDefinition>>
  /** Longest wait in place; beyond it the destination is paused durably instead. Default 60 s. */
  maxWaitMs?: number
}

interface Waiter {
  budgets: readonly Budget[]
  urgent: boolean
  grant: () => void
  refuse: (error: MillraceError) => void
}

/** Makes a set. Share one set between all connections to one vendor account: see {@link accountBudgets}. */
export function createBudgets(options: BudgetSetOptions): BudgetSet {
  const { clock, maxWaitMs = 60_000 } = options
  const budgets = new Map(Object.entries(options.budgets).map(([name, define]) => [name, define(clock)]))
  let waiting: Waiter[] = []
  let restored = false
  let alarm: { at: number; cancel: AbortController } | undefined

  function serve(): void {
    const short = new Set<Budget>()
    let wakeMs = Infinity
    const left: Waiter[] = []
    for (const waiter of waiting) {
      const lacking = waiter.budgets.filter((budget) => short.has(budget) || !budget.hasRoom(waiter.urgent))
      const refusal = refusalOf(lacking, waiter.urgent)
      if (refusal !== undefined) waiter.refuse(refusal)
      else if (lacking.length === 0) {
        for (const budget of waiter.budgets) budget.take()
        waiter.grant()
      } else {
        for (const budget of lacking) short.add(budget)
        wakeMs = Math.min(wakeMs, Math.max(...lacking.map((budget) => budget.waitMs(waiter.urgent))))
        left.push(waiter)
      }
    }
    waiting = left
    wakeIn(wakeMs)
  }

  function refusalOf(lacking: readonly Budget[], urgent: boolean): MillraceError | undefined {
    for (const budget of lacking) {
      const retryAfterMs = budget.waitMs(urgent)
      if (retryAfterMs === 0 || retryAfterMs === Infinity) continue
      if (budget.refusal !== undefined || retryAfterMs > maxWaitMs) return exhausted(budget, retryAfterMs)
    }
    return undefined
  }

  function exhausted(budget: Budget, retryAfterMs: number): MillraceError {
    const name = [...budgets].find(([, other]) => other === budget)?.[0] ?? 'unnamed'
    const { used, limit } = budget.usage()
    const until = new Date(clock.now() + retryAfterMs).toISOString()
    return new MillraceError({
      code: budget.refusal ?? 'rate_limited',
      retryable: true,
      retryAfterMs,
      scope: 'destination',
      message: `The vendor budget "${name}" is used up until ${until}; nothing was sent. Deliveries go on by themselves then; raise the vendor plan if this repeats.`,
      context: { budget: name, used, limit, applied: 'no' },
    })
  }

  function wakeIn(ms: number): void {
    if (waiting.length === 0) {
      alarm?.cancel.abort()
      alarm = undefined
    }
    if (waiting.length === 0 || ms === Infinity) return
    const at = clock.monotonic() + ms
    if (alarm !== undefined && alarm.at <= at) return
    alarm?.cancel.abort()
    const mine = { at, cancel: new AbortController() }
    alarm = mine
    clock.sleep(Math.max(1, ms), mine.cancel.signal).then(
      () => {
        if (alarm === mine) alarm = undefined
        serve()
      },
      () => {},
    )
  }

  function named(names: readonly string[]): Budget[] {
    return names.map((name) => {
      const budget = budgets.get(name)
      if (budget !== undefined) return budget
      throw new MillraceError({
        code: 'unknown_budget',
        scope: 'destination',
        message: `No budget is named "${name}". Name one of: ${[...budgets.keys()].join(', ')}.`,
      })
    })
  }

  function permit(taken: readonly Budget[]): Permit {
    let open = true
    return {
      done(reply) {
        if (!open) return
        open = false
        const seen = reply === undefined ? undefined : { ...reply, now: clock.now() }
        for (const budget of taken) budget.done(seen)
        serve()
      },
    }
  }

  return {
    acquire(names, { signal, urgent = false }) {
      return new Promise<Permit>((resolve, reject) => {
        if (signal.aborted) return reject(stopped())
        const taken = named(names)
        const forget = (): void => {
          signal.removeEventListener('abort', abort)
          waiting = waiting.filter((other) => other !== waiter)
        }
        const abort = (): void => {
          forget()
          reject(stopped())
          serve()
        }
        const waiter: Waiter = {
          budgets: taken,
          urgent,
          grant() {
            forget()
            resolve(permit(taken))
          },
          refuse(error) {
            forget()
            reject(error)
          },
        }
        signal.addEventListener('abort', abort, { once: true })
        const firstCalm = waiting.findIndex((other) => !other.urgent)
        waiting.splice(urgent && firstCalm !== -1 ? firstCalm : waiting.length, 0, waiter)
        serve()
      })
    },
    usage: () => Object.fromEntries([...budgets].map(([name, budget]) => [name, budget.usage()])),
    snapshot: () =>
      Object.fromEntries([...budgets].flatMap(([name, budget]) => (budget.snapshot === undefined ? [] : [[name, budget.snapshot()]]))),
    restore(state) {
      if (restored) return
      restored = true
      for (const [name, saved] of Object.entries(state)) budgets.get(name)?.restore?.(saved)
    },
  }
}

const stopped = (): MillraceError =>
  new MillraceError({
    code: 'aborted',
    retryable: true,
    scope: 'batch',
    message: 'A request was stopped while it waited for the vendor budget; nothing was sent.',
    context: { applied: 'no' },
  })
