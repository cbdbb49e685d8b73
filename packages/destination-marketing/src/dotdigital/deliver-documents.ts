import { chunk, type ImportSlots } from '@millrace/adapter-kit'
import { isMillraceError, type Outcome } from '@millrace/core'
import type { DocumentKind, DocumentWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { collectionOf, createCollection, deleteDocument, documentId, documentPath, readDocument, type Collection } from './collections.ts'
import { firstCheckMs } from './deliver-contacts.ts'
import { errorWord, recordError } from './errors.ts'
import { isHeld } from './is-held.ts'
import { isObject } from './json.ts'
import { openSlots, ticketOf } from './slots.ts'
import { fitting, startImports, stopsAll } from './start-import.ts'

/** What is kept of a document while its import is under way. */
export interface DocumentProgress {
  owner?: string
  created: boolean
  /** Records of the whole import: the engine may ask for some of its units earlier than for others. */
  records: number
}

/** Left behind when an import was finished and did not tell what became of the record: the next attempt writes it by itself, and reads it back. */
export const aloneProgress = { alone: true } as const

const isAlone = (progress: unknown): boolean => isObject(progress) && progress['alone'] === true

/**
 * Delivers documents whole: few by single calls, many (and what may still be under way) by import. A document whose contact is another one now is first taken
 * away from the old one: the vendor keeps a key once per contact, so the order would count twice.
 */
export async function* deliverDocuments(account: Account, kind: DocumentKind, writes: readonly DocumentWrite[]): AsyncGenerator<Outcome[]> {
  const collection = collectionOf(kind, account.settings, account.ctx.contract)
  const slots = openSlots('insightData', account.ctx)
  const many = writes.length >= account.settings.bulkFrom
  const ready: DocumentWrite[] = []
  for (const write of writes) {
    const outcome = await careful(write, async () => {
      if (write.id !== undefined && write.id !== documentId(write.owner, write.key)) await deleteDocument(account, collection, write.id)
      if (isAlone(write.progress) || (!many && !write.uncertain)) return await putDocument(account, collection, write)
      ready.push(write)
      return undefined
    })
    if (outcome !== undefined) yield [outcome]
  }
  for (const batch of chunk(ready, ready.length || 1, ({ owner = '', key }) => `${owner}/${key}`)) {
    for (const part of fitting(batch, ({ json }) => Buffer.byteLength(JSON.stringify(json)) + 500))
      yield* importDocuments(account, collection, part, slots)
  }
}

const careful = async ({ unit }: DocumentWrite, work: () => Promise<Outcome | undefined>): Promise<Outcome | undefined> => {
  try {
    return await work()
  } catch (error) {
    if (!isMillraceError(error) || stopsAll(error)) throw error
    return { unit, result: 'failed', error }
  }
}

const putDocument = async (account: Account, collection: Collection, write: DocumentWrite): Promise<Outcome | undefined> => {
  const { unit, owner, key, json } = write
  const put = () =>
    account.send({
      method: 'PUT',
      path: documentPath(collection, owner, key),
      body: json,
      call: `write to ${collection.name}`,
      tier: 'medium',
      idempotent: true,
    })
  let reply = await put()
  if (reply.status === 404 && /collectionNotFound$/i.test(errorWord(reply.body))) {
    await createCollection(account, collection)
    reply = await put()
  }
  if (reply.status === 201) return { unit, remoteId: documentId(owner, key), result: 'delivered', created: write.id === undefined }
  // A 204 names nobody: what was replaced is what can be read back. Else it comes again as uncertain, and goes by import.
  if (reply.status < 300) {
    const isExpected = write.id !== undefined || isAlone(write.progress)
    if (!isExpected || !isHeld(await readDocument(account, collection, owner, key), JSON.parse(JSON.stringify(json)))) return undefined
    return { unit, remoteId: documentId(owner, key), result: 'delivered', created: false }
  }
  return { unit, result: 'failed', error: recordError(errorWord(reply.body), reply.status) }
}

async function* importDocuments(
  account: Account,
  collection: Collection,
  writes: readonly DocumentWrite[],
  slots: ImportSlots,
): AsyncGenerator<Outcome[]> {
  const bodyOf = (part: readonly DocumentWrite[]): object => ({
    collectionName: collection.name,
    collectionScope: collection.scope,
    collectionType: collection.type,
    records: part.map(({ key, owner, json }) => ({
      key,
      json,
      ...(owner === undefined ? {} : { contactIdentity: { identifier: 'contactId', value: owner } }),
    })),
  })
  const open = new Set(writes)
  try {
    for await (const part of startImports('insightData', writes, bodyOf, account, slots)) {
      for (const write of part.rows) open.delete(write)
      yield 'error' in part
        ? part.rows.map(({ unit }): Outcome => ({ unit, result: 'failed', error: part.error }))
        : part.rows.map((write) => underWay(write, part.importId, part.rows.length))
    }
  } catch (error) {
    if (!isMillraceError(error) || stopsAll(error)) throw error
    yield [...open].map(({ unit }): Outcome => ({ unit, result: 'failed', error }))
  }
}

const underWay = ({ unit, owner, id, uncertain }: DocumentWrite, importId: string, records: number): Outcome => {
  // The report does not tell new records from replaced ones.
  const progress: DocumentProgress = { ...(owner === undefined ? {} : { owner }), created: id === undefined && !uncertain, records }
  return { unit, progress, result: 'pending', ticket: ticketOf('insightData', [importId]), checkAfterMs: firstCheckMs }
}
