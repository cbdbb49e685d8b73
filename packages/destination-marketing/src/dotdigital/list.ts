import { fieldName, type FieldValue, type ListedObject, type ReadObject } from '@millrace/core'
import { contactKeyField, documentOf } from '../objects.ts'
import type { Account } from './account.ts'
import { collectionOf, documentId, readDocument, readDocumentId } from './collections.ts'
import { asId, asText, member } from './json.ts'
import { fieldOf, getContact, itemsOf, pagesOfContacts, type ReadContact } from './read-contacts.ts'

const contactLink = (contact: ReadContact, fields: readonly string[], prefix: string): ListedObject => ({
  object: 'contact',
  key: String(fieldOf(contact, fieldName(contactKeyField, prefix)) ?? ''),
  remoteId: contact.id,
  fields: Object.fromEntries(fields.map((name) => [name, fieldOf(contact, name)])),
})

/** A member of a document by its name in the contract, wherever it was put. */
const memberOf = (json: unknown, name: string): FieldValue => {
  for (const place of [json, member(json, 'deliveryAddress'), member(json, 'billingAddress'), member(json, 'custom')]) {
    const value = member(place, name)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  }
  return null
}

const pick = (json: unknown, fields: readonly string[]): Record<string, FieldValue> =>
  Object.fromEntries(fields.map((name) => [name, memberOf(json, name)]))

/** Everything that carries our key, page by page: contacts by their data field, documents of our collections by the key itself. */
export async function* listAll(
  account: Account,
  query: { object: string; fields: readonly string[]; foreign: boolean },
): AsyncGenerator<ListedObject[]> {
  const { contract } = account.ctx
  const { object, fields, foreign } = query
  const kind = documentOf[object]
  if (object === 'contact') {
    for await (const page of pagesOfContacts(account, [
      fieldName(contactKeyField, contract.prefix),
      ...fields.filter((name) => name !== 'email'),
    ])) {
      yield page.map((contact) => contactLink(contact, fields, contract.prefix)).filter(({ key }) => foreign || key !== '')
    }
  }
  if (kind === undefined) return
  const collection = collectionOf(kind, account.settings, contract)
  let marker: string | undefined
  do {
    const path = `/insightData/v3/${collection.scope === 'account' ? 'account' : 'contacts'}/${encodeURIComponent(collection.name)}`
    const reply = await account.send({
      method: 'GET',
      path,
      query: { limit: 1_000, ...(marker === undefined ? {} : { marker }) },
      call: `list of ${collection.name}`,
      tier: 'low',
    })
    if (reply.status === 404) return
    yield itemsOf(reply, `list of ${collection.name}`, account).flatMap((item): ListedObject[] => {
      const key = asText(member(item, 'key'))
      if (key === undefined) return []
      const owner = collection.scope === 'account' ? undefined : asId(member(item, 'ownerContactId'))
      return [{ object, key, remoteId: documentId(owner, key), fields: pick(member(item, 'json'), fields) }]
    })
    const next = asText(member(member(member(reply.body, '_links'), 'next'), 'marker'))
    marker = next === marker ? undefined : next
  } while (marker !== undefined)
}

/** Objects by their ids, one call each: there is no read of many. */
export const readAll = async (
  account: Account,
  { object, remoteIds, fields }: { object: string; remoteIds: readonly string[]; fields: readonly string[] },
): Promise<ReadObject[]> => {
  const { contract } = account.ctx
  const kind = documentOf[object]
  const read: ReadObject[] = []
  for (const id of remoteIds) {
    if (object === 'contact') {
      const contact = await getContact(account, 'contactId', id)
      if (contact !== undefined) read.push(contactLink(contact, fields, contract.prefix))
    } else if (kind !== undefined) {
      const collection = collectionOf(kind, account.settings, contract)
      const { owner, key } = readDocumentId(id, collection)
      const json = await readDocument(account, collection, owner, key)
      if (json !== undefined) read.push({ object, key, remoteId: id, fields: pick(json, fields) })
    }
  }
  return read
}
