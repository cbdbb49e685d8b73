import type { BudgetDefinition } from './budget.ts'

/** At most `limit` requests at a time. Rate answers teach it nothing. */
export const concurrency =
  (options: { limit: number }): BudgetDefinition =>
  () => {
    let inFlight = 0
    return {
      hasRoom: () => inFlight < options.limit,
      waitMs: () => (inFlight < options.limit ? 0 : Infinity),
      take() {
        inFlight += 1
      },
      done() {
        inFlight -= 1
      },
      usage: () => ({ used: inFlight, limit: options.limit }),
    }
  }
