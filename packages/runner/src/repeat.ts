import type { Clock, Logger } from '@millrace/core'

/** Something that is done again and again. */
export interface Job {
  name: string
  /** From one start to the next, ms. */
  everyMs: number
  /** How long after the start the first time is, ms. Default: at once. */
  firstMs?: number
  run(): Promise<void>
}

/** What {@link repeat} works with. */
export interface RepeatTools {
  clock: Clock
  logger: Logger
  signal: AbortSignal
  /** 0 to below 1, for jitter. */
  random(): number
}

const jitter = 0.1

/**
 * Does a job at its first time and then at its interval, give or take a tenth so that many of them do not meet, until the signal is aborted. It never overlaps itself: one
 * that takes longer than its interval is followed at once, and what was missed is done once. A failure is logged and the next time comes all the same.
 */
export const repeat = async (job: Job, { clock, logger, signal, random }: RepeatTools): Promise<void> => {
  if (job.firstMs !== undefined) await clock.sleep(job.firstMs, signal).catch(() => {})
  while (!signal.aborted) {
    const startedAt = clock.monotonic()
    try {
      await job.run()
    } catch (thrown) {
      if (signal.aborted) return
      logger.error(
        { job: job.name, error: thrown instanceof Error ? thrown.message : String(thrown) },
        'A scheduled job failed; it is tried again at its next time',
      )
    }
    const interval = job.everyMs * (1 - jitter + 2 * jitter * random())
    const waitMs = startedAt + interval - clock.monotonic()
    await clock.sleep(Math.max(0, waitMs), signal).catch(() => {})
  }
}
