import { AsyncLocalStorage } from 'node:async_hooks'

import type { ListQuery } from './list-query.ts'

/** A list request on its way through the mock, whose own route drops `sort` and cannot carry long lists of variables. */
export interface ListContext {
  resourceType: string
  query: ListQuery
  storeKey: string | undefined
  used: boolean
}

const storage = new AsyncLocalStorage<ListContext>()

/** Runs `action` in the context of a list request. */
export function inListContext<T>(context: ListContext, action: () => T): T {
  return storage.run(context, action)
}

/** The context, for the first look-up of the endpoint's own type; undefined for inner look-ups, which must be neither sorted nor filtered. */
export function takeListContext(resourceType: string): ListContext | undefined {
  const context = storage.getStore()
  if (context === undefined || context.used || context.resourceType !== resourceType) return undefined
  context.used = true
  return context
}
