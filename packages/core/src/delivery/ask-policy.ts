import type { Connection } from '../engine/connection.ts'
import type { Logger } from '../logger.ts'
import { defaultRetryPolicy, type Failure } from './retry-policy.ts'

/** Asks the connection's retry policy. One that throws, or answers no time, is told in the log, and the default decides: no record is lost to it. */
export const askPolicy = ({ name, retry }: Connection, failure: Failure, logger: Logger): { delayMs: number } | undefined => {
  try {
    const answer = retry(failure)
    if (answer === undefined || (Number.isFinite(answer.delayMs) && answer.delayMs >= 0)) return answer
    logger.error({ connection: name, delayMs: String(answer.delayMs) }, 'The retry policy answered no time in ms; the default decides')
  } catch (thrown) {
    logger.error(
      { connection: name, name: thrown instanceof Error ? thrown.name : typeof thrown },
      'The retry policy threw; the default decides',
    )
  }
  return defaultRetryPolicy(failure)
}
