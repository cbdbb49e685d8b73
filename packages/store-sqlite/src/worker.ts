import { parentPort, workerData } from 'node:worker_threads'
import { openCommands } from './database/commands.ts'
import { toFault } from './database/fault.ts'
import type { CommandName, Commands, Fault, Reply, Request } from './protocol.ts'

/** The thread that owns a database file: runs one command after the other. */
const path: string = workerData.path
let commands: Commands | undefined

const run = (name: CommandName, args: unknown[]): unknown => {
  // Nothing was opened yet: closing must not create the file.
  if (name === 'close' && commands === undefined) return undefined
  commands ??= openCommands(path)
  const command = commands[name] as (...args: unknown[]) => unknown
  return command(...args)
}

const answer = ({ id, name, args }: Request): Reply => {
  try {
    return { id, result: run(name, args) }
  } catch (error) {
    const fault: Fault = toFault(error, path)
    return { id, fault }
  }
}

parentPort?.on('message', (request: Request) => {
  parentPort?.postMessage(answer(request))
  if (request.name === 'close') parentPort?.close()
})
