import type { HttpReply } from '@millrace/adapter-kit'
import { foldEmail } from '@millrace/adapter-kit'
import type { Outcome } from '@millrace/core'
import type { ContactWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { blankContact, knownContact, newContact, single, type ContactBody } from './contact-body.ts'
import { errorWord, recordError } from './errors.ts'
import { changeOfLists, firstLists, joinLists, leaveLists, mustKnowLists, type ListChange, type Lists } from './lists.ts'
import { contactPath, fieldOf, getContact, isGone, toContact, type ReadContact } from './read-contacts.ts'

const failed = (unit: string, word: string, status: number): Outcome => ({ unit, result: 'failed', error: recordError(word, status) })

const isOk = ({ status, body }: HttpReply): boolean => (status === 200 || status === 201) && toContact(body) !== undefined

/** Somebody else's contact stands in the way: told with the key that it carries. */
const conflict = ({ unit, keyName }: Pick<ContactWrite, 'unit' | 'keyName'>, found: ReadContact): Outcome => ({
  unit,
  result: 'conflict',
  candidates: [{ remoteId: found.id, key: String(fieldOf(found, keyName) ?? '') }],
})

/** Whether a contact carries nobody's key or this one. */
export const isOurs = ({ key, keyName }: Pick<ContactWrite, 'key' | 'keyName'>, found: ReadContact): boolean => {
  const held = fieldOf(found, keyName)
  return held === null || held === '' || held === key
}

/** Who holds an identifier that was refused as taken. */
const holder = async (account: Account, write: ContactWrite): Promise<ReadContact | undefined> => {
  const byEmail = await getContact(account, 'email', write.email)
  if (byEmail !== undefined && byEmail.id !== write.id) return byEmail
  return write.mobileNumber === undefined ? undefined : await getContact(account, 'mobileNumber', write.mobileNumber)
}

/** Says who stands in the way of a write, as the outcome of the write. */
export const conflictOf = async (account: Account, write: ContactWrite): Promise<Outcome> => {
  const found = await holder(account, write)
  return found === undefined ? failed(write.unit, 'idAlreadyExists', 409) : conflict(write, found)
}

const patch = (
  account: Account,
  id: string,
  body: ContactBody,
  email: string,
  merge: 'overwrite' | 'overwrite-if-empty',
): Promise<HttpReply> =>
  account.send({
    method: 'PATCH',
    path: contactPath('contactId', id),
    query: { 'merge-option': merge },
    body: single(body, email),
    call: 'upsert of a contact',
    tier: 'medium',
    idempotent: true,
  })

/** Writes over a contact: first what fills gaps, then what is ours. `gone` = there is no such contact any more. */
const update = async (account: Account, id: string, write: ContactWrite, change: ListChange): Promise<Outcome | 'gone' | undefined> => {
  const { contract } = account.ctx
  const gaps = blankContact(id, write, contract)
  const { add, left } = firstLists(change)
  const own = knownContact(id, write, add, contract)
  const bodies = [
    gaps === undefined ? [] : ([[gaps, 'overwrite-if-empty']] as const),
    own === undefined ? [] : ([[own, 'overwrite']] as const),
  ].flat()
  for (const [body, merge] of bodies) {
    const reply = await patch(account, id, body, write.email, merge)
    if (isOk(reply)) continue
    if (reply.status === 409) return await conflictOf(account, write)
    if (isGone(reply))
      return (await getContact(account, 'contactId', id)) === undefined ? 'gone' : failed(write.unit, 'invalidEmail', reply.status)
    return reply.status < 300 ? undefined : failed(write.unit, errorWord(reply.body), reply.status)
  }
  await joinLists(id, left, account)
  await leaveLists(id, change.remove, account)
  return { unit: write.unit, remoteId: id, objects: change.objects, result: 'delivered', created: false }
}

/**
 * Writes one contact. A new one is created and not upserted: what a new contact must be told (that nobody may mail it) would unsubscribe one who is there. If it
 * is there after all it is taken over when it is nobody's. Undefined = the answer confirms nothing.
 */
export const writeContact = async (account: Account, write: ContactWrite, lists: Lists): Promise<Outcome | undefined> => {
  const isIn = mustKnowLists(write) ? (await getContact(account, 'contactId', write.id ?? ''))?.lists : undefined
  const change = await changeOfLists(write, account, lists, isIn ?? new Set())
  const updated = write.id === undefined ? 'gone' : await update(account, write.id, write, change)
  if (updated !== 'gone') return updated
  const { unit } = write
  const { settings, ctx } = account
  const { id: _gone, ...fresh } = write
  const added = write.id === undefined ? change : await changeOfLists({ ...fresh, objects: {} }, account, lists, new Set())
  const { add, left } = firstLists(added)
  const body = newContact({ ...fresh, keyChanged: true }, add, settings, ctx.contract)
  const reply = await account.send({
    method: 'POST',
    path: '/contacts/v3',
    body,
    call: 'creation of a contact',
    tier: 'medium',
    idempotent: true,
  })
  const made = reply.status === 201 || reply.status === 200 ? toContact(reply.body) : undefined
  if (made !== undefined) {
    await joinLists(made.id, left, account)
    return { unit, remoteId: made.id, objects: added.objects, result: 'delivered', created: true }
  }
  if (reply.status < 300) return undefined
  if (reply.status !== 409) return failed(unit, asEmailFault(errorWord(reply.body)), reply.status)
  const found = await getContact(account, 'email', foldEmail(write.email))
  if (found === undefined) return await conflictOf(account, write)
  if (!isOurs(write, found)) return conflict(write, found)
  const taken = await update(
    account,
    found.id,
    { ...fresh, id: found.id, keyChanged: true, emailChanged: false, listsChanged: true },
    added,
  )
  return taken === 'gone' ? undefined : taken
}

/** In a creation the address is the only id that can be invalid. */
const asEmailFault = (word: string): string => (/invalidId$/i.test(word) ? 'invalidEmail' : word)
