import type { ConnectedDestination } from '@millrace/adapter-kit'
import {
  isMillraceError,
  type CheckFinding,
  type DestinationContext,
  type FieldValue,
  type Found,
  type Input,
  type ListedObject,
  type Outcome,
  type ReadObject,
} from '@millrace/core'
import { objectOf, type Api } from '../api.ts'
import { decodeField } from '../encode.ts'
import { fillTemplate } from '../dialect/fill.ts'
import { failureFinding } from '../rest/check.ts'
import { deliverSearched } from './deliver-searched.ts'
import { fieldsToRead, nativeId, readIds, readRows, searchKeys, type Row } from './rows.ts'

/** The fields at the CRM that fields of the contract are read from. */
const nativeFields = (api: Api, object: string, fields: readonly string[]): string[] => {
  const spec = objectOf(api, object)
  const scalars = fields.flatMap((name) => {
    const field = spec.fields[name]
    return field === undefined || field.item !== undefined ? [] : [field.at.slice(1)]
  })
  return fieldsToRead(spec, scalars)
}

const fieldsOf = (api: Api, object: string, { body }: Row, fields: readonly string[]): Record<string, FieldValue> =>
  Object.fromEntries(fields.map((name) => [name, decodeField(objectOf(api, object), name, body)]))

async function* deliver(api: Api, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  for (const [object, group] of Map.groupBy(inputs, (input) => input.object)) yield* deliverSearched(api, object, group, ctx)
}

const find = async (
  api: Api,
  { object, by, values }: { object: string; by: string; values: readonly string[] },
  ctx: DestinationContext,
): Promise<Found[]> => {
  if (by !== objectOf(api, object).keyField) return []
  const names = Object.keys(ctx.contract.objects[object]?.fields ?? {})
  const rows = await searchKeys(api, object, values, nativeFields(api, object, names), ctx)
  return rows.map((row) => ({ remoteId: row.remoteId, key: row.key, value: row.key, fields: fieldsOf(api, object, row, names) }))
}

const read = async (
  api: Api,
  { object, remoteIds, fields }: { object: string; remoteIds: readonly string[]; fields: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  const rows = await readIds(api, object, remoteIds, nativeFields(api, object, fields), ctx)
  return rows.map((row) => ({ object, key: row.key, remoteId: row.remoteId, fields: fieldsOf(api, object, row, fields) }))
}

const epoch = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 }

async function* list(
  api: Api,
  { object, fields, foreign = false }: { object: string; fields: readonly string[]; foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  const { reconcile, transport } = api.dialect
  if (reconcile === undefined || reconcile.object !== object || transport.kind !== 'json-rpc') return
  const asked = nativeFields(api, object, fields)
  const since = fillTemplate(transport.datetime, epoch)
  for (let after = '0'; ;) {
    const values = { since, after: nativeId(api, after), limit: reconcile.pageSize, fields: asked }
    const rows = await readRows(api, object, reconcile.operation, values, ctx)
    yield rows.flatMap((row) =>
      row.key === '' && !foreign ? [] : [{ object, key: row.key, remoteId: row.remoteId, fields: fieldsOf(api, object, row, fields) }],
    )
    if (rows.length < reconcile.pageSize) return
    after = rows.at(-1)?.remoteId ?? after
  }
}

/** Logs in and looks for one key: address, credential, database and the fields that are asked for. */
const check = async (api: Api, ctx: DestinationContext): Promise<CheckFinding[]> => {
  try {
    for (const object of Object.keys(ctx.contract.objects))
      await find(api, { object, by: objectOf(api, object).keyField, values: ['millrace-check'] }, ctx)
    return [{ level: 'ok', code: 'crm_reached', message: `${api.dialect.label} answers, and has the fields of the contract.` }]
  } catch (error) {
    if (isMillraceError(error)) return [failureFinding(error, ctx.connection)]
    throw error
  }
}

/** What a CRM without an upsert can be asked for. What its dialect declares missing is absent. */
export const searchDestination = (api: Api): ConnectedDestination => ({
  deliver: (inputs, ctx) => deliver(api, inputs, ctx),
  find: (query, ctx) => find(api, query, ctx),
  read: (query, ctx) => read(api, query, ctx),
  check: (ctx) => check(api, ctx),
  ...(api.dialect.reconcile === undefined
    ? {}
    : { list: (query: Parameters<typeof list>[1], ctx: DestinationContext) => list(api, query, ctx) }),
})
