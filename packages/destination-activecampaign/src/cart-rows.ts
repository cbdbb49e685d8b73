import {
  currencyDigits,
  fromMinorUnits,
  type DestinationContext,
  type FieldValue,
  type ListedObject,
  type ReadObject,
} from '@millrace/core'
import type { Account } from './account.ts'
import type { Client } from './client.ts'
import { isObject, member, textOf } from './json.ts'
import type { ReadQuery } from './list.ts'
import { pagesOf } from './pages.ts'

/** A cart is a row with a checkout id and no order id yet. */
const isCart = (row: unknown): boolean => textOf(row, 'externalcheckoutid') !== undefined && textOf(row, 'externalid') === undefined

/** The row of a cart, or of the order that it became; undefined when there is none. */
export const findCart = async (
  client: Client,
  cart: { connection: string; key: string },
  signal: AbortSignal,
): Promise<string | undefined> => {
  const query = { 'filters[connectionid]': cart.connection, 'filters[externalcheckoutid]': cart.key }
  for await (const { rows } of pagesOf(client, { path: 'ecomOrders', name: 'ecomOrders', query, signal })) {
    const row = rows.find((one) => textOf(one, 'externalcheckoutid') === cart.key && textOf(one, 'connectionid') === cart.connection)
    if (row !== undefined) return textOf(row, 'id')
  }
  return undefined
}

const amounts = new Set(['totalPrice', 'shippingAmount', 'taxAmount', 'discountAmount'])
/** Fields of ours that no cart at the vendor has under that name. */
const apart = new Set(['connection', 'state'])

/** A value as the contract has it: amounts as decimals, which the API keeps in the smallest unit of the currency. */
const valueOf = (row: unknown, name: string): FieldValue => {
  const text = textOf(row, name)
  const currency = textOf(row, 'currency')
  if (text === undefined || !amounts.has(name)) return text ?? null
  if (currency === undefined || !/^-?\d+$/.test(text)) return null
  return fromMinorUnits(currency, text, currencyDigits(currency)).amount
}

const toObject = (row: unknown, { object, fields }: ReadQuery): ReadObject[] => {
  const [remoteId, key] = [textOf(row, 'id'), textOf(row, 'externalcheckoutid')]
  if (remoteId === undefined || key === undefined || !isCart(row)) return []
  return [
    {
      object,
      key,
      remoteId,
      fields: Object.fromEntries(fields.filter((name) => !apart.has(name)).map((name) => [name, valueOf(row, name)])),
    },
  ]
}

/** Every cart of our connections, in pages. */
export async function* listCarts(account: Account, query: ReadQuery, ctx: DestinationContext): AsyncGenerator<ListedObject[]> {
  for (const connection of (await account.connections.known(ctx.signal)).values()) {
    const listing = { path: 'ecomOrders', name: 'ecomOrders', query: { 'filters[connectionid]': connection }, signal: ctx.signal }
    for await (const { rows } of pagesOf(account.client, listing))
      yield rows.filter((row) => textOf(row, 'connectionid') === connection).flatMap((row) => toObject(row, query))
  }
}

/** Carts by their ids. */
export const readCarts = async (
  account: Account,
  query: ReadQuery & { remoteIds: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  const found: ReadObject[] = []
  for (const id of query.remoteIds) {
    const call = 'cart'
    const reply = await account.client.send({ method: 'GET', path: `ecomOrders/${encodeURIComponent(id)}`, call, signal: ctx.signal })
    if (reply.status === 404) continue
    const row = member(reply.body, 'ecomOrder')
    if (reply.status !== 200 || !isObject(row)) throw account.client.error(reply, call)
    found.push(...toObject(row, query))
  }
  return found
}
