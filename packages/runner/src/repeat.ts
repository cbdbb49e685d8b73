import type { Clock, Logger, Millrace } from '@millrace/core'

/** Something that is done again and again. */
export interface Job {
  name: string
  /** From one start to the next, ms. */
  everyMs: number
  /**
   * Of a job that is rarer than restarts may be: the store remembers when it was last done, so that it comes by its interval however often the process is started, and at
   * once where it was missed meanwhile. `firstMs` = how long after the very first start it comes. Without it a job is done at once after each start.
   */
  rare?: { firstMs: number }
  /** `lastAt` = when a rare one was last done, epoch ms. */
  run(lastAt?: number): Promise<void>
}

/** What {@link repeat} works with. */
export interface RepeatTools {
  clock: Clock
  logger: Logger
  signal: AbortSignal
  /** When rare jobs were last done. */
  jobs: Millrace['jobs']
  /** 0 to below 1, for jitter. */
  random(): number
}

const jitter = 0.1

const intervalOf = ({ everyMs }: Job, { random }: RepeatTools): number => everyMs * (1 - jitter + 2 * jitter * random())

/**
 * Does a job at its first time and then at its interval, give or take a tenth so that many of them do not meet, until the signal is aborted. It never overlaps itself: one
 * that takes longer than its interval is followed at once, and what was missed is done once. A failure is logged and the next time comes all the same.
 */
export const repeat = async (job: Job, tools: RepeatTools): Promise<void> => {
  const { clock, logger, signal, jobs } = tools
  const attempt = async (what: string, step: () => Promise<void>): Promise<void> => {
    try {
      await step()
    } catch (thrown) {
      if (!signal.aborted) logger.error({ job: job.name, error: thrown instanceof Error ? thrown.message : String(thrown) }, what)
    }
  }
  let waitMs = job.rare?.firstMs ?? 0
  if (job.rare !== undefined) {
    await attempt('It is not known when a scheduled job was last done; it comes as after the very first start', async () => {
      waitMs = await firstWaitMs(job, tools)
    })
  }
  while (!signal.aborted) {
    if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => {})
    if (signal.aborted) return
    const startedAt = clock.monotonic()
    await attempt('A scheduled job failed; it is tried again at its next time', async () => {
      const at = clock.now()
      await job.run(job.rare === undefined ? undefined : await jobs.lastAt(job.name))
      if (job.rare !== undefined && !signal.aborted) await jobs.done(job.name, at)
    })
    waitMs = startedAt + intervalOf(job, tools) - clock.monotonic()
  }
}

/** One that was never done is remembered as if it had been, so that starts in quick succession do not put it off for ever. */
const firstWaitMs = async (job: Job, { clock, jobs }: RepeatTools): Promise<number> => {
  const firstMs = job.rare?.firstMs ?? 0
  const lastAt = await jobs.lastAt(job.name)
  if (lastAt === undefined) {
    await jobs.done(job.name, clock.now() + firstMs - job.everyMs)
    return firstMs
  }
  // A wall clock that was set back puts nothing off for longer than the interval.
  return Math.min(job.everyMs, lastAt + job.everyMs - clock.now())
}
