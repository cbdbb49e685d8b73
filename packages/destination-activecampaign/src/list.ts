import type { DestinationContext, ListedObject, ReadObject } from '@millrace/core'
import type { Account } from './account.ts'
import { listCarts, readCarts } from './cart-rows.ts'
import { contactFields, ownKey } from './contact-fields.ts'
import { contactPages } from './contact-pages.ts'
import { textOf } from './json.ts'
import { keyTitle } from './names.ts'
import { readContact, type ReadContact } from './read-contact.ts'
import { listOrders, readOrders } from './search-orders.ts'

/** What is read of objects. */
export interface ReadQuery {
  object: string
  fields: readonly string[]
}

const contactObject = async (
  account: Account,
  contact: ReadContact,
  { object, fields }: ReadQuery,
  ctx: DestinationContext,
): Promise<ReadObject> => {
  const schema = await account.schema.get(ctx.signal)
  return { object, key: ownKey(contact, schema, keyTitle(ctx.contract)), remoteId: contact.id, ...contactFields(contact, fields, schema) }
}

async function* listContacts(
  account: Account,
  query: ReadQuery & { foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  for await (const { rows } of contactPages(account.client, {}, ctx.signal)) {
    const listed: ListedObject[] = []
    for (const row of rows) {
      // A page names no custom values, and our key is one.
      const contact = await readContact(account.client, textOf(row, 'id') ?? '', ctx.signal)
      if (contact === undefined) continue
      const { object, key, remoteId, fields } = await contactObject(account, contact, query, ctx)
      if (key !== '' || query.foreign === true) listed.push({ object, key, remoteId, fields })
    }
    yield listed
  }
}

/** Every object that carries our key, in pages; the others too with `foreign`. */
export async function* listObjects(
  account: Account,
  query: ReadQuery & { foreign?: boolean },
  ctx: DestinationContext,
): AsyncGenerator<ListedObject[]> {
  if (query.object === 'contact') yield* listContacts(account, query, ctx)
  if (query.object === 'order') yield* listOrders(account, query, ctx)
  if (query.object === 'cart') yield* listCarts(account, query, ctx)
}

/** Objects by their ids. Ids that are gone are left out. */
export const readObjects = async (
  account: Account,
  query: ReadQuery & { remoteIds: readonly string[] },
  ctx: DestinationContext,
): Promise<ReadObject[]> => {
  if (query.object === 'order') return readOrders(account, query, ctx)
  if (query.object === 'cart') return readCarts(account, query, ctx)
  if (query.object !== 'contact') return []
  const found: ReadObject[] = []
  for (const id of query.remoteIds) {
    const contact = await readContact(account.client, id, ctx.signal)
    if (contact !== undefined) found.push(await contactObject(account, contact, query, ctx))
  }
  return found
}
