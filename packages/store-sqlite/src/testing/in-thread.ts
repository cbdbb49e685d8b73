import { MillraceError } from '@millrace/core'
import type { Store } from '@millrace/core'
import { openCommands } from '../database/commands.ts'
import { toFault } from '../database/fault.ts'
import type { CommandName } from '../protocol.ts'
import { sqlite } from '../sqlite.ts'

/** The store without its worker thread, for tests that open hundreds of files. */
export const sqliteInThread = (path: string): Store => {
  const commands = openCommands(path)
  const method =
    (name: CommandName) =>
    async (...args: unknown[]): Promise<unknown> => {
      const command = commands[name] as (...args: unknown[]) => unknown
      try {
        return structuredClone(command(...structuredClone(args)))
      } catch (error) {
        throw new MillraceError(toFault(error, path))
      }
    }
  // The same names as the real store; each runs the same command.
  const names = Object.keys(sqlite({ path })).filter((name): name is CommandName => name !== 'specificationVersion')
  return { specificationVersion: 'v1', ...Object.fromEntries(names.map((name) => [name, method(name)])) } as unknown as Store
}
