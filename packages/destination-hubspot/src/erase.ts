import { isMillraceError, type DestinationContext, type ErasureOutcome, type ErasureTarget } from '@millrace/core'
import type { Portal } from './portal.ts'
import { readObjects } from './read-objects.ts'
import { scrubObjects } from './scrub-objects.ts'
import { keyOf, targets } from './target.ts'
import { apiVersion } from './version.ts'

const remains = 'Companies the person belonged to, and what HubSpot keeps of e-mails that were sent: its own deletion takes up to 30 days.'
const amountsRemain = 'Deals, orders and carts stay with their amounts; the fields that named the person were emptied.'

/**
 * Contacts by the id that we linked, by our key and by every address. Always an id that was just read: erasing by an address that nobody has would put it on the
 * portal's blocklist (vendor notes), and a merged contact has another id than the one we know.
 */
const contactsOf = async (portal: Portal, { key, remoteId, emails }: ErasureTarget, ctx: DestinationContext): Promise<Set<string>> => {
  const { type } = targets.contact
  const keyProperty = keyOf(targets.contact, ctx.contract)
  const schema = await portal.properties(type, ctx.signal)
  const read = async (ids: readonly string[], idProperty?: string): Promise<string[]> => {
    if (ids.length === 0) return []
    const found = await readObjects(
      portal,
      { type, ids, properties: ['email'], ...(idProperty === undefined ? {} : { idProperty }) },
      ctx.signal,
    )
    return found.map(({ id }) => id)
  }
  return new Set([
    ...(await read(remoteId === undefined ? [] : [remoteId])),
    ...(key !== '' && schema.get(keyProperty)?.unique === true ? await read([key], keyProperty) : []),
    ...(await read(
      emails.map((email) => email.trim().toLowerCase()),
      'email',
    )),
  ])
}

const eraseOne = async (portal: Portal, person: ErasureTarget, ctx: DestinationContext): Promise<ErasureOutcome> => {
  const contacts = await contactsOf(portal, person, ctx)
  const scrubbed = await scrubObjects(portal, person.related, ctx)
  for (const objectId of contacts) {
    const request = {
      method: 'POST',
      path: `/crm/objects/${apiVersion}/contacts/gdpr-delete`,
      query: {},
      body: JSON.stringify({ objectId }),
    } as const
    const reply = await portal.send(request, { call: 'erasure of a contact', signal: ctx.signal, idempotent: true })
    // Gone since it was read: erased by somebody else, or by an attempt whose answer was lost.
    if (reply.status !== 204 && reply.status !== 404) throw portal.error(reply, 'erasure of a contact')
  }
  const left = [...(contacts.size > 0 ? [remains] : []), ...(scrubbed > 0 ? [amountsRemain] : [])]
  return { unit: person.unit, result: contacts.size > 0 || scrubbed > 0 ? 'erased' : 'absent', remains: left }
}

/** Erases people for good (`gdpr-delete`), and empties what names them on their deals, orders and carts. */
export async function* erasePeople(
  portal: Portal,
  people: readonly ErasureTarget[],
  ctx: DestinationContext,
): AsyncGenerator<ErasureOutcome[]> {
  for (const person of people) {
    try {
      yield [await eraseOne(portal, person, ctx)]
    } catch (error) {
      if (!isMillraceError(error) || error.scope === 'destination' || error.code === 'aborted') throw error
      yield [{ unit: person.unit, result: 'failed', error, remains: [] }]
    }
  }
}
