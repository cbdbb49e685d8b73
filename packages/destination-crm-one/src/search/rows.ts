import type { DestinationContext, Input } from '@millrace/core'
import { operationOf, refusal, type Api } from '../api.ts'
import type { DialectObject, Operation } from '../dialect/dialect.ts'
import type { Values } from '../dialect/fill.ts'
import { asList, isObject, member } from '../json.ts'

/** An object as the CRM holds it. `key` is empty where it carries none of ours. */
export interface Row {
  remoteId: string
  key: string
  version: unknown
  body: Readonly<Record<string, unknown>>
}

/** Our key as the CRM holds it: with the prefix of the contract before it. */
export const codeOf = (key: string, prefix: string): string => `${prefix}:${key}`

const keyOfCode = (code: unknown, prefix: string): string =>
  typeof code === 'string' && code.startsWith(`${prefix}:`) ? code.slice(prefix.length + 1) : ''

/** Ids as the CRM writes them. */
export const nativeId = ({ dialect }: Api, remoteId: string): number | string =>
  dialect.transport.kind === 'json-rpc' && dialect.transport.ids === 'number' ? Number(remoteId) : remoteId

/** What has to be asked for so that a row can be compared and changed. */
export const fieldsToRead = ({ keyField, lists = [], versionField }: DialectObject, fields: readonly string[] = []): string[] => [
  ...new Set([
    keyField,
    ...fields,
    ...lists.flatMap(({ at, read }) => read.map((one) => `${at.slice(1)}.${one}`)),
    ...(versionField === undefined ? [] : [versionField]),
  ]),
]

const rowOf = (entry: unknown, { keyField, versionField, lists = [] }: DialectObject, prefix: string): Row[] => {
  const id = member(entry, 'id')
  if (!isObject(entry) || (typeof id !== 'number' && typeof id !== 'string')) return []
  // What was asked for inside a list comes back beside it, under the name of the list and a dot.
  const inside = Object.fromEntries(lists.map(({ at }) => [at.slice(1), entry[`${at.slice(1)}.`] ?? []]))
  return [
    {
      remoteId: String(id),
      key: keyOfCode(entry[keyField], prefix),
      version: versionField === undefined ? undefined : entry[versionField],
      body: { ...entry, ...inside },
    },
  ]
}

/** Rows of an answer. Throws what the CRM has against reading. */
export const readRows = async (api: Api, object: string, operation: Operation, values: Values, ctx: DestinationContext): Promise<Row[]> => {
  const spec = api.dialect.objects[object]
  const answer = await api.transport.send({ operation, values, what: `read of ${object}` }, ctx)
  if (spec === undefined || !answer.ok || !Array.isArray(answer.value)) throw refusal(api, answer, `read of ${object}`, ctx)
  return asList(answer.value).flatMap((entry) => rowOf(entry, spec, ctx.contract.prefix))
}

/** Rows that carry one of these keys. */
export const searchKeys = async (
  api: Api,
  object: string,
  keys: readonly string[],
  fields: readonly string[],
  ctx: DestinationContext,
): Promise<Row[]> => {
  if (keys.length === 0) return []
  const values = keys.map((key) => codeOf(key, ctx.contract.prefix))
  return readRows(api, object, operationOf(api, object, 'search'), { values, fields }, ctx)
}

/** Rows by the ids of the CRM; ids that are gone are left out. */
export const readIds = async (
  api: Api,
  object: string,
  remoteIds: readonly string[],
  fields: readonly string[],
  ctx: DestinationContext,
): Promise<Row[]> =>
  remoteIds.length === 0
    ? []
    : readRows(api, object, operationOf(api, object, 'read'), { remoteIds: remoteIds.map((id) => nativeId(api, id)), fields }, ctx)

/** The row of an input: by its key, its former key, or the id that is known. */
export const rowFor = ({ key, remoteKey, remoteId }: Input, rows: readonly Row[]): Row | undefined =>
  rows.find((row) => row.key === key) ??
  rows.find((row) => remoteKey !== undefined && row.key === remoteKey) ??
  rows.find((row) => row.remoteId === remoteId)
