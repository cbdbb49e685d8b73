import type { Entity, Millrace, RunReport } from '@millrace/core'
import type { Job, RepeatTools } from './repeat.ts'

/** What a job tells of a pass that did something. */
export type OnReport = (report: RunReport) => void

/**
 * The jobs of an instance by its schedule: kinds of records with one interval are read in one pass, parents first; deliveries that became due go out in between;
 * once in a while the records that are gone are looked for, totals are compared, and samples of people and orders. Passes of one instance follow each other, so none overlaps.
 */
export const jobsOf = (millrace: Millrace, { clock, signal }: RepeatTools, onReport: OnReport): Job[] => {
  const { entities, deliverMs, removalsMs, reconcileMs, auditMs } = millrace.schedule
  const sync = async (options: Parameters<Millrace['sync']>[0]): Promise<void> => onReport(await millrace.sync({ ...options, signal }))
  /** What is on its way is delivered before, so that it is no finding; what is found is told at once. */
  const afterwards = async (compare: () => Promise<unknown>): Promise<void> => {
    await sync({ entity: [] })
    if (signal.aborted) return
    await compare()
    await millrace.watch()
  }
  // The keys are the kinds of records.
  const byInterval = Map.groupBy(Object.entries(entities) as [Entity, number][], ([, everyMs]) => everyMs)
  const reads = [...byInterval].map(([everyMs, group]): Job => {
    const kinds = group.map(([entity]) => entity)
    return { name: `read ${kinds.join(', ')}`, everyMs, run: () => sync({ entity: kinds }) }
  })
  return [
    ...reads,
    { name: 'deliver', everyMs: deliverMs, run: () => sync({ entity: [] }) },
    {
      name: 'removals',
      everyMs: removalsMs,
      rare: { firstMs: Math.min(removalsMs, hour) },
      run: () => sync({ removals: true }),
    },
    {
      name: 'reconcile',
      // So that with its jitter it is never later than asked for.
      everyMs: reconcileMs * 0.9,
      rare: { firstMs: Math.min(reconcileMs, 1.5 * hour) },
      run: (lastAt) => afterwards(() => millrace.reconcile({ signal, ...missedDays(lastAt, clock.now()) })),
    },
    {
      name: 'audit',
      everyMs: auditMs,
      rare: { firstMs: Math.min(auditMs, 2 * hour) },
      run: () => afterwards(() => millrace.audit({ signal })),
    },
  ]
}

const hour = 60 * 60_000
const day = 24 * hour
/** Further back it is a person's business. */
const longestDays = 31

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** After a downtime: every day since the last comparison, which was of the day before it. Else nothing: yesterday is the default. */
const missedDays = (lastAt: number | undefined, now: number): { from?: string; to?: string } => {
  if (lastAt === undefined) return {}
  const [from, to] = [dayOf(Math.max(lastAt, now - longestDays * day)), dayOf(now - day)]
  return from < to ? { from, to } : {}
}
