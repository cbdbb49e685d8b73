import { MillraceError } from '@millrace/core'
import type { ContactWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { asId, asList, asText, member } from './json.ts'

/** Lists by name, read once and made where they are missing. */
export interface Lists {
  /** Id of a list that the contract names: an id as it is, a name looked up in any case. */
  idOf(name: string, account: Account): Promise<number>
  /** Reads them again, after one was missing. */
  forget(): void
}

const maxName = 128
const pageSize = 1_000

const readAll = async (account: Account): Promise<Map<string, number>> => {
  const known = new Map<string, number>()
  for (let skip = 0; ; skip += pageSize) {
    const reply = await account.require({
      method: 'GET',
      path: '/v2/address-books',
      query: { select: pageSize, skip },
      call: 'lists',
      tier: 'medium',
    })
    const page = asList(reply.body)
    for (const list of page) known.set((asText(member(list, 'name')) ?? '').toLowerCase(), Number(asId(member(list, 'id'))))
    if (page.length < pageSize) return known
  }
}

/** Keeps what is known of the lists of one account. */
export const createLists = (): Lists => {
  let reading: Promise<Map<string, number>> | undefined
  return {
    async idOf(name, account) {
      if (/^\d+$/.test(name)) return Number(name)
      reading ??= readAll(account)
      const known = await reading.catch((error: unknown) => {
        reading = undefined
        throw error
      })
      const id = known.get(name.toLowerCase())
      if (id !== undefined) return id
      if (name.length > maxName) {
        throw new MillraceError({
          code: 'list_missing',
          message: `A list name has ${name.length} characters; Dotdigital holds ${maxName}. Shorten the prefix or the dimension of the membership.`,
        })
      }
      const made = await account.require({
        method: 'POST',
        path: '/v2/address-books',
        body: { name, visibility: 'Private' },
        call: 'making of a list',
        tier: 'medium',
      })
      const madeId = Number(asId(member(made.body, 'id')))
      known.set(name.toLowerCase(), madeId)
      return madeId
    },
    forget() {
      reading = undefined
    },
  }
}

const entry = 'list:'
const predefined = '#'

/** What happens to the lists of one contact. */
export interface ListChange {
  add: number[]
  /** Lists that we added it to and that it should be in no more. */
  remove: { name: string; id: string }[]
  /** What is kept of it afterwards. */
  objects: Record<string, string>
}

/** Adds to the predefined lists once and to those of the contract; removes only what we added ourselves. */
export const changeOfLists = async (write: ContactWrite, account: Account, lists: Lists): Promise<ListChange> => {
  const objects: Record<string, string> = {}
  const add = new Set<number>()
  for (const id of account.settings.lists) {
    const name = `${entry}${predefined}${id}`
    if (write.id === undefined || write.listsChanged || !Object.hasOwn(write.objects, name)) add.add(id)
    objects[name] = String(id)
  }
  for (const name of write.lists) {
    const id = await lists.idOf(name, account)
    if (write.id === undefined || write.listsChanged) add.add(id)
    objects[entry + name] = String(id)
  }
  const ours = Object.entries(write.objects).filter(([name]) => name.startsWith(entry) && !name.startsWith(entry + predefined))
  const wanted = new Set(Object.values(objects))
  return { add: [...add], remove: ours.filter(([, id]) => !wanted.has(id)).map(([name, id]) => ({ name, id })), objects }
}

/** Takes a contact out of lists; one that is not in it is out. */
export const leaveLists = async (contactId: string, remove: ListChange['remove'], account: Account): Promise<void> => {
  for (const { id } of remove) {
    const path = `/v2/address-books/${id}/contacts/${encodeURIComponent(contactId)}`
    const reply = await account.send({ method: 'DELETE', path, call: 'leaving of a list', tier: 'medium', idempotent: true })
    if (reply.status !== 404 && (reply.status < 200 || reply.status >= 300))
      await account.require({ method: 'DELETE', path, call: 'leaving of a list', tier: 'medium' })
  }
}
