import type { Millrace } from '@millrace/core'
import type { OnReport } from './jobs.ts'
import type { RepeatTools } from './repeat.ts'

/** Another process may have kept some: looked for at least so often. */
const lookMs = 5_000

/** Fetches and delivers what was announced, and what storefronts told, as soon as it is kept, until the signal is aborted. */
export const followNotifications = async (
  millrace: Millrace,
  { clock, logger, signal }: RepeatTools,
  onReport: OnReport,
): Promise<void> => {
  let wake = new AbortController()
  const off = [millrace.on('notifications.received', () => wake.abort()), millrace.on('collect.received', () => wake.abort())]
  try {
    while (!signal.aborted) {
      wake = new AbortController()
      try {
        if (await millrace.notifications.isDue()) {
          onReport(await millrace.notifications.process({ signal }))
          continue
        }
      } catch (thrown) {
        if (signal.aborted) return
        logger.error({ error: thrown instanceof Error ? thrown.message : String(thrown) }, 'Notifications could not be followed; they wait')
      }
      await clock.sleep(lookMs, AbortSignal.any([signal, wake.signal])).catch(() => {})
    }
  } finally {
    for (const end of off) end()
  }
}
