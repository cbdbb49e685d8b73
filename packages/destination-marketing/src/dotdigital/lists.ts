import { chunk } from '@millrace/adapter-kit'
import { membershipKey, MillraceError } from '@millrace/core'
import type { ContactWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { errorWord, recordError } from './errors.ts'
import { contactPath } from './read-contacts.ts'
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
      const made = await account.send({
        method: 'POST',
        path: '/v2/address-books',
        body: { name, visibility: 'Private' },
        call: 'making of a list',
        tier: 'medium',
      })
      // One of that name may have been made meanwhile, by somebody or by an attempt whose answer was lost.
      const madeId = asId(member(made.body, 'id')) ?? String((await readAll(account)).get(name.toLowerCase()) ?? '')
      if (madeId === '') throw recordError(errorWord(made.body), made.status)
      known.set(name.toLowerCase(), Number(madeId))
      return Number(madeId)
    },
    forget() {
      reading = undefined
    },
  }
}

const predefined = '#'
const keyOf = (name: string): string => membershipKey({ kind: 'list', name })

/** What happens to the lists of one contact. */
export interface ListChange {
  add: number[]
  /** Lists that we added it to and that it should be in no more. */
  remove: number[]
  /** What we added it to, afterwards. */
  objects: Record<string, string>
}

/** Whether it has to be known which lists a contact is in: only of those that we added it to ourselves it may be taken out again. */
export const mustKnowLists = ({ id, lists, objects }: ContactWrite): boolean =>
  id !== undefined && lists.some((name) => !Object.hasOwn(objects, keyOf(name)))

/**
 * Adds to the predefined lists once and to those of the contract; removes only what we added ourselves. `isIn` = ids of the lists that it is in already, needed
 * when {@link mustKnowLists}.
 */
export const changeOfLists = async (
  write: ContactWrite,
  account: Account,
  lists: Lists,
  isIn: ReadonlySet<string>,
): Promise<ListChange> => {
  const objects: Record<string, string> = {}
  const add = new Set<number>()
  const renew = write.id === undefined || write.listsChanged
  for (const id of account.settings.lists) {
    const key = keyOf(predefined + id)
    if (renew || !Object.hasOwn(write.objects, key)) add.add(id)
    objects[key] = String(id)
  }
  const wanted = new Set<number>()
  for (const name of write.lists) {
    const id = await lists.idOf(name, account)
    wanted.add(id)
    const ours = Object.hasOwn(write.objects, keyOf(name))
    if (!ours && isIn.has(String(id))) continue
    // An empty id: it was on its way when the last attempt broke off.
    if (renew || !ours || write.objects[keyOf(name)] === '') add.add(id)
    objects[keyOf(name)] = String(id)
  }
  const remove: number[] = []
  for (const [key, id] of Object.entries(write.objects)) {
    if (!key.startsWith(keyOf('')) || key.startsWith(keyOf(predefined)) || Object.hasOwn(objects, key)) continue
    const listId = id === '' ? await lists.idOf(key.slice(keyOf('').length), account) : Number(id)
    if (!wanted.has(listId)) remove.push(listId)
  }
  return { add: [...add], remove, objects }
}

/** Lists that one write of a contact can name (vendor notes, "Contacts v3"). */
const maxLists = 100

/** What one write adds a contact to, and what is left for {@link joinLists}. */
export const firstLists = ({ add }: ListChange): { add: number[]; left: number[] } => ({
  add: add.slice(0, maxLists),
  left: add.slice(maxLists),
})

/** Whether one write cannot name all lists of a contact. */
export const hasManyLists = (write: ContactWrite, { settings }: Account): boolean => write.lists.length + settings.lists.length > maxLists

/** Adds a contact to the lists that its write could not name. */
export const joinLists = async (contactId: string, left: readonly number[], account: Account): Promise<void> => {
  for (const lists of chunk(left, maxLists)) {
    const reply = await account.send({
      method: 'PATCH',
      path: contactPath('contactId', contactId),
      query: { 'merge-option': 'overwrite' },
      body: { matchIdentifier: 'contactId', identifiers: { contactId: Number(contactId) }, lists },
      call: 'joining of lists',
      tier: 'medium',
      idempotent: true,
    })
    if (reply.status !== 200 && reply.status !== 201) throw recordError(errorWord(reply.body), reply.status)
  }
}

/** Takes a contact out of lists; one that is not in it is out. */
export const leaveLists = async (contactId: string, remove: ListChange['remove'], account: Account): Promise<void> => {
  for (const id of remove) {
    const path = `/v2/address-books/${id}/contacts/${encodeURIComponent(contactId)}`
    const reply = await account.send({ method: 'DELETE', path, call: 'leaving of a list', tier: 'medium', idempotent: true })
    if (reply.status !== 404 && (reply.status < 200 || reply.status >= 300)) throw recordError(errorWord(reply.body), reply.status)
  }
}
