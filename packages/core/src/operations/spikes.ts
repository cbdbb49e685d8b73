import type { EventCount } from '../spec/store.ts'

const slotMs = 300_000
const windowSlots = 3
const dayMs = 86_400_000
const failures = new Set(['retrying', 'unconfirmed', 'dead-lettered'])

/** Many failures of one code in a short time. */
export interface Spike {
  connection: string
  code: string
  /** In the last fifteen minutes. */
  count: number
  /** More than this is a spike: ten, or five times the mean of the trailing day. */
  threshold: number
}

/** Failures of one code in 15 minutes above max(10, 5 x the mean of the day before that). Counts come by five minutes, so the window is 10 to 15 minutes long. */
export const findSpikes = (counts: readonly EventCount[], now: number): Spike[] => {
  const from = now - (now % slotMs) - (windowSlots - 1) * slotMs
  const relevant = counts.filter(({ event, code, at }) => failures.has(event) && code !== null && at >= from - dayMs)
  const spikes: Spike[] = []
  for (const group of Map.groupBy(relevant, ({ connection, code }) => `${connection}\n${code}`).values()) {
    const sum = (rows: readonly EventCount[]): number => rows.reduce((total, { count }) => total + count, 0)
    const count = sum(group.filter(({ at }) => at >= from))
    const mean = sum(group.filter(({ at }) => at < from)) / (dayMs / (windowSlots * slotMs))
    const threshold = Math.max(10, 5 * mean)
    const [first] = group
    if (count > threshold && first !== undefined) spikes.push({ connection: first.connection, code: first.code ?? '', count, threshold })
  }
  return spikes
}
