import { MillraceError, type Store } from '@millrace/core'
import { openCommands } from '../database/commands.ts'
import { toFault } from '../database/fault.ts'
import type { CommandName } from '../protocol.ts'
import { storeOver } from '../store-over.ts'

/** The store without its worker thread, for tests that open hundreds of files. */
export const sqliteInThread = (path: string): Store => {
  const commands = openCommands(path)
  const call = async (name: CommandName, ...args: unknown[]): Promise<never> => {
    const command = commands[name] as (...args: unknown[]) => unknown
    try {
      // `Commands` types both sides.
      return structuredClone(command(...structuredClone(args))) as never
    } catch (error) {
      throw new MillraceError(toFault(error, path))
    }
  }
  return storeOver({ call, close: () => call('close') })
}
