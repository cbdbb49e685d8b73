import type { ErrorBudget } from '../api/report.ts'
import type { EventCount } from '../spec/store.ts'

/** The share of a day's deliveries that may fail. */
export const failedShareAllowed = 0.0025

const done = new Set(['created', 'updated', 'archived'])
const dayMs = 86_400_000

/** What became of a connection's deliveries since midnight UTC: reached the vendor, or needs a decision. */
export const errorBudget = (counts: readonly EventCount[], connection: string, now: number): ErrorBudget => {
  const today = counts.filter((count) => count.connection === connection && count.at >= now - (now % dayMs))
  const sum = (matches: (event: string) => boolean): number =>
    today.reduce((total, { event, count }) => total + (matches(event) ? count : 0), 0)
  const failed = sum((event) => event === 'dead-lettered')
  const delivered = sum((event) => done.has(event))
  const share = failed === 0 ? 0 : failed / (failed + delivered)
  return { delivered, failed, share, allowed: failedShareAllowed, met: share <= failedShareAllowed }
}
