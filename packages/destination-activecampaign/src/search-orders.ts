import { chunk } from '@millrace/adapter-kit'
import type { DestinationContext, FieldValue, Found, ListedObject, ReadObject } from '@millrace/core'
import type { Account } from './account.ts'
import { ordersPerCall, requireData } from './graphql.ts'
import { member, rowsOf, textOf } from './json.ts'
import { objects } from './objects.ts'
import type { ReadQuery } from './list.ts'

/** Fields of ours that no order at the vendor has. */
const apart = new Set(['connection', 'acceptsMarketing'])

const readable = (names: readonly string[]): string[] =>
  names.filter((name) => !apart.has(name) && Object.hasOwn(objects['order']?.fields ?? {}, name))

const selection = (names: readonly string[]): string =>
  [...new Set(['id', 'storeOrderId', 'legacyConnectionId', ...readable(names)])].join(' ')

const fieldsOf = (row: unknown, names: readonly string[]): Record<string, FieldValue> =>
  Object.fromEntries(readable(names).map((name) => [name, textOf(row, name) ?? null]))

const toObject = (row: unknown, { object, fields }: ReadQuery): ReadObject[] => {
  const [remoteId, key] = [textOf(row, 'id'), textOf(row, 'storeOrderId')]
  return remoteId === undefined || key === undefined ? [] : [{ object, key, remoteId, fields: fieldsOf(row, fields) }]
}

/** Orders by our own key, a hundred keys per request. Another shop of the account may have orders of the same name: they are not ours. */
export const findOrders = async (account: Account, keys: readonly string[], ctx: DestinationContext): Promise<Found[]> => {
  const ours = new Set((await account.connections.known(ctx.signal)).values())
  const found: Found[] = []
  for (const part of chunk(keys, ordersPerCall)) {
    const filter = `{ storeOrderId: { value: ${JSON.stringify(part)}, filterOperator: IN } }`
    const wanted = new Set(part)
    for (let offset = 0; ; offset += ordersPerCall) {
      const page = `pagination: { limit: ${ordersPerCall}, offset: ${offset} }`
      const query = `query { searchOrder(filter: ${filter}, ${page}) { ${selection([])} } }`
      const data = await requireData(account.client, { query, call: 'search of orders', signal: ctx.signal })
      const rows = rowsOf(data, 'searchOrder')
      for (const row of rows) {
        const [remoteId, key] = [textOf(row, 'id'), textOf(row, 'storeOrderId')]
        const isOurs = ours.has(textOf(row, 'legacyConnectionId') ?? '')
        if (remoteId !== undefined && key !== undefined && wanted.has(key) && isOurs) found.push({ remoteId, key, value: key, fields: {} })
      }
      if (rows.length < ordersPerCall) break
    }
  }
  return found
}

/** Every order of our connections, in pages. */
export async function* listOrders(
  account: Account,
  query: ReadQuery & { foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  const ours = new Set((await account.connections.known(ctx.signal)).values())
  for (let offset = 0; ; offset += ordersPerCall) {
    const text = `query { searchOrder(filter: {}, pagination: { limit: ${ordersPerCall}, offset: ${offset} }) { ${selection(query.fields)} } }`
    const data = await requireData(account.client, { query: text, call: 'list of orders', signal: ctx.signal })
    const rows = rowsOf(data, 'searchOrder')
    yield rows.flatMap((row) => {
      const isOurs = ours.has(textOf(row, 'legacyConnectionId') ?? '')
      if (!isOurs && query.foreign !== true) return []
      return toObject(row, query).map((one) => (isOurs ? one : { ...one, key: '' }))
    })
    if (rows.length < ordersPerCall) return
  }
}

/** Orders by their ids. */
export const readOrders = async (
  account: Account,
  query: ReadQuery & { remoteIds: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  const found: ReadObject[] = []
  for (const id of query.remoteIds) {
    const text = `query { getOrder(id: ${JSON.stringify(id)}) { ${selection(query.fields)} } }`
    const data = await requireData(account.client, { query: text, call: 'order by id', signal: ctx.signal })
    found.push(...toObject(member(data, 'getOrder'), query))
  }
  return found
}
