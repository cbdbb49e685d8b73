import type { HttpReply } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { isSuccess, type Client } from './client.ts'
import { exactJson } from './exact-json.ts'
import { asList, isObject, member, rowsOf, textOf } from './json.ts'

/** Orders per request. The vendor states no limit for values that come as variables (vendor notes, "Unverified"); this is what its searches take. */
export const ordersPerCall = 100

/** One operation. */
export interface Operation {
  query: string
  variables?: Record<string, unknown>
  call: string
  signal: AbortSignal
  urgent?: boolean
}

/** Why an operation was refused. */
export interface Refusal {
  /** Records by their own key, and by their place in the list where the vendor tells no key, with what is wrong with each. */
  records: readonly { place: number; key: string; reason: string }[]
  /** The document was larger than the vendor parses; fewer records make it smaller. */
  isTooLarge: boolean
  /** It does not fit the vendor's schema, so it is no record's fault. */
  isSchema: boolean
  message: string
}

/** Sends an operation. Every write is an upsert, so it may be repeated. */
export const graphql = (client: Client, { query, variables, call, signal, urgent = false }: Operation): Promise<HttpReply> =>
  client.send({
    method: 'POST',
    path: 'ecom/graphql',
    body: exactJson({ query, ...(variables === undefined ? {} : { variables }) }),
    call,
    signal,
    urgent,
    idempotent: true,
  })

/** `path: ["bulkUpsertOrders", 0]` is how GraphQL itself names a part of the data that there is not. */
const recordOfPath = (error: Record<string, unknown>): Refusal['records'] => {
  const place = asList(error['path'])[1]
  return typeof place === 'number' ? [{ place, key: '', reason: textOf(error, 'message') ?? 'invalid' }] : []
}

/** `0-storeOrderId-1001` names the first record of the list (vendor notes, "Commerce"). */
const recordsOf = (extensions: unknown): Refusal['records'] =>
  isObject(extensions)
    ? Object.entries(extensions).flatMap(([name, reason]) => {
        const [, place, key = ''] = /^(\d+)-(?:storeOrderId-(.*))?/s.exec(name) ?? []
        return place === undefined ? [] : [{ place: Number(place), key, reason: typeof reason === 'string' ? reason : 'invalid' }]
      })
    : []

/** Answers that can speak of records. Others concern the whole call (key, rate, outage), whatever form they take. */
const aboutRecords = new Set([200, 400, 422])

/** Reads `errors[]` of an answer; undefined when there are none. */
export const refusalOf = ({ status, body }: HttpReply): Refusal | undefined => {
  if (!aboutRecords.has(status)) return undefined
  const errors = rowsOf(body, 'errors')
  if (errors.length === 0) return undefined
  const message = errors.flatMap((error) => textOf(error, 'message') ?? []).join(' ')
  return {
    records: errors.flatMap((error) => {
      const named = recordsOf(error['extensions'])
      return named.length > 0 ? named : recordOfPath(error)
    }),
    isTooLarge: /grammar tokens/i.test(message),
    isSchema: /not defined|is undefined|unknown (?:type|field|argument)|fieldundefined|unknowntype/i.test(message),
    message,
  }
}

/** The data of an operation. Throws MillraceError for a refusal, and for an answer that is no answer. */
export const requireData = async (client: Client, operation: Operation): Promise<unknown> => {
  const reply = await graphql(client, operation)
  const refusal = refusalOf(reply)
  if (!isSuccess(reply) || refusal !== undefined || !isObject(member(reply.body, 'data')))
    throw refusal === undefined ? client.error(reply, operation.call) : schemaError(operation.call)
  return member(reply.body, 'data')
}

/** The error of an operation that the vendor's schema does not take. */
export const schemaError = (call: string): MillraceError =>
  new MillraceError({
    code: 'rejected_by_vendor',
    scope: 'batch',
    message: `ActiveCampaign's GraphQL API refused ${call}: it does not know a name that was sent. Its schema may have changed; update this package, or take the field out of the contract.`,
    context: { call },
  })
