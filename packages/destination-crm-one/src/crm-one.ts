import { defineDestination } from '@millrace/adapter-kit'
import type { Destination, ObjectSpec } from '@millrace/core'
import type { Api } from './api.ts'
import { required } from './api.ts'
import type { Dialect, DialectField, DialectObject } from './dialect/dialect.ts'
import { parseDialect } from './dialect/parse-dialect.ts'
import { crmOneDialect } from './dialects/crm-one.ts'
import { estimateBulks } from './rest/estimate.ts'
import { restTransport } from './rest/rest-transport.ts'
import { upsertDestination } from './rest/upsert-destination.ts'
import { readSchema, type CrmSchema } from './schema.ts'
import { rpcTransport } from './search/rpc-transport.ts'
import { searchDestination } from './search/search-destination.ts'
import { settingsSchema, type CrmOneSettings } from './settings.ts'
import type { Transport } from './transport.ts'

const fieldsOf = (fields: Readonly<Record<string, DialectField>>): ObjectSpec['fields'] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { at: _at, item: _item, member: _member, format: _format, ...spec }]) => [name, spec]),
  )

/** Over REST the contract of CRM One gives back contacts only. */
const specOf =
  ({ kind }: Dialect['transport']) =>
  ({
    operations: _operations,
    open: _open,
    deliver: _deliver,
    delivery: _delivery,
    fields,
    children,
    ...spec
  }: DialectObject): ObjectSpec => ({
    ...spec,
    ...(kind === 'json-rpc' || spec.from === 'person' ? {} : { writeOnly: true }),
    fields: fieldsOf(fields),
    ...(children === undefined
      ? {}
      : {
          children: Object.fromEntries(
            Object.entries(children).map(([name, child]) => [name, { keyField: child.keyField, fields: fieldsOf(child.fields) }]),
          ),
        }),
  })

const mapObjects = <T>(dialect: Dialect, of: (object: DialectObject) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(dialect.objects).map(([name, object]) => [name, of(object)]))

const openApi = (dialect: Dialect, baseUrl: string, transport: Transport): Api => {
  let schema: Promise<CrmSchema> | undefined
  const api: Api = {
    dialect,
    baseUrl,
    transport,
    schema(ctx) {
      const { schema: operation } = dialect.operations
      if (operation === undefined) return Promise.resolve(readSchema({}))
      if (schema !== undefined) return schema
      const reading = required(api, { operation, values: {}, what: 'the schema' }, ctx).then(({ value }) => readSchema(value))
      schema = reading
      // A failed read is not kept.
      reading.catch(() => {
        if (schema === reading) schema = undefined
      })
      return reading
    },
    forgetSchema() {
      schema = undefined
    },
  }
  return api
}

/**
 * A CRM as a destination: one that serves the contract of CRM One (docs/crm-one/openapi.yaml), or another one by a dialect. Throws MillraceError
 * `setting_invalid` and `dialect_invalid`.
 */
export const crmOne = ({ dialect: given = crmOneDialect, ...settings }: CrmOneSettings): Destination => {
  const dialect = parseDialect(given)
  const destination = defineDestination({
    name: dialect.name,
    settings: settingsSchema,
    objects: mapObjects(dialect, specOf(dialect.transport)),
    limits: { deliver: mapObjects(dialect, ({ deliver }) => deliver), find: 100 },
    delivery: mapObjects(dialect, ({ delivery }) => delivery),
    defaultContract: dialect.contract,
    api: ({ baseUrl, token }) => ({ baseUrl, ...(dialect.transport.auth === 'bearer' ? { credential: token } : {}) }),
    connect: ({ baseUrl, token }, { http }) => {
      const { transport } = dialect
      if (transport.kind === 'json-rpc')
        return searchDestination(openApi(dialect, baseUrl, rpcTransport({ label: dialect.label, transport }, token, http)))
      return upsertDestination(openApi(dialect, baseUrl, restTransport(transport, http)))
    },
  })(settings)
  return { ...destination, estimate: estimateBulks(dialect) }
}
