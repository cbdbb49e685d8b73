import type { HttpReply } from '../../http/index.ts'
import { inputsOf, objectBody, optionalString, requiredString, stringList } from '../body.ts'
import { invalid, notFound } from '../errors.ts'
import { findObjectType } from '../object-types.ts'
import { ok, type RouteContext } from '../route.ts'
import { batchCap, batchReply, missingObjects } from './batch.ts'
import { checkIdProperty, resolve } from './inputs.ts'
import { pageOfRecords, type StoredRecord } from './store.ts'
import { readView } from './view.ts'

const historyCap = 50

/** POST batch/read: 200, or 207 when some are not found. Two ids of one record give one result. */
export function batchRead(context: RouteContext): HttpReply {
  const { portal, type, query } = context
  const store = portal.stores[type.name]
  const startedAt = portal.settings.now()
  const body = objectBody(context)
  const properties = stringList(body, 'properties')
  const history = stringList(body, 'propertiesWithHistory')
  const idProperty = optionalString(body, 'idProperty')
  const inputs =
    history.length > 0 ? inputsOf(context, historyCap, 'batch-read-history-cap-50') : inputsOf(context, batchCap, 'batch-cap-100')
  if (idProperty !== undefined && idProperty !== 'hs_object_id') checkIdProperty(store, idProperty)
  const key = idProperty === 'hs_object_id' ? undefined : idProperty
  const found = new Set<StoredRecord>()
  const missing: string[] = []
  for (const input of inputs) {
    const id = requiredString(input, 'id')
    const record = query.get('archived') === 'true' ? store.archived.get(id) : resolve(portal, store, key, id)
    if (record === undefined) missing.push(id)
    else found.add(record)
  }
  const results = [...found].map((record) => readView(portal, store, record, properties, history))
  return batchReply(portal, startedAt, 200, results, missing.length > 0 ? [missingObjects(type.singular, missing)] : [])
}

/** GET a single object: 200 or 404. An id from before a merge answers with the record and its new id. */
export function readOne({ portal, type, params, query }: RouteContext): HttpReply {
  const store = portal.stores[type.name]
  const idProperty = query.get('idProperty') ?? undefined
  if (idProperty !== undefined) checkIdProperty(store, idProperty)
  const id = params['id'] ?? ''
  const record = query.get('archived') === 'true' ? store.archived.get(id) : resolve(portal, store, idProperty, id)
  if (record === undefined) return notFound('object-not-found', 'resource not found')
  const view = readView(portal, store, record, listParameter(query, 'properties'), listParameter(query, 'propertiesWithHistory'))
  const associated = listParameter(query, 'associations').map(
    (name) => findObjectType(name) ?? invalid('object-type-unknown', `Unable to infer object type from: ${name}`),
  )
  if (associated.length === 0) return ok(view)
  const associations = associated.flatMap((other) => {
    const linked = [...portal.associations.linked(type.name, record.id, other.name).keys()]
    const label = `${type.singular}_to_${other.singular}`
    return linked.length === 0 ? [] : [[other.name.replaceAll('_', ' '), { results: linked.map((toId) => ({ id: toId, type: label })) }]]
  })
  return ok({ ...view, ...(associations.length > 0 && { associations: Object.fromEntries(associations) }) })
}

/** GET a page of objects in creation order. */
export function list({ portal, type, query }: RouteContext): HttpReply {
  const store = portal.stores[type.name]
  const limit = Number(query.get('limit') ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) invalid('list-cap-100', 'limit must be between 1 and 100')
  const after = query.get('after') ?? undefined
  if (after !== undefined && !/^\d+$/.test(after)) invalid('body-shape', 'after is no paging cursor')
  const records = query.get('archived') === 'true' ? store.archived : store.records
  const page = pageOfRecords(store, records, after, limit + 1)
  const last = page.length > limit ? page[limit - 1] : undefined
  const results = page
    .slice(0, limit)
    .map((record) => readView(portal, store, record, listParameter(query, 'properties'), listParameter(query, 'propertiesWithHistory')))
  return ok({ results, ...(last !== undefined && { paging: { next: { after: last.id, link: `?after=${last.id}` } } }) })
}

function listParameter(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.split(',').filter((part) => part !== ''))
}
