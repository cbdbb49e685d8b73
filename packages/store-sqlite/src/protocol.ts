import type { Store } from '@millrace/core'

/** Commands that cross the thread: all of the store's methods. */
export type CommandName = Exclude<keyof Store, 'specificationVersion'>

/** The commands as the worker runs them: the same arguments, the result at once. */
export type Commands = { [Name in CommandName]: (...args: Parameters<Store[Name]>) => Awaited<ReturnType<Store[Name]>> }

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
