import { isMillraceError, type SourceContext } from '@millrace/core'

const attempts = 4
const longestWaitMs = 60_000

const backoff = (attempt: number): number => Math.round(200 * 2 ** attempt * (0.5 + Math.random() / 2))

/**
 * Repeats a read that failed in a retryable way, up to four attempts: after the time that the platform asks for, else with exponential backoff and
 * jitter. A wish of more than a minute is left to the caller, who finds it in `retryAfterMs`. Throws the last error, or the signal's reason.
 */
export const withRetry = async <T>(attempt: () => Promise<T>, ctx: SourceContext): Promise<T> => {
  for (let made = 1; ; made++) {
    try {
      return await attempt()
    } catch (error) {
      ctx.signal.throwIfAborted()
      if (!isMillraceError(error) || !error.retryable || made >= attempts) throw error
      const wait = error.retryAfterMs ?? backoff(made)
      if (wait > longestWaitMs) throw error
      ctx.logger.debug({ code: error.code, attempt: made, waitMs: wait }, 'commercetools: trying again')
      await ctx.clock.sleep(wait, ctx.signal)
    }
  }
}
