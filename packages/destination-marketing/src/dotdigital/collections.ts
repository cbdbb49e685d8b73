import type { Contract } from '@millrace/core'
import type { DocumentKind } from '../provider.ts'
import type { Account } from './account.ts'
import { callError } from './errors.ts'
import { isObject, member } from './json.ts'
import type { Settings } from './settings.ts'

/** A collection of insight data. */
export interface Collection {
  name: string
  scope: 'account' | 'contact'
  type: 'catalog' | 'orders' | 'cartInsight'
}

/** The collection that documents of a kind go to. */
export const collectionOf = (kind: DocumentKind, { collections }: Settings, { prefix }: Contract): Collection => {
  switch (kind) {
    case 'catalog':
      return { name: collections.catalog ?? `catalog_${prefix}`, scope: 'account', type: 'catalog' }
    case 'orders':
      return { name: collections.orders ?? 'Orders', scope: 'contact', type: 'orders' }
    case 'carts':
      return { name: collections.carts ?? 'CartInsight', scope: 'contact', type: 'cartInsight' }
  }
}

/** Makes a collection; one that is there stays as it is. */
export const createCollection = async (account: Account, { name, scope, type }: Collection): Promise<void> => {
  await account.require({
    method: 'POST',
    path: `/insightData/v3/collections/${encodeURIComponent(name)}`,
    query: { collectionScope: scope, collectionType: type },
    call: `making of the collection ${name}`,
    tier: 'medium',
    idempotent: true,
  })
}

/** Id of a document as the engine keeps it: its key, with the contact that it stands under before it. */
export const documentId = (owner: string | undefined, key: string): string => (owner === undefined ? key : `${owner}/${key}`)

/** Takes an id apart. */
export const readDocumentId = (id: string, { scope }: Collection): { owner: string | undefined; key: string } => {
  if (scope === 'account') return { owner: undefined, key: id }
  const [owner = '', ...key] = id.split('/')
  return { owner, key: key.join('/') }
}

/** Path of one document. */
export const documentPath = ({ name, scope }: Collection, owner: string | undefined, key: string): string =>
  scope === 'account'
    ? `/insightData/v3/account/${encodeURIComponent(name)}/${encodeURIComponent(key)}`
    : `/insightData/v3/contacts/contactId/${encodeURIComponent(owner ?? '')}/${encodeURIComponent(name)}/${encodeURIComponent(key)}`

/** The JSON of a document; undefined when it is not there. Throws MillraceError for an answer that says neither. */
export const readDocument = async (
  account: Account,
  collection: Collection,
  owner: string | undefined,
  key: string,
): Promise<Record<string, unknown> | undefined> => {
  const call = `reading of ${collection.name}`
  const reply = await account.send({ method: 'GET', path: documentPath(collection, owner, key), call, tier: 'high' })
  if (reply.status === 404) return undefined
  const json = member(reply.body, 'json')
  if (reply.status !== 200 || !isObject(json)) throw callError(reply, call, account.ctx.clock.now())
  return json
}

/** Removes a document; one that is not there is removed. */
export const deleteDocument = async (account: Account, collection: Collection, id: string): Promise<void> => {
  const { owner, key } = readDocumentId(id, collection)
  const call = {
    method: 'DELETE',
    path: documentPath(collection, owner, key),
    call: `removal from ${collection.name}`,
    tier: 'medium',
    idempotent: true,
  } as const
  const reply = await account.send(call)
  if (reply.status !== 404 && (reply.status < 200 || reply.status >= 300)) await account.require(call)
}
