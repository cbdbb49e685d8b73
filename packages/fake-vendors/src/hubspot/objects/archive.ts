import type { HttpReply } from '../../http/index.ts'
import { inputsOf, requiredString } from '../body.ts'
import { notFound } from '../errors.ts'
import type { ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import { noContent, type RouteContext } from '../route.ts'
import { batchCap } from './batch.ts'
import { archiveRecord, currentId, findRecord, type StoredRecord } from './store.ts'

/** POST batch/archive: 204, whether or not the ids exist. */
export function batchArchive(context: RouteContext): HttpReply {
  const { portal, type } = context
  for (const input of inputsOf(context, batchCap, 'batch-cap-100')) {
    const record = findRecord(portal.stores[type.name], requiredString(input, 'id'))
    if (record !== undefined) archive(portal, type, record)
  }
  return noContent
}

/** DELETE a single object: 204, also when it is archived already; 404 when it never was. */
export function archiveOne({ portal, type, params }: RouteContext): HttpReply {
  const store = portal.stores[type.name]
  const id = currentId(store, params['id'] ?? '')
  const record = store.records.get(id)
  if (record !== undefined) archive(portal, type, record)
  else if (!store.archived.has(id)) return notFound('object-not-found', 'resource not found')
  return noContent
}

/** Moves a record into the recycle bin; its associations are no longer seen. */
export function archive(portal: Portal, type: ObjectType, record: StoredRecord): void {
  archiveRecord(portal.stores[type.name], record, portal.settings.now())
  portal.associations.removeAll(type.name, record.id)
}
