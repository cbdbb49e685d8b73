import type { Logger, Millrace } from '@millrace/core'
import { stopOnSignals } from '@millrace/runner'
import type { Command } from 'commander'
import type { Environment } from './environment.ts'
import { createLogger, type LogLevel } from './logger.ts'
import { createProgress } from './progress.ts'

/** Options that every command takes. */
export interface GlobalOptions {
  config?: string
  json?: boolean
  logLevel?: LogLevel
}

/** What a command answers: the object that `--json` prints, the same for people, and the exit code (0 unless said). */
export interface Answer {
  value: unknown
  text: string
  exitCode?: number
}

/** What a command works with. `signal` is aborted by the first SIGINT or SIGTERM. */
export interface Task {
  millrace: Millrace
  signal: AbortSignal
  logger: Logger
}

/** Handed to every command file. */
export interface Cli {
  program: Command
  environment: Environment
  /** The options that every command takes, known once a command runs. */
  options(): GlobalOptions
  /** Opens Millrace, runs the task, closes Millrace, prints the answer. */
  run(task: (task: Task) => Promise<Answer>): Promise<void>
  /** Prints an answer and keeps its exit code. */
  answer(answer: Answer): void
}

const runTask = async (environment: Environment, options: GlobalOptions, task: (task: Task) => Promise<Answer>): Promise<Answer> => {
  const progress = createProgress(environment)
  const logger = createLogger(
    options.logLevel ?? (environment.stderr.isTTY ? 'warn' : 'info'),
    environment.stderr.isTTY ?? false,
    progress.write,
  )
  const stop = stopOnSignals(environment.signals, (name) =>
    progress.write(`${name}: finishing the batch in hand. Once more ends at once.\n`),
  )
  let millrace: Millrace | undefined
  try {
    millrace = await environment.open({
      directory: environment.directory,
      actor: environment.actor,
      logger,
      ...(options.config === undefined ? {} : { config: options.config }),
    })
    millrace.on('progress', (event) => progress.show(event, logger))
    const answer = await task({ millrace, signal: stop.signal, logger })
    const opened = millrace
    millrace = undefined
    await opened.close()
    return answer
  } finally {
    progress.stop()
    stop.dispose()
    // Only still set when the task failed: its error is the one to report.
    await millrace?.close().catch(() => {})
  }
}

/** Makes what the command files need. `setExitCode` is told the exit code of the answer. */
export const createCli = (program: Command, environment: Environment, setExitCode: (code: number) => void): Cli => {
  const options = (): GlobalOptions => program.opts()
  const answer = ({ value, text, exitCode = 0 }: Answer): void => {
    environment.stdout.write(options().json ? `${JSON.stringify(value)}\n` : text)
    setExitCode(exitCode)
  }
  return { program, environment, options, answer, run: async (task) => answer(await runTask(environment, options(), task)) }
}
