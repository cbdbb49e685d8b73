import type { HttpReply } from '../../http/index.ts'
import { inputsOf, objectBody, optionalString, propertyValues } from '../body.ts'
import type { ObjectType } from '../object-types.ts'
import type { Portal } from '../portal.ts'
import type { RouteContext } from '../route.ts'
import { batchCap, runBatch, type BatchRow, type PreparedRow } from './batch.ts'
import { commitCreate, type Committed } from './commit.ts'
import { inlineAssociations, linkInline } from './inline-associations.ts'
import { prepareValues } from './prepare.ts'
import { dropRecord } from './store.ts'
import { writeView } from './view.ts'

/** POST batch/create: 201. */
export function batchCreate(context: RouteContext): HttpReply {
  const { portal, type } = context
  const rows = inputsOf(context, batchCap, 'batch-cap-100').map((input): BatchRow => {
    const traceId = optionalString(input, 'objectWriteTraceId')
    const properties = propertyValues(input)
    return { traceId, prepare: () => prepareCreate(portal, type, input, properties) }
  })
  return runBatch(portal, type.singular, rows, 201)
}

/** POST a single object: 201, or 409 with the id of the existing one in the text only. */
export function createOne(context: RouteContext): HttpReply {
  const body = objectBody(context)
  const prepared = prepareCreate(context.portal, context.type, body, propertyValues(body))
  return { status: 201, body: prepared.view(prepared.commit()) }
}

function prepareCreate(
  portal: Portal,
  type: ObjectType,
  input: Record<string, unknown>,
  properties: Readonly<Record<string, string>>,
): PreparedRow {
  const store = portal.stores[type.name]
  const associations = inlineAssociations(type.name, input)
  const values = prepareValues(portal, store, undefined, properties)
  return {
    commit() {
      const committed = commitCreate(portal, store, values)
      const undo = (): void => {
        portal.associations.removeAll(type.name, committed.record.id)
        dropRecord(store, committed.record)
      }
      try {
        linkInline(portal, committed.record.id, associations)
      } catch (error) {
        undo()
        throw error
      }
      return { ...committed, undo }
    },
    view: ({ record }: Committed) => writeView(portal, store, record, new Set([...Object.keys(properties), ...Object.keys(values)])),
  }
}
