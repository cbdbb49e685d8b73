import type { Clock } from '@millrace/core'
import type { Client } from './client.ts'
import { textOf } from './json.ts'
import { allRows } from './pages.ts'
import { remembered } from './remembered.ts'

/** Ids of lists, by id and by name in lower case. */
export type ListIds = ReadonlyMap<string, string>

/** The lists of the account. */
export interface Lists {
  /** Read once; again when one of `names` is not among them, though not every time that is asked for. */
  get(signal: AbortSignal, names?: readonly string[]): Promise<ListIds>
  forget(): void
}

/** How often a list that is not there makes all of them be read again. */
const againMs = 10_000

const readLists = async (client: Client, signal: AbortSignal): Promise<ListIds> => {
  const lists = new Map<string, string>()
  for (const row of await allRows(client, { path: 'lists', name: 'lists', signal })) {
    const [id, name] = [textOf(row, 'id'), textOf(row, 'name')]
    if (id === undefined) continue
    if (name !== undefined && !lists.has(name.toLowerCase())) lists.set(name.toLowerCase(), id)
    lists.set(id, id)
  }
  return lists
}

/** Keeps the lists, since people make new ones while we run. */
export const createLists = (client: Client, clock: Clock): Lists => {
  const held = remembered((signal) => readLists(client, signal))
  let readAgainAt = Number.NEGATIVE_INFINITY
  return {
    async get(signal, names = []) {
      const lists = await held.get(signal)
      const isMissing = names.some((name) => !lists.has(name.toLowerCase()))
      if (!isMissing || clock.monotonic() - readAgainAt < againMs) return lists
      readAgainAt = clock.monotonic()
      held.forget()
      return held.get(signal)
    },
    forget: () => held.forget(),
  }
}
