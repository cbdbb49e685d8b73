import { PassThrough } from 'node:stream'
import type { Millrace } from '@millrace/core'
import type { OpenOptions, SignalHost, StopSignal } from '@millrace/runner'
import type { Environment } from '../environment.ts'
import { runCli } from '../main.ts'

/** What a run of the command left behind. */
export interface Result {
  code: number
  stdout: string
  stderr: string
  opened: OpenOptions[]
  exits: number[]
}

/** How the surroundings of one run differ from a pipe without a person. */
export interface Surroundings {
  terminal?: boolean
  directory?: string
  /** What the person types. */
  input?: string
  open?: (options: OpenOptions, send: (signal: StopSignal) => void) => Promise<Millrace>
}

const collect = (stream: PassThrough): (() => string) => {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}

/** Runs one command line against `millrace`, with streams and signals of its own. */
export const runWith = async (millrace: Millrace, args: readonly string[], surroundings: Surroundings = {}): Promise<Result> => {
  const { terminal = false, directory = '/nowhere', input, open } = surroundings
  const listeners = new Map<StopSignal, () => void>()
  const exits: number[] = []
  const opened: OpenOptions[] = []
  const signals: SignalHost = {
    on: (signal, listener) => listeners.set(signal, listener),
    off: (signal) => listeners.delete(signal),
    exit: (code) => exits.push(code),
  }
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const [outText, errText] = [collect(stdout), collect(stderr)]
  if (input !== undefined) stdin.end(input)
  let milliseconds = 0
  const environment: Environment = {
    stdin: Object.assign(stdin, { isTTY: terminal }),
    stdout: Object.assign(stdout, { isTTY: terminal }),
    stderr: Object.assign(stderr, { isTTY: terminal }),
    directory,
    actor: 'ann',
    signals,
    monotonic: () => (milliseconds += 1000),
    open: async (options) => {
      opened.push(options)
      return open === undefined ? millrace : open(options, (signal) => listeners.get(signal)?.())
    },
  }
  const code = await runCli(args, environment)
  return { code, stdout: outText(), stderr: errText(), opened, exits }
}
