import { MillraceError } from '@millrace/core'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { CommandName, Commands, Reply, Request } from './protocol.ts'

/** Runs one command in the worker. */
export type Call = <Name extends CommandName>(name: Name, ...args: Parameters<Commands[Name]>) => Promise<ReturnType<Commands[Name]>>

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** The worker thread behind a store. It starts with the first command and holds the process open only while a command is under way. */
export interface Client {
  call: Call
  /** Closes the database and ends the thread. May be called again. */
  close(): Promise<void>
}

// The worker lies beside this file, as .ts in the source and as .js in the package.
const workerFile = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)

/** A worker inherits the process's flags; `--input-type` says what a program given as text is, and refuses the worker's file. */
const flags = (): { execArgv?: string[] } =>
  process.execArgv.some((flag) => flag.startsWith('--input-type'))
    ? { execArgv: process.execArgv.filter((flag) => flag.startsWith('--conditions')) }
    : {}

/** Starts the worker of one database file when it is first needed. */
export const startClient = (path: string, file: URL = workerFile): Client => {
  const pending = new Map<number, Pending>()
  let worker: Worker | undefined
  let failure: MillraceError | undefined
  let closing: Promise<void> | undefined
  let lastId = 0

  const fail = (error: MillraceError): void => {
    failure ??= error
    for (const { reject } of pending.values()) reject(failure)
    pending.clear()
  }

  const start = (): Worker => {
    const started = new Worker(file, { workerData: { path }, name: 'millrace-store', ...flags() })
    started.unref()
    started.on('message', (reply: Reply) => {
      const waiting = pending.get(reply.id)
      pending.delete(reply.id)
      if (pending.size === 0) started.unref()
      if ('fault' in reply) waiting?.reject(new MillraceError({ ...reply.fault, scope: 'destination' }))
      else waiting?.resolve(reply.result)
    })
    started.on('error', (error) => fail(workerDied(path, error)))
    started.on('exit', (code) => fail(closing === undefined ? workerDied(path, `exit code ${code}`) : closed(path)))
    return started
  }

  const send = (name: CommandName, args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      failure ??= tooOld(process.versions.node)
      if (failure !== undefined) return reject(failure)
      worker ??= start()
      const request: Request = { id: ++lastId, name, args }
      pending.set(request.id, { resolve, reject })
      worker.ref()
      worker.postMessage(request)
    })

  const end = async (): Promise<void> => {
    if (worker === undefined || failure !== undefined) {
      failure ??= closed(path)
      return
    }
    const exited = new Promise((resolve) => worker?.once('exit', resolve))
    await send('close', [])
    worker.ref()
    await exited
  }

  return {
    // The worker answers each command with the result of its own method: `Commands` types both sides.
    call: (name, ...args) => (closing === undefined ? (send(name, args) as Promise<never>) : Promise.reject(closed(path))),
    close: () => (closing ??= end()),
  }
}

/** On older versions of Node the SQLite library ends the process without a word. */
export const tooOld = (version: string): MillraceError | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return undefined
  return new MillraceError({
    code: 'node_too_old',
    message: `The SQLite store needs Node 22.18 or newer, and this is ${version}. Start the process with a newer Node.`,
    scope: 'destination',
  })
}

const closed = (path: string): MillraceError =>
  new MillraceError({
    code: 'store_closed',
    message: `The store ${path} is closed. Make a new one with sqlite({ path }).`,
    scope: 'destination',
  })

const workerDied = (path: string, cause: unknown): MillraceError =>
  new MillraceError({
    code: 'store_worker_died',
    message: `The thread that writes ${path} ended unexpectedly (${cause instanceof Error ? cause.message : String(cause)}). What it had not acknowledged may be undone. Start again: nothing acknowledged is lost.`,
    scope: 'destination',
    cause,
  })
