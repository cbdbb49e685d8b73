import type { RunReport } from '../api/report.ts'
import type { Engine } from '../engine/engine.ts'
import { isMillraceError } from '../error.ts'

/**
 * Runs a step of a pass and records what it throws as a problem, so that it stops nothing else. Being stopped is not a problem. What is no Millrace error is a
 * fault of an adapter or of ours: reported by its name as `unexpected`, with its stack in the log. Its message may hold anything, so it stays out of both.
 */
export const attempt = async (
  engine: Engine,
  report: RunReport,
  signal: AbortSignal,
  where: { source?: string; connection?: string },
  step: () => Promise<void>,
): Promise<boolean> => {
  try {
    await step()
    return true
  } catch (thrown) {
    if (signal.aborted) return false
    if (isMillraceError(thrown)) {
      report.problems.push({ code: thrown.code, message: thrown.message, ...where })
      return false
    }
    const name = thrown instanceof Error ? thrown.name : typeof thrown
    engine.logger.error({ ...where, name, stack: framesOf(thrown) }, 'A step of the pass failed unexpectedly')
    const what = where.connection ?? where.source ?? 'The pass'
    report.problems.push({ code: 'unexpected', message: `${what} failed with ${name}. The stack is in the log: report it.`, ...where })
    return false
  }
}

const framesOf = (thrown: unknown): string[] =>
  thrown instanceof Error ? (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
