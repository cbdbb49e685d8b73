import type { HttpReply } from '@millrace/adapter-kit'
import { asList, asText, member } from './json.ts'
import { sdk, sdkRequest } from './sdk.ts'
import type { Portal } from './portal.ts'

/** Object type id of contacts. */
export const contactTypeId = '0-1'

/** A list of contacts. Only static ones take members. */
export interface PortalList {
  id: string
  name: string
  isStatic: boolean
}

/** The lists of a portal. */
export interface PortalLists {
  /** By its name, whatever its case, or by its id where the name is a number. */
  find(name: string): PortalList | undefined
}

/** Whether a key of an outcome's `objects` stands for a list, and not for a line. */
export const isListKey = (key: string): boolean => key.startsWith('list:')

const pageSize = 100

const toList = (value: unknown): PortalList[] => {
  const id = asText(member(value, 'listId'))
  const name = asText(member(value, 'name'))
  if (id === undefined || name === undefined || member(value, 'objectTypeId') !== contactTypeId) return []
  return [{ id, name, isStatic: member(value, 'processingType') !== 'DYNAMIC' }]
}

const hasMore = (reply: HttpReply): boolean => member(reply.body, 'hasMore') === true

/** Reads every list of contacts, page by page. */
export const readLists = async ({ require }: Pick<Portal, 'require'>, signal: AbortSignal): Promise<PortalLists> => {
  const found: PortalList[] = []
  for (let offset = 0; ;) {
    const search = sdkRequest(sdk.lists.doSearch({ query: '', offset, count: pageSize }))
    const reply = await require(search, { call: 'search of lists', signal, idempotent: true })
    const page = asList(member(reply.body, 'lists'))
    found.push(...page.flatMap(toList))
    offset += page.length
    if (!hasMore(reply) || page.length === 0) break
  }
  const byName = new Map(found.map((list) => [list.name.toLowerCase(), list]))
  const byId = new Map(found.map((list) => [list.id, list]))
  return { find: (name) => byName.get(name.trim().toLowerCase()) ?? byId.get(name) }
}
