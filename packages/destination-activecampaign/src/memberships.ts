import { membershipKey, MillraceError, type Input } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { isDuplicate, unconfirmed } from './errors.ts'
import { member, textOf } from './json.ts'
import { readStatuses, writeStatus } from './list-status.ts'
import type { ListIds } from './lists.ts'
import { allRows } from './pages.ts'
import { startLists } from './start-consent.ts'

/**
 * What is kept of a contact's tags and lists, under `tag:<name>` and `list:<name>`, so that only what we put there is taken away. A tag has the id of its
 * association; {@link there} = ours, without an id; {@link theirs} = somebody else had put it there before; empty = it was on its way when an attempt broke off.
 */
export type Held = Readonly<Record<string, string>>

/** What has to happen to the tags and lists of a contact. `retried` = an earlier attempt may have added it. */
export interface MembershipChanges {
  addTags: { name: string; retried: boolean }[]
  removeTags: { name: string; association: string }[]
  addLists: { name: string; list: string; retried: boolean }[]
  removeLists: { name: string; list: string; state: string }[]
}

/** In {@link Held}: ours, its id is not known. */
export const there = 'there'
/** In {@link Held}: wanted, and put there by somebody else. */
const theirs = 'theirs'

const tagKey = (name: string): string => `tag:${name}`
const listKey = (name: string): string => `list:${name}`

const listUnknown = (name: string): MillraceError =>
  new MillraceError({
    code: 'list_unknown',
    field: name,
    message: `ActiveCampaign has no list "${name}". Create it there, or correct the contract; a list is named by its id or its name.`,
  })

const contactGone = (): MillraceError =>
  new MillraceError({
    code: 'not_found',
    message: 'ActiveCampaign does not have the contact any more. It is made anew by the next change or a replay.',
  })

/** Writes a status on a list that must be there. Throws MillraceError `list_unknown`. */
export const putOnList = async (
  { client }: Account,
  write: Parameters<typeof writeStatus>[1],
  name: string,
  signal: AbortSignal,
): Promise<void> => {
  if ((await writeStatus(client, write, signal)) === 'gone') throw listUnknown(name)
}

/** Compares what a contact is to be in with what we put it into. Throws MillraceError `list_unknown`. */
export const membershipChanges = (input: Input, lists: ListIds): MembershipChanges => {
  const wanted = new Set(input.memberships.map(membershipKey))
  const changes: MembershipChanges = { addTags: [], removeTags: [], addLists: [], removeLists: [] }
  for (const membership of new Map(input.memberships.map((one) => [membershipKey(one), one])).values()) {
    const { kind, name } = membership
    const state = input.objects[membershipKey(membership)]
    const list = kind === 'list' ? lists.get(name.toLowerCase()) : undefined
    if (kind === 'list' && list === undefined) throw listUnknown(name)
    const isSettled = state !== undefined && state !== '' && !input.uncertain
    if (isSettled) continue
    if (list === undefined) changes.addTags.push({ name, retried: state !== undefined && state !== theirs })
    else changes.addLists.push({ name, list, retried: state !== undefined && state !== theirs })
  }
  for (const [key, state] of Object.entries(input.objects)) {
    if (wanted.has(key)) continue
    if (key.startsWith('tag:')) changes.removeTags.push({ name: key.slice('tag:'.length), association: state })
    if (key.startsWith('list:')) {
      const name = key.slice('list:'.length)
      changes.removeLists.push({ name, list: lists.get(name.toLowerCase()) ?? '', state })
    }
  }
  return changes
}

/** Whether an input asks for anything about tags and lists. */
export const touchesMemberships = (input: Input): boolean => input.remoteId === undefined || input.uncertain || input.membershipsChanged

/** The ids of the lists that an input speaks of; nothing is read when it speaks of none. */
export const listIdsFor = async (account: Account, input: Input, signal: AbortSignal): Promise<ListIds> => {
  const joined = input.memberships.flatMap(({ kind, name }) => (kind === 'list' ? [name] : []))
  const held = Object.keys(input.objects).flatMap((key) => (key.startsWith('list:') ? [key.slice('list:'.length)] : []))
  const topics = input.consent.flatMap(({ channel, target }) => (channel === 'email' && target !== undefined ? [target] : []))
  const names = [...joined, ...held, ...topics]
  return names.length === 0 ? new Map() : account.lists.get(signal, names)
}

/** Without the lists that the person said no to. */
export const withoutDenied = (changes: MembershipChanges, input: Input, lists: ListIds): MembershipChanges => {
  const { unsubscribe } = startLists(input, lists)
  return { ...changes, addLists: changes.addLists.filter(({ list }) => !unsubscribe.includes(list)) }
}

/** What is held while an import of these additions is under way. Imports remove nothing. */
export const heldOnItsWay = (
  held: Held,
  { addTags, addLists }: Pick<MembershipChanges, 'addTags' | 'addLists'>,
): Record<string, string> => ({
  ...held,
  ...Object.fromEntries([...addTags.map(({ name }) => tagKey(name)), ...addLists.map(({ name }) => listKey(name))].map((key) => [key, ''])),
})

/** An association of a tag, and when it was made by the vendor's clock. */
export interface Association {
  id: string
  at: number
}

