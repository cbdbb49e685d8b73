import type { Contract } from '@millrace/core'
import type { DocumentKind } from '../provider.ts'
import type { Account } from './account.ts'
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
