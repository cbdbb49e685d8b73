import { isMillraceError, type Outcome } from '@millrace/core'
import { documentOf } from '../objects.ts'
import type { Removal } from '../provider.ts'
import type { Account } from './account.ts'
import { collectionOf, deleteDocument } from './collections.ts'
import { errorWord, recordError } from './errors.ts'
import { contactPath, isGone } from './read-contacts.ts'
import { stopsAll } from './start-import.ts'

/** Deletes a contact; false when there was none. */
export const deleteContact = async (account: Account, id: string): Promise<boolean> => {
  const reply = await account.send({
    method: 'DELETE',
    path: contactPath('contactId', id),
    call: 'deletion of a contact',
    tier: 'medium',
    idempotent: true,
  })
  if (isGone(reply)) return false
  if (reply.status >= 300) throw recordError(errorWord(reply.body), reply.status)
  return true
}

/** Removes what we linked, one by one. What is not there any more is removed. Consent has nothing of its own to be removed. */
export async function* removeAll(account: Account, removals: readonly Removal[]): AsyncGenerator<Outcome[]> {
  for (const { unit, object, id } of removals) {
    try {
      const kind = documentOf[object]
      if (kind !== undefined) await deleteDocument(account, collectionOf(kind, account.settings, account.ctx.contract), id)
      else if (object === 'contact') await deleteContact(account, id)
      yield [{ unit, result: 'delivered', created: false }]
    } catch (error) {
      if (!isMillraceError(error) || stopsAll(error)) throw error
      yield [{ unit, result: 'failed', error }]
    }
  }
}