/** Gives a tag, also one that was deleted since its id was read. */
export const addTag = async ({ client, tags }: Account, contact: string, name: string, signal: AbortSignal): Promise<Association> => {
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
    const row = member(reply.body, 'contactTag')
    const id = textOf(row, 'id')
    if (isSuccess(reply) && id !== undefined) return { id, at: Date.parse(textOf(row, 'cdate') ?? '') }
    if (isSuccess(reply)) throw unconfirmed(call)
    const given = isDuplicate(reply.body) ? (await tagsOf(client, contact, signal)).get(tag) : undefined
    if (given !== undefined) return { id: given, at: Number.NaN }
    // Somebody may have deleted the tag since its id was read.
    if (attempt > 0 || (reply.status !== 404 && reply.status !== 422)) throw client.error(reply, call, 'record')
    tags.forget(name)
  }
}

/** Tags of a contact: id of the association by id of the tag. */
const tagsOf = async (client: Account['client'], contact: string, signal: AbortSignal): Promise<Map<string, string>> => {
  const path = `contacts/${encodeURIComponent(contact)}/contactTags`
  const rows = await allRows(client, { path, name: 'contactTags', signal })
  return new Map(
    rows.flatMap((row) => {
      const [tag, id] = [textOf(row, 'tag'), textOf(row, 'id')]
      return tag === undefined || id === undefined ? [] : [[tag, id] as const]
    }),
  )
}

const removeTag = async (
  { client, tags }: Account,
  contact: string,
  { name, association }: MembershipChanges['removeTags'][number],
  signal: AbortSignal,
): Promise<void> => {
  if (association === theirs) return
  const isId = /^\d+$/.test(association)
  const id = isId ? association : (await tagsOf(client, contact, signal)).get(await tags.idOf(name, signal))
  if (id === undefined) return
  const call = 'removal of a tag'
  const reply = await client.send({ method: 'DELETE', path: `contactTags/${encodeURIComponent(id)}`, call, signal, idempotent: true })
  if (reply.status !== 404 && !isSuccess(reply)) throw client.error(reply, call, 'record')
}

/** A contact whose tags and lists are to be changed. */
export interface MembershipTarget {
  contact: string
  /** It was made just now, so that nobody else can have tagged it. Lists are looked at all the same: a wrong 1 would lift an opt-out. */
  isNew: boolean
  /** When the vendor wrote the contact right before, by its own clock (epoch ms); undefined when nothing was written. */
  writtenAt: number | undefined
  changes: MembershipChanges
  held: Held
}

/** Whether somebody else had given a tag before: it is older than the write that came right before ours. */
const isOlder = (at: number, writtenAt: number | undefined): boolean => writtenAt !== undefined && at < writtenAt

const addTags = async (
  account: Account,
  target: MembershipTarget,
  put: (key: string, state: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { contact, isNew, writtenAt, changes } = target
  const mustLook = !isNew && writtenAt === undefined && changes.addTags.some(({ retried }) => !retried)
  const before = mustLook ? await tagsOf(account.client, contact, signal) : undefined
  for (const { name, retried } of changes.addTags) {
    const tag = await account.tags.idOf(name, signal)
    if (!retried && before?.has(tag) === true) {
      put(tagKey(name), theirs)
      continue
    }
    const { id, at } = await addTag(account, contact, name, signal)
    put(tagKey(name), !retried && !isNew && isOlder(at, writtenAt) ? theirs : id)
  }
}

const writeLists = async (
  account: Account,
  { contact, changes }: MembershipTarget,
  put: (key: string, state: string | undefined) => void,
  signal: AbortSignal,
): Promise<void> => {
  const removed = changes.removeLists.filter(({ state }) => state !== theirs)
  const mustLook = changes.addLists.length + removed.length > 0
  const statuses = mustLook ? await readStatuses(account.client, contact, signal) : undefined
  if (mustLook && statuses === undefined) throw contactGone()
  for (const { name, list, retried } of changes.addLists) {
    const status = statuses?.get(list)?.status
    // They left it, or their address bounced there: only their own consent brings them back.
    if (status === '2' || status === '3') continue
    if (status !== '1') await putOnList(account, { contact, list, status: '1' }, name, signal)
    put(listKey(name), status === '1' && !retried ? theirs : there)
  }
  for (const { name, list, state } of changes.removeLists) {
    const status = statuses?.get(list)?.status
    if (state !== theirs && (status === '0' || status === '1')) await writeStatus(account.client, { contact, list, status: '2' }, signal)
    put(listKey(name), undefined)
  }
}

/** Makes the changes, and gives what is held after each step to `note`, so that a failure in the middle forgets nothing. */
export const applyMemberships = async (
  account: Account,
  target: MembershipTarget,
  note: (held: Record<string, string>) => void,
  signal: AbortSignal,
): Promise<void> => {
  let held: Record<string, string> = { ...target.held }
  const put = (key: string, state: string | undefined): void => {
    const { [key]: _before, ...others } = held
    held = state === undefined ? others : { ...others, [key]: state }
    note(held)
  }
  await addTags(account, target, put, signal)
  for (const removed of target.changes.removeTags) {
    await removeTag(account, target.contact, removed, signal)
    put(tagKey(removed.name), undefined)
  }
  await writeLists(account, target, put, signal)
}
