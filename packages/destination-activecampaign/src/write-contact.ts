import { isMillraceError, MillraceError, type Candidate, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import type { Account } from './account.ts'
import { isSuccess } from './client.ts'
import { contactValues, emailOf, sentValues, type ContactValues } from './contact-values.ts'
import { isDuplicate, recordError } from './errors.ts'
import { keyTitle } from './names.ts'
import { findByEmail, isRemnant, readContact } from './read-contact.ts'
import { readStatuses } from './list-status.ts'
import type { ListIds } from './lists.ts'
import { applyMemberships, membershipChanges, listIdsFor, putOnList, touchesMemberships, withoutDenied } from './memberships.ts'
import { member, textOf } from './json.ts'
import { settleOne } from './outcome.ts'
import { startLists } from './start-consent.ts'

/** What became of the contact itself. */
type Written = { contact: string; isNew: boolean; writtenAt: number | undefined } | { candidates: Candidate[] } | 'gone' | undefined

const bodyOf = ({ own, custom }: ContactValues): object => ({
  contact: { ...own, ...(custom.length === 0 ? {} : { fieldValues: custom }) },
})

const noEmail = (): MillraceError =>
  new MillraceError({
    code: 'no_email',
    field: 'email',
    message: 'ActiveCampaign knows people by their e-mail address, and this one has none.',
  })

/** Creates the contact of an address, or updates it: the vendor's own upsert. */
export const syncContact = async (
  { client, addresses }: Account,
  values: ContactValues,
  signal: AbortSignal,
): Promise<{ contact: string; isNew: boolean } | undefined> => {
  if (values.own.email === undefined || values.own.email === '') throw noEmail()
  const call = 'contact/sync'
  const reply = await client.send({ method: 'POST', path: 'contact/sync', body: bodyOf(values), call, signal, idempotent: true })
  if (reply.status === 400 || reply.status === 422) throw recordError(reply, call, sentValues(values))
  if (!isSuccess(reply)) throw client.error(reply, call, 'record')
  const row = member(reply.body, 'contact')
  const contact = textOf(row, 'id')
  if (contact === undefined) return undefined
  addresses.note(contact, values.own.email)
  return { contact, isNew: reply.status === 201 && !isOlder(row) }
}

/** The documents give 201 for both a new and a known contact (vendor notes, "Contacts, fields, lists, tags"); its times tell them apart where they are given. */
const isOlder = (row: unknown): boolean => Date.parse(textOf(row, 'udate') ?? '') - Date.parse(textOf(row, 'cdate') ?? '') > creationTakesMs

const creationTakesMs = 10_000

/** Updates a known contact, also its address, which contact/sync would turn into a second contact. Undefined = confirmed nothing; `gone` = it was deleted there. */
const updateContact = async (
  { client, addresses }: Account,
  contact: string,
  values: ContactValues,
  signal: AbortSignal,
): Promise<{ at: number | undefined } | 'gone' | 'taken' | undefined> => {
  const call = 'update of a contact'
  const path = `contacts/${encodeURIComponent(contact)}`
  const reply = await client.send({ method: 'PUT', path, body: bodyOf(values), call, signal, idempotent: true })
  if (reply.status === 404) return 'gone'
  if (reply.status === 422 && isDuplicate(reply.body)) return 'taken'
  if (reply.status === 400 || reply.status === 422) throw recordError(reply, call, sentValues(values))
  if (!isSuccess(reply)) throw client.error(reply, call, 'record')
  const row = member(reply.body, 'contact')
  if (textOf(row, 'id') !== contact) return undefined
  if (isRemnant(row)) return 'gone'
  if (values.own.email !== undefined) addresses.note(contact, values.own.email)
  const at = Date.parse(textOf(row, 'udate') ?? '')
  return { at: Number.isNaN(at) ? undefined : at }
}

const isEmpty = ({ own, custom }: ContactValues): boolean => Object.keys(own).length === 0 && custom.length === 0

const whoHolds = async (account: Account, email: string, ctx: DestinationContext): Promise<Candidate[]> => {
  const found = await findByEmail(account.client, email, ctx.signal)
  if (found === undefined) return []
  const read = await readContact(account.client, found.id, ctx.signal)
  const schema = await account.schema.get(ctx.signal)
  return [{ remoteId: found.id, key: read?.values.get(schema.get(keyTitle(ctx.contract).toLowerCase())?.id ?? '')?.value ?? '' }]
}

const writeValues = async (account: Account, input: Input, ctx: DestinationContext): Promise<Written> => {
  const schema = await account.schema.get(ctx.signal)
  const encoded = contactValues(input, schema, ctx.contract)
  if ('error' in encoded) throw encoded.error
  const { values } = encoded
  if (input.remoteId === undefined) return synced(account, values, ctx.signal)
  if (isEmpty(values)) return { contact: input.remoteId, isNew: false, writtenAt: undefined }
  const updated = await updateContact(account, input.remoteId, values, ctx.signal)
  if (updated === undefined) return undefined
  if (updated === 'taken') return { candidates: await whoHolds(account, emailOf(input) ?? '', ctx) }
  return updated === 'gone' ? 'gone' : { contact: input.remoteId, isNew: false, writtenAt: updated.at }
}

/** An input whose contact was deleted there: made anew, whole, since the new one is in nothing that the old one was in. */
const anew = ({ addresses }: Account, { remoteId = '', ...rest }: Input): Input => {
  addresses.forget(remoteId)
  return { ...rest, objects: {} }
}

const isGone = (error: unknown): boolean => isMillraceError(error) && error.code === 'not_found'

const synced = async (account: Account, values: ContactValues, signal: AbortSignal): Promise<Written> => {
  const written = await syncContact(account, values, signal)
  return written === undefined ? undefined : { ...written, writtenAt: undefined }
}

/**
 * The lists that a new person starts on. One that exists has its own statuses, which consent itself looks at. They are read although the contact seems new: a 1 over
 * an unsubscription would lift it.
 */
const writeStart = async (account: Account, input: Input, contact: string, lists: ListIds, signal: AbortSignal): Promise<void> => {
  const { subscribe, unsubscribe } = startLists(input, lists)
  for (const list of unsubscribe) await putOnList(account, { contact, list, status: '2' }, list, signal)
  const statuses = subscribe.length === 0 ? undefined : await readStatuses(account.client, contact, signal)
  for (const list of subscribe)
    if (['0', undefined].includes(statuses?.get(list)?.status)) await putOnList(account, { contact, list, status: '1' }, list, signal)
}

/**
 * Writes one contact by itself: upsert by e-mail when it is new, by its id when it is known, then consent of a new one, tags and lists. What was done is handed
 * on when a later step fails.
 */
export const writeContact = (account: Account, given: Input, ctx: DestinationContext): Promise<Outcome[]> => {
  let known: { remoteId?: string; objects: Readonly<Record<string, string>> } = { objects: given.objects }
  const work = async (input: Input, isRemade = false): Promise<Outcome | undefined> => {
    const { signal } = ctx
    const lists = await listIdsFor(account, input, signal)
    // Found out before anything is written.
    membershipChanges(input, lists)
    const written = await writeValues(account, input, ctx)
    if (written === undefined) return undefined
    if (written === 'gone') return work(anew(account, input), true)
    if ('candidates' in written) return { unit: input.unit, result: 'conflict', candidates: written.candidates }
    const { contact, isNew, writtenAt } = written
    const isOther = contact !== input.remoteId
    known = { remoteId: contact, objects: input.objects }
    if (isNew || isRemade) await writeStart(account, input, contact, lists, signal)
    if (isOther || touchesMemberships(input)) {
      const held = known.objects
      const changes = withoutDenied(membershipChanges({ ...input, objects: held }, lists), input, lists)
      const target = { contact, isNew, writtenAt, changes, held }
      try {
        await applyMemberships(account, target, (objects) => (known = { remoteId: contact, objects }), signal)
      } catch (error) {
        // Only its tags and lists changed, so nothing else told that it was deleted.
        if (isOther || !isGone(error)) throw error
        return work(anew(account, input), true)
      }
    }
    const created = isOther && isNew
    return { unit: input.unit, result: 'delivered', created, remoteId: contact, objects: known.objects }
  }
  return settleOne(
    given,
    () => work(given),
    () => known,
  )
}
