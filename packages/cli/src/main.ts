import { CommanderError } from 'commander'
import type { Environment } from './environment.ts'
import { asMillraceError, errorText } from './error-text.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command line (without `node` and the script) and returns the exit code. Results go to stdout, everything else to stderr. Never throws, never
 * exits by itself; only a second SIGINT or SIGTERM calls `environment.signals.exit`.
 */
export const runCli = async (args: readonly string[], environment: Environment): Promise<number> => {
  let exitCode = 0
  const program = createProgram(environment, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (thrown) {
    // commander has already written its help or its complaint.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 1
    const error = asMillraceError(thrown)
    environment.stderr.write(errorText(error, program.opts()['logLevel'] === 'debug'))
    if (program.opts()['json'] === true) environment.stdout.write(`${JSON.stringify({ error: error.toJSON() })}\n`)
    return 1
  }
}
