import type { Millrace } from '@millrace/core'
import type { OpenOptions, SignalHost } from '@millrace/runner'

/** Where text goes to. A stream of `process` fits. */
export interface Output {
  write(text: string): unknown
  isTTY?: boolean
}

/** Everything that the command touches outside itself, so that tests can put their own in place. */
export interface Environment {
  /** Results only. */
  stdout: Output & NodeJS.WritableStream
  /** Logs, progress, questions and errors. */
  stderr: Output & NodeJS.WritableStream
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  /** Where relative paths start. */
  directory: string
  signals: SignalHost
  /** Who runs the command, for the audit log, unless the config names somebody. */
  actor: string
  /** Milliseconds that only grow. */
  monotonic(): number
  open(options: OpenOptions): Promise<Millrace>
}
