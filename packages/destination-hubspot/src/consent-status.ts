import { mapConcurrent } from '@millrace/adapter-kit'
import type { ConsentSubject, DestinationContext, RemoteConsent } from '@millrace/core'
import { readLeftAll, readStatuses } from './consent-request.ts'
import { isVendorBody } from './errors.ts'
import { asList, asText, member } from './json.ts'
import type { Portal } from './portal.ts'
import { readObjects } from './read-objects.ts'
import { resultsOf } from './results.ts'
import { parallel } from './write-rows.ts'

/** A status as HubSpot tells it. */
export interface Told {
  /** Id of the subscription type as text; undefined = everything. */
  target: string | undefined
  status: RemoteConsent['status']
  at: number | undefined
}

const statusOf = (value: unknown): RemoteConsent['status'] =>
  value === 'SUBSCRIBED' ? 'granted' : value === 'UNSUBSCRIBED' ? 'denied' : 'unknown'

/** Reads the statuses of an answer; entries that name no subscription type are left out. */
export const statusesIn = (body: unknown): Told[] =>
  asList(member(body, 'results')).flatMap((entry) => {
    const id = member(entry, 'subscriptionId')
    if (typeof id !== 'number' && typeof id !== 'string') return []
    const at = Date.parse(asText(member(entry, 'timestamp')) ?? '')
    return [{ target: String(id), status: statusOf(member(entry, 'status')), at: Number.isNaN(at) ? undefined : at }]
  })

/** The property that mirrors whether a contact left everything; read-only (vendor notes, "Consent"). */
export const leftAllProperty = 'hs_email_optout'

/** What HubSpot holds of one address: its subscription types, and whether it left everything where `mirrored` does not tell. Nothing for an address that HubSpot refuses. */
export const readAddress = async (
  portal: Portal,
  address: string,
  mirrored: boolean | undefined,
  { signal, exchanged }: DestinationContext,
): Promise<Told[]> => {
  const options = { call: 'reading subscription statuses', signal, idempotent: true, urgent: true, exchanged }
  const reply = await portal.send(readStatuses(address), options)
  const everything: Told = { target: undefined, status: 'denied', at: undefined }
  if (reply.status === 400) return mirrored === true ? [everything] : []
  // No subscription type was ever chosen or left; the address may have left everything all the same.
  const isUnknown = reply.status === 404 && isVendorBody(reply.body)
  if (!isUnknown && (reply.status !== 200 || typeof reply.body === 'string')) throw portal.error(reply, options.call)
  if (!isUnknown) resultsOf(portal, reply, options.call)
  const told = statusesIn(reply.body)
  if (mirrored === false) return told
  return mirrored === true || (await leftAll(portal, address, options)) ? [...told, everything] : told
}

const leftAll = async (portal: Portal, address: string, options: Parameters<Portal['send']>[1]): Promise<boolean> => {
  const reply = await portal.send(readLeftAll(address), options)
  // Of an address that HubSpot never heard of.
  if (reply.status === 404) return false
  if (reply.status !== 200) throw portal.error(reply, options.call)
  return resultsOf(portal, reply, options.call).some((result) => member(result, 'status') === 'UNSUBSCRIBED')
}

/** What HubSpot holds of people now. One request for each address, and one for a hundred contacts. */
export const consentOfPeople = async (
  portal: Portal,
  people: readonly ConsentSubject[],
  ctx: DestinationContext,
): Promise<RemoteConsent[]> => {
  const addressed = people.flatMap((person) =>
    person.email === undefined ? [] : [{ ...person, email: person.email.trim().toLowerCase() }],
  )
  const mirrors = await readMirrors(
    portal,
    addressed.map(({ email }) => email),
    ctx,
  )
  async function* read({ key, email }: { key: string; email: string }): AsyncGenerator<RemoteConsent[]> {
    const told = await readAddress(portal, email, mirrors.get(email), ctx)
    portal.recentConsent.note(email, told)
    yield told.flatMap(({ target, status, at }) =>
      status === 'unknown'
        ? []
        : [
            {
              key,
              email,
              channel: 'email',
              ...(target === undefined ? {} : { target }),
              status,
              ...(at === undefined ? {} : { at }),
            } satisfies RemoteConsent,
          ],
    )
  }
  const all: RemoteConsent[] = []
  for await (const some of mapConcurrent(addressed, parallel, read, ctx.signal)) all.push(...some)
  return all
}

/** Whether contacts left everything, by address; addresses without a contact are absent. */
const readMirrors = async (portal: Portal, emails: readonly string[], ctx: DestinationContext): Promise<Map<string, boolean>> => {
  const mirrors = new Map<string, boolean>()
  if (emails.length === 0 || !(await portal.properties('contacts', ctx.signal)).has(leftAllProperty)) return mirrors
  const contacts = await readObjects(
    portal,
    { type: 'contacts', ids: emails, idProperty: 'email', properties: ['email', leftAllProperty] },
    ctx.signal,
  )
  for (const { properties } of contacts) {
    const email = properties['email']
    if (email !== undefined) mirrors.set(email.trim().toLowerCase(), properties[leftAllProperty] === 'true')
  }
  return mirrors
}
