import type { DestinationContext } from '@millrace/core'
import type { Account } from './account.ts'

/** The lists of the contract's topics: the names under which topics call a list, by its id. Core compares targets as the contract writes them. */
export const topicLists = async (account: Account, { contract, signal }: DestinationContext): Promise<Map<string, string[]>> => {
  const targets = Object.values(contract.consent.topics).flatMap(({ channel, target }) =>
    channel === 'email' && target !== undefined ? [target] : [],
  )
  const found = new Map<string, string[]>()
  if (targets.length === 0) return found
  const lists = await account.lists.get(signal, targets)
  for (const target of new Set(targets)) {
    const id = lists.get(target.toLowerCase())
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), target])
  }
  return found
}
