import type { PruneReport, Retention } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'

const dayMs = 86_400_000
const stepRows = 500
const stepsBesideWork = 20
/** Spikes need a day of counts, the error budget today; a month is for those who look back. */
const countDays = 31

/** Days for which history is kept unless the config says otherwise. */
export const defaultRetention: Required<Retention> = { journalDays: 90, exchangeDays: 30, runDays: 90, eventDays: 400, visitorDays: 7 }

/** The same with what the config says. */
export const retentionOf = (engine: Engine): Required<Retention> => ({ ...defaultRetention, ...engine.retention })

/**
 * Removes history that is older than the config keeps it, in small steps with room for others between them. Without `steps` until nothing is left to remove.
 * Records, links to the vendors' objects, dead letters and the audit log are no history: they stay.
 */
export const prune = async (engine: Engine, signal: AbortSignal, steps = Infinity): Promise<PruneReport> => {
  const now = engine.clock.now()
  const { journalDays, exchangeDays, runDays, eventDays, visitorDays } = retentionOf(engine)
  const before = {
    journal: now - journalDays * dayMs,
    exchanges: now - exchangeDays * dayMs,
    runs: now - runDays * dayMs,
    counts: now - countDays * dayMs,
    events: now - eventDays * dayMs,
    held: now - visitorDays * dayMs,
  }
  let removed = 0
  for (let step = 0; step < steps && !signal.aborted; step++) {
    const gone = await engine.store.prune(before, stepRows)
    if (gone === 0) return { removed, finished: true }
    removed += gone
  }
  return { removed, finished: false }
}

/** A few steps at the end of a pass. What is left is taken by the next ones. */
export const pruneBesideWork = async (engine: Engine, signal: AbortSignal): Promise<void> => {
  await prune(engine, signal, stepsBesideWork)
}
