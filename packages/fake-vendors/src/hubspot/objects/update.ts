import type { HttpReply } from '../../http/index.ts'
import { inputsOf, objectBody, optionalString, propertyValues, requiredString } from '../body.ts'
import { notFound, refuse } from '../errors.ts'
import { ok, type RouteContext } from '../route.ts'
import { batchCap, runBatch, type BatchRow } from './batch.ts'
import { commitUpdate } from './commit.ts'
import { checkDuplicates, checkIdProperty, oneIdProperty, resolve } from './inputs.ts'
import { prepareValues } from './prepare.ts'
import { writeView } from './view.ts'

/** POST batch/update: 200. Ids are record ids, or values of one unique property. */
export function batchUpdate(context: RouteContext): HttpReply {
  const { portal, type } = context
  const store = portal.stores[type.name]
  const inputs = inputsOf(context, batchCap, 'batch-cap-100')
  const ids = inputs.map((input) => requiredString(input, 'id'))
  const idProperty = oneIdProperty(
    store,
    inputs.map((input) => optionalString(input, 'idProperty')),
  )
  checkDuplicates(portal, store, idProperty, ids)
  const rows = inputs.map((input, index): BatchRow => {
    const id = ids[index] ?? ''
    const properties = propertyValues(input)
    return {
      traceId: optionalString(input, 'objectWriteTraceId'),
      prepare() {
        const record = resolve(portal, store, idProperty, id)
        if (record === undefined) return unknownId(type.singular, id)
        const values = prepareValues(portal, store, record, properties)
        return {
          commit: () => commitUpdate(portal, store, record, values),
          view: () => writeView(portal, store, record, Object.keys(properties)),
        }
      },
    }
  })
  return runBatch(portal, type.singular, rows, 200)
}

function unknownId(singular: string, id: string): never {
  return refuse({
    rule: 'batch-update-unknown-id',
    status: 404,
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    rowContext: { ids: [id] },
  })
}

/** PATCH a single object: 200, 404 when there is none. */
export function updateOne(context: RouteContext): HttpReply {
  const { portal, type, params, query } = context
  const store = portal.stores[type.name]
  const idProperty = query.get('idProperty') ?? undefined
  if (idProperty !== undefined) checkIdProperty(store, idProperty)
  const properties = propertyValues(objectBody(context))
  const record = resolve(portal, store, idProperty, params['id'] ?? '')
  if (record === undefined) return notFound('object-not-found', 'resource not found')
  commitUpdate(portal, store, record, prepareValues(portal, store, record, properties))
  return ok(writeView(portal, store, record, Object.keys(properties)))
}
