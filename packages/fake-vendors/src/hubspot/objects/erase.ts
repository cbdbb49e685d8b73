import type { HttpReply } from '../../http/index.ts'
import { objectBody, optionalString, requiredString } from '../body.ts'
import { invalid, notFound } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { foldEmail } from '../properties/email.ts'
import { noContent, type RouteContext } from '../route.ts'
import { dropRecord, findByAnyEmail, findRecord, type StoredRecord } from './store.ts'

/** POST contacts/gdpr-delete: 204. By an address that nobody has, the address is blocked for ever. */
export function gdprDelete(context: RouteContext): HttpReply {
  const { portal, type } = context
  if (type.name !== 'contacts') return notFound('path-unknown', 'Only contacts can be erased.')
  const body = objectBody(context)
  const id = requiredString(body, 'objectId')
  const idProperty = optionalString(body, 'idProperty')
  if (idProperty !== undefined && idProperty !== 'email') invalid('id-property-unique', 'idProperty can only be email.')
  const store = portal.stores.contacts
  const record = idProperty === 'email' ? findByAnyEmail(store, id) : findRecord(store, id)
  if (record !== undefined) erase(portal, record)
  else if (idProperty === 'email') portal.blocklist.add(foldEmail(id))
  else return notFound('object-not-found', 'resource not found')
  return noContent
}

function erase(portal: Portal, record: StoredRecord): void {
  dropRecord(portal.stores.contacts, record)
  portal.associations.removeAll('contacts', record.id)
  for (const { members } of portal.lists.values()) members.delete(record.id)
}
