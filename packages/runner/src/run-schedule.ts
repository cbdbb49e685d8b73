import { systemClock, silentLogger, type Clock, type Logger, type Millrace } from '@millrace/core'
import { followNotifications } from './follow-notifications.ts'
import { jobsOf, type OnReport } from './jobs.ts'
import { repeat, type RepeatTools } from './repeat.ts'

/** What {@link runSchedule} is given beside the instance. */
export interface ScheduleOptions {
  /** Ends it: the batch in hand is finished and settled. */
  signal: AbortSignal
  clock?: Clock
  logger?: Logger
  random?: () => number
  /** Told of every pass. */
  onReport?: OnReport
}

/**
 * Keeps an instance running until the signal is aborted: passes by its schedule, notifications as they come, queues. Returns when everything in hand is settled;
 * the caller closes the instance. Nothing that fails ends it.
 */
export const runSchedule = async (
  millrace: Millrace,
  { signal, clock = systemClock, logger = silentLogger, random = Math.random, onReport = () => {} }: ScheduleOptions,
): Promise<void> => {
  const tools: RepeatTools = { clock, logger, signal, random, jobs: millrace.jobs }
  await Promise.all([
    ...jobsOf(millrace, tools, onReport).map((job) => repeat(job, tools)),
    followNotifications(millrace, tools, onReport),
    millrace.notifications.pull({ signal }),
  ])
}
