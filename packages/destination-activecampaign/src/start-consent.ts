import type { Input } from '@millrace/core'

/** Lists that a new contact starts on, and those it starts as unsubscribed from. Ids as the contract's topics name them. */
export interface StartLists {
  subscribe: string[]
  unsubscribe: string[]
}

/** Reads them off the consent of a person. Unknown consent touches no list; of two topics that share a list the denial counts. */
export const startLists = (input: Pick<Input, 'consent'>, lists: ReadonlyMap<string, string>): StartLists => {
  const start: StartLists = { subscribe: [], unsubscribe: [] }
  for (const { channel, target, status } of input.consent) {
    const id = channel === 'email' && target !== undefined ? lists.get(target.toLowerCase()) : undefined
    if (id === undefined || status === 'unknown') continue
    start[status === 'granted' ? 'subscribe' : 'unsubscribe'].push(id)
  }
  return { ...start, subscribe: start.subscribe.filter((id) => !start.unsubscribe.includes(id)) }
}
