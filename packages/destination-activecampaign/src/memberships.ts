import { MillraceError, type Input } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { unconfirmed } from './errors.ts'
import { member, rowsOf, textOf } from './json.ts'
import { readStatuses, writeStatus } from './list-status.ts'
import { pageSize } from './pages.ts'

/**
 * What is kept of a contact's tags and lists, under `tag:<name>` and `list:<id>`: only what we put there, so that only that is taken away. A tag has the id of
 * its association, `there` when an import made it (which tells no id), and nothing while it is on its way; a list has `there`.
 */
export type Held = Readonly<Record<string, string>>

/** What has to happen to the tags and lists of a contact. Lists by id. */
export interface MembershipChanges {
  addTags: string[]
  removeTags: { name: string; association: string }[]
  addLists: string[]
  removeLists: string[]
}

/** In {@link Held}: there, its id is not known. */
export const there = 'there'

const tagKey = (name: string): string => `tag:${name}`
const listKey = (id: string): string => `list:${id}`

const listUnknown = (name: string): MillraceError =>
  new MillraceError({
    code: 'list_unknown',
    field: name,
    message: `ActiveCampaign has no list "${name}". Create it there, or correct the contract; a list is named by its id or its name.`,
  })

/** Compares what a contact is to be in with what we put it into. Throws MillraceError `list_unknown`. */
export const membershipChanges = (input: Input, lists: ReadonlyMap<string, string>): MembershipChanges => {
  const wanted = new Set<string>()
  const changes: MembershipChanges = { addTags: [], removeTags: [], addLists: [], removeLists: [] }
  for (const { kind, name } of input.memberships) {
    const id = kind === 'list' ? lists.get(name.toLowerCase()) : undefined
    if (kind === 'list' && id === undefined) throw listUnknown(name)
    const key = kind === 'tag' ? tagKey(name) : listKey(id ?? '')
    if (wanted.has(key)) continue
    wanted.add(key)
    const isNew = (input.objects[key] ?? '') === '' || input.uncertain
    if (isNew && kind === 'tag') changes.addTags.push(name)
    if (isNew && id !== undefined) changes.addLists.push(id)
  }
  for (const [key, association] of Object.entries(input.objects)) {
    if (wanted.has(key)) continue
    if (key.startsWith('tag:')) changes.removeTags.push({ name: key.slice('tag:'.length), association })
    if (key.startsWith('list:')) changes.removeLists.push(key.slice('list:'.length))
  }
  return changes
}

/** Whether an input asks for anything about tags and lists. */
export const touchesMemberships = (input: Input): boolean => input.remoteId === undefined || input.uncertain || input.membershipsChanged

/** What is held after an import of these changes was accepted (`''`) or confirmed. Imports remove nothing. */
export const heldAfterImport = (
  held: Held,
  { addTags, addLists }: Pick<MembershipChanges, 'addTags' | 'addLists'>,
  state: string,
): Record<string, string> => ({
  ...held,
  ...Object.fromEntries([...addTags.map(tagKey), ...addLists.map(listKey)].map((key) => [key, state])),
})

const addTag = async ({ client, tags }: Account, contact: string, name: string, signal: AbortSignal): Promise<string> => {
  const call = 'tag of a contact'
  for (let attempt = 0; ; attempt += 1) {
    const tag = await tags.idOf(name, signal)
    const reply = await client.send({
      method: 'POST',
      path: 'contactTags',
      body: { contactTag: { contact, tag } },
      call,
      signal,
      idempotent: true,
    })
    const id = textOf(member(reply.body, 'contactTag'), 'id')
    if (isSuccess(reply) && id !== undefined) return id
    if (isSuccess(reply)) throw unconfirmed(call)
    // Somebody may have deleted the tag since its id was read.
    if (attempt > 0 || (reply.status !== 404 && reply.status !== 422)) throw client.error(reply, call, 'record')
    tags.forget(name)
  }
}

const removeTag = async (
  { client, tags }: Account,
  contact: string,
  { name, association }: MembershipChanges['removeTags'][number],
  signal: AbortSignal,
): Promise<void> => {
  const id = /^\d+$/.test(association) ? association : await findAssociation(client, contact, await tags.idOf(name, signal), signal)
  if (id === undefined) return
  const call = 'removal of a tag'
  const reply = await client.send({ method: 'DELETE', path: `contactTags/${encodeURIComponent(id)}`, call, signal, idempotent: true })
  if (reply.status !== 404 && !isSuccess(reply)) throw client.error(reply, call, 'record')
}

const findAssociation = async (
  client: Account['client'],
  contact: string,
  tag: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const path = `contacts/${encodeURIComponent(contact)}/contactTags`
  const { body } = await client.require({ method: 'GET', path, query: { limit: pageSize }, call: 'tags of a contact', signal })
  const row = rowsOf(body, 'contactTags').find((one) => textOf(one, 'tag') === tag)
  return row === undefined ? undefined : textOf(row, 'id')
}

/**
 * Makes the changes, and gives what is held after each step to `note`, so that a failure in the middle forgets nothing. A list that the person left, or where
 * the address bounced, is left alone: only their own consent brings them back. `isNew` = the contact was made just now, so that it is on no list.
 */
export const applyMemberships = async (
  account: Account,
  target: { contact: string; isNew: boolean; changes: MembershipChanges; held: Held },
  note: (held: Record<string, string>) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { contact, isNew, changes } = target
  const held: Record<string, string> = { ...target.held }
  for (const name of changes.addTags) {
    held[tagKey(name)] = await addTag(account, contact, name, signal)
    note({ ...held })
  }
  for (const removed of changes.removeTags) {
    await removeTag(account, contact, removed, signal)
    delete held[tagKey(removed.name)]
    note({ ...held })
  }
  if (changes.addLists.length + changes.removeLists.length === 0) return
  const statuses = isNew ? new Map() : ((await readStatuses(account.client, contact, signal)) ?? new Map())
  for (const list of changes.addLists) {
    const status = statuses.get(list)?.status
    if (status === '2' || status === '3') continue
    if (status !== '1') await writeStatus(account.client, { contact, list, status: '1' }, signal)
    held[listKey(list)] = there
    note({ ...held })
  }
  for (const list of changes.removeLists) {
    const status = statuses.get(list)?.status
    if (status === '0' || status === '1') await writeStatus(account.client, { contact, list, status: '2' }, signal)
    delete held[listKey(list)]
    note({ ...held })
  }
}
