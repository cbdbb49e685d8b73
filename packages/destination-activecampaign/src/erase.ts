import { isMillraceError, type DestinationContext, type ErasureOutcome, type ErasureTarget } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { findByEmail } from './read-contact.ts'

const orderRemains =
  'Orders and the e-commerce customer of the person stay in ActiveCampaign with their e-mail address: its API has no call that deletes them. Ask its support, or delete the integration.'
const eventRemains =
  'Events that were tracked, and the history of campaigns, go with the contact as far as ActiveCampaign deletes them with it.'

const remove = async (account: Account, path: string, call: string, signal: AbortSignal): Promise<boolean> => {
  const reply = await account.client.send({ method: 'DELETE', path, call, signal, idempotent: true })
  if (reply.status === 404) return false
  if (!isSuccess(reply) && reply.status !== 204) throw account.client.error(reply, call, 'record')
  return true
}

const eraseOne = async (account: Account, person: ErasureTarget, ctx: DestinationContext): Promise<ErasureOutcome> => {
  const { signal } = ctx
  const contacts = new Set(person.remoteId === undefined ? [] : [person.remoteId])
  for (const email of person.emails) {
    const found = await findByEmail(account.client, email, signal)
    if (found !== undefined) contacts.add(found.id)
  }
  let removed = 0
  for (const id of contacts) {
    account.addresses.forget(id)
    if (await remove(account, `contacts/${encodeURIComponent(id)}`, 'deletion of a contact', signal)) removed += 1
  }
  const carts = person.related.filter(({ object }) => object === 'cart')
  for (const { remoteId } of carts) await remove(account, `ecomOrders/${encodeURIComponent(remoteId)}`, 'deletion of a cart', signal)
  const hasOrders = person.related.some(({ object }) => object === 'order')
  const remains = [...(hasOrders || carts.length > 0 ? [orderRemains] : []), ...(removed > 0 ? [eventRemains] : [])]
  return { unit: person.unit, result: removed > 0 || carts.length > 0 ? 'erased' : 'absent', remains }
}

/** Deletes the contacts of people, by their ids and every address they are known by, and their carts. */
export async function* erasePeople(
  account: Account,
  people: readonly ErasureTarget[],
  ctx: DestinationContext,
): AsyncGenerator<ErasureOutcome[]> {
  for (const person of people) {
    try {
      yield [await eraseOne(account, person, ctx)]
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
      yield [{ unit: person.unit, result: 'failed', error, remains: [] }]
    }
  }
}
