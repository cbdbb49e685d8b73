import type { Store } from '@millrace/core'
import type { HeadColumns, RefColumns } from './head-columns.ts'

type Plain = Exclude<keyof Store, 'specificationVersion' | 'heads'>

/** The commands as the worker runs them: the store's methods with the same arguments, the result at once; heads by column. */
export type Commands = { [Name in Plain]: (...args: Parameters<Store[Name]>) => Awaited<ReturnType<Store[Name]>> } & {
  headColumns(refs: RefColumns): HeadColumns
}

/** Commands that cross the thread. */
export type CommandName = keyof Commands

/** One command on its way to the worker. */
export interface Request {
  id: number
  name: CommandName
  args: unknown[]
}

/** What is left of an error when it has crossed the thread. */
export interface Fault {
  code: string
  message: string
  retryable: boolean
  context: Record<string, string | number | boolean>
}

/** The answer to one {@link Request}. */
export type Reply = { id: number; result: unknown } | { id: number; fault: Fault }
