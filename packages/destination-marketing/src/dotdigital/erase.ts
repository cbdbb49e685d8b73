import { foldEmail } from '@millrace/adapter-kit'
import { isMillraceError, type ErasureOutcome, type ErasureTarget, type ObjectLink } from '@millrace/core'
import { documentOf } from '../objects.ts'
import type { Account } from './account.ts'
import { collectionOf, deleteDocument } from './collections.ts'
import { getContact } from './read-contacts.ts'
import { deleteContact } from './remove.ts'
import { stopsAll } from './start-import.ts'

/** What the vendor keeps; whether it takes contact data along with a contact is not documented. */
const remains: readonly string[] = [
  'Events that were imported: Dotdigital offers no call that deletes them.',
  'Reports of campaigns that were sent, and addresses on its suppression list.',
]

const idsOf = async (account: Account, { remoteId, emails }: ErasureTarget): Promise<Set<string>> => {
  const ids = new Set<string>(remoteId === undefined ? [] : [remoteId])
  for (const email of new Set(emails.map(foldEmail))) {
    const contact = await getContact(account, 'email', email)
    if (contact !== undefined) ids.add(contact.id)
  }
  return ids
}

const removeDocuments = async (account: Account, related: readonly ObjectLink[]): Promise<void> => {
  for (const { object, remoteId } of related) {
    const kind = documentOf[object]
    if (kind !== undefined) await deleteDocument(account, collectionOf(kind, account.settings, account.ctx.contract), remoteId)
  }
}

/** Forgets people: their orders and carts first, since a contact's records can no longer be found without it, then every contact with one of their addresses. */
export async function* erasePeople(account: Account, people: readonly ErasureTarget[]): AsyncGenerator<ErasureOutcome[]> {
  for (const person of people) {
    try {
      await removeDocuments(account, person.related)
      let deleted = 0
      for (const id of await idsOf(account, person)) if (await deleteContact(account, id)) deleted += 1
      yield [{ unit: person.unit, result: deleted > 0 ? 'erased' : 'absent', remains }]
    } catch (error) {
      if (!isMillraceError(error) || stopsAll(error)) throw error
      yield [{ unit: person.unit, result: 'failed', error, remains }]
    }
  }
}
