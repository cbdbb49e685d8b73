import type { HttpReply } from '../../http/index.ts'
import { inputsOf, malformed, optionalString, propertyValues, requiredString } from '../body.ts'
import { invalid } from '../errors.ts'
import type { Portal } from '../portal.ts'
import type { RouteContext } from '../route.ts'
import { batchCap, runBatch, type BatchRow } from './batch.ts'
import { commitCreate, commitUpdate } from './commit.ts'
import { checkDuplicates, oneIdProperty, resolve } from './inputs.ts'
import { prepareValues } from './prepare.ts'
import type { ObjectStore, StoredRecord } from './store.ts'
import { writeView } from './view.ts'

/** POST batch/upsert: 200. Finds by one unique property, creates what is not found. */
export function batchUpsert(context: RouteContext): HttpReply {
  const { portal, type } = context
  const store = portal.stores[type.name]
  const inputs = inputsOf(context, batchCap, 'batch-cap-100')
  for (const input of inputs)
    if ('associations' in input) invalid('upsert-no-associations', 'Invalid input JSON: Unrecognized field "associations"')
  const ids = inputs.map((input) => requiredString(input, 'id'))
  const idProperty = oneIdProperty(
    store,
    inputs.map((input) => optionalString(input, 'idProperty')),
  )
  if (idProperty === undefined) return malformed('"idProperty" is required')
  checkDuplicates(portal, store, idProperty, ids)
  const rows = inputs.map((input, index): BatchRow => {
    const id = ids[index] ?? ''
    const properties = propertyValues(input)
    return {
      traceId: optionalString(input, 'objectWriteTraceId'),
      prepare() {
        const record = resolve(portal, store, idProperty, id)
        const given = record === undefined ? { [idProperty]: id, ...properties } : properties
        const values = prepareValues(portal, store, record, given)
        const written = new Set([idProperty, ...Object.keys(properties)])
        return {
          commit() {
            if (record === undefined) return commitCreate(portal, store, values)
            return commitUpdate(portal, store, record, { ...omitted(portal, store, record, idProperty, properties), ...values })
          },
          view: ({ record: stored, created }) => ({ ...writeView(portal, store, stored, written), new: created }),
        }
      },
    }
  })
  return runBatch(portal, type.singular, rows, 200)
}

/** An upsert by e-mail is documented as not supporting partial updates; the harmful reading blanks what it does not name. */
function omitted(
  portal: Portal,
  store: ObjectStore,
  record: StoredRecord,
  idProperty: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  if (idProperty !== 'email' || portal.settings.partialUpsertByEmail === 'keep') return {}
  const blank = Object.keys(record.properties).filter(
    (name) => name !== 'email' && given[name] === undefined && store.properties.get(name)?.readOnlyValue === false,
  )
  return Object.fromEntries(blank.map((name) => [name, '']))
}
