import { foldEmail } from '@millrace/adapter-kit'
import { fieldName, type DestinationContext, type Found } from '@millrace/core'
import type { Account } from './account.ts'
import { contactFields, ownKey } from './contact-fields.ts'
import { keyTitle } from './names.ts'
import { orderKey } from './objects.ts'
import { findOrders } from './search-orders.ts'
import { readContact } from './read-contact.ts'

/** What to look for: objects whose field `by` has one of the values. */
export interface FindQuery {
  object: string
  by: string
  values: readonly string[]
}

const findContacts = async (account: Account, values: readonly string[], ctx: DestinationContext): Promise<Found[]> => {
  const { signal, contract } = ctx
  const ids = await account.directory.idsOf(values, signal)
  const schema = await account.schema.get(signal)
  const names = Object.keys(contract.objects['contact']?.fields ?? {})
  const found: Found[] = []
  for (const [value, id] of ids) {
    const contact = await readContact(account.client, id, signal)
    // Its address may have changed since it was read.
    if (contact === undefined || foldEmail(contact.email) !== foldEmail(value)) continue
    found.push({
      remoteId: id,
      value,
      key: ownKey(contact, schema, keyTitle(contract)),
      fields: contactFields(contact, names, schema).fields,
    })
  }
  return found
}

/** Finds contacts by e-mail for adoption, and orders by our own key. Other fields cannot be searched for. */
export const findObjects = async (account: Account, { object, by, values }: FindQuery, ctx: DestinationContext): Promise<Found[]> => {
  if (values.length === 0) return []
  if (object === 'contact' && by === 'email') return findContacts(account, values, ctx)
  if (object === 'order' && by === fieldName(orderKey, ctx.contract.prefix)) return findOrders(account, values, ctx)
  return []
}
