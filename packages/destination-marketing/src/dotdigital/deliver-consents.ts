import { chunk, foldEmail, type ImportSlots } from '@millrace/adapter-kit'
import { isMillraceError, type Outcome } from '@millrace/core'
import type { ConsentWrite } from '../provider.ts'
import type { Account } from './account.ts'
import { mustRead, planConsent } from './consent-plan.ts'
import type { ContactBody } from './contact-body.ts'
import { isGoneProgress, rowOfEmail, rowOfId, type ContactProgress } from './contact-progress.ts'
import { firstCheckMs } from './deliver-contacts.ts'
import { errorWord, optOutStands, recordError } from './errors.ts'
import { contactPath, contactsByEmail, getContact, isGone, toContact, type ReadContact } from './read-contacts.ts'
import { openSlots, ticketOf } from './slots.ts'
import { fitting, startImports, stopsAll } from './start-import.ts'

/** What became of a consent once everything that may be written is. */
const done = ({ unit, id, first }: ConsentWrite, refused: boolean, remoteId = id): Outcome =>
  refused
    ? { unit, result: 'failed', error: optOutStands() }
    : { unit, ...(remoteId === undefined ? {} : { remoteId }), result: 'delivered', created: first }

/**
 * Delivers what people said: few by single calls, many by import. What the contact holds is read first: a denial leaves one who is suppressed as he is, and
 * nobody who left is subscribed without a newer opt-in, and then asked by e-mail unless the settings say otherwise.
 */
export async function* deliverConsents(account: Account, all: readonly ConsentWrite[]): AsyncGenerator<Outcome[]> {
  const writes = all.map((write) => (isGoneProgress(write.progress) ? withoutId(write, undefined) : write))
  const many = writes.length >= account.settings.bulkFrom
  const singles = many ? [] : writes.filter(({ uncertain }) => !uncertain)
  for (const write of singles) {
    try {
      const outcome = await writeConsent(account, write)
      if (outcome !== undefined) yield [outcome]
    } catch (error) {
      if (!isMillraceError(error) || stopsAll(error)) throw error
      yield [{ unit: write.unit, result: 'failed', error }]
    }
  }
  const imported = many ? writes : writes.filter(({ uncertain }) => uncertain)
  const slots = openSlots('contacts', account.ctx)
  for (const batch of chunk(imported, imported.length || 1, ({ email, id = '' }) => foldEmail(email ?? id))) {
    yield* importConsents(account, batch, slots)
  }
}

/** By id where it is known: the address may have changed, and a write by the new one would make a second contact. */
const readOne = async (account: Account, { id, email }: ConsentWrite): Promise<ReadContact | undefined> => {
  const byId = id === undefined ? undefined : await getContact(account, 'contactId', id, true)
  return byId ?? (email === undefined ? undefined : await getContact(account, 'email', foldEmail(email), true))
}

const writeConsent = async (account: Account, write: ConsentWrite): Promise<Outcome | undefined> => {
  const { settings, ctx } = account
  const isDecided = mustRead(write)
  const contact = isDecided ? await readOne(account, write) : undefined
  const current = isDecided ? withoutId(write, contact) : write
  const { body, refused } = planConsent(current, contact, settings, ctx.contract)
  if (body === undefined) return done(write, refused)
  const first = await patch(account, current.id, write.email, body)
  // The contact is gone: a denial is kept on a new one, so that it is there before anything else is.
  const anew =
    current.id !== undefined && isGone(first) ? planConsent(withoutId(write, undefined), undefined, settings, ctx.contract).body : undefined
  const reply = anew === undefined ? first : await patch(account, undefined, write.email, anew)
  const written = reply.status === 200 || reply.status === 201 ? toContact(reply.body) : undefined
  if (written !== undefined) return done(write, refused, written.id)
  if (reply.status < 300) return undefined
  return { unit: write.unit, result: 'failed', error: recordError(errorWord(reply.body), reply.status) }
}

/** What was read replaces what is remembered: a contact that is gone is new. */
const withoutId = (write: ConsentWrite, contact: ReadContact | undefined): ConsentWrite => {
  const { id: _remembered, ...rest } = write
  return contact === undefined ? rest : { ...rest, id: contact.id }
}

const patch = (account: Account, id: string | undefined, email: string | undefined, body: ContactBody) => {
  const { email: address, ...identifiers } = body.identifiers
  // The address of a known contact is the contact's own business, not consent's.
  const sent = id === undefined ? body : { ...body, matchIdentifier: 'contactId', identifiers: { ...identifiers, contactId: Number(id) } }
  return account.send({
    method: 'PATCH',
    path: id === undefined ? contactPath('email', email ?? address ?? '') : contactPath('contactId', id),
    query: { 'merge-option': 'overwrite' },
    body: sent,
    call: 'consent of a contact',
    tier: 'medium',
    urgent: true,
    idempotent: true,
  })
}

/** What is kept of a consent while its import is under way, beside its row. */
type ConsentProgress = Required<ContactProgress>

async function* importConsents(account: Account, writes: readonly ConsentWrite[], slots: ImportSlots): AsyncGenerator<Outcome[]> {
  const { settings, ctx } = account
  const read = writes.filter(mustRead)
  const known = await contactsByEmail(
    account,
    read.flatMap(({ email }) => email ?? []),
    ctx.contract,
  )
  const idle: Outcome[] = []
  const rows: { write: ConsentWrite; body: ContactBody; progress: ConsentProgress }[] = []
  for (const write of writes) {
    const isDecided = mustRead(write)
    const byEmail = isDecided ? known.get(foldEmail(write.email ?? '')) : undefined
    const contact = byEmail ?? (isDecided && write.id !== undefined ? await getContact(account, 'contactId', write.id) : undefined)
    const current = isDecided ? withoutId(write, contact) : write
    const { body, refused } = planConsent(current, contact, settings, ctx.contract)
    if (body === undefined) {
      idle.push(done(write, refused))
      continue
    }
    const { email: address = '', ...identifiers } = body.identifiers
    const { id } = current
    const row = id === undefined ? rowOfEmail(address) : rowOfId(id)
    const sent: ContactBody =
      id === undefined ? body : { ...body, matchIdentifier: 'contactId', identifiers: { ...identifiers, contactId: Number(id) } }
    rows.push({ write, body: sent, progress: { row, fresh: false, first: write.first, refused } })
  }
  if (idle.length > 0) yield idle
  for (const part of fitting(rows, ({ body }) => Buffer.byteLength(JSON.stringify(body)))) {
    const open = new Set(part)
    const bodyOf = (some: readonly (typeof part)[number][]): object => ({
      mergeOption: 'overwrite',
      contacts: some.map(({ body }) => body),
    })
    try {
      for await (const handedIn of startImports('contacts', part, bodyOf, account, slots)) {
        for (const row of handedIn.rows) open.delete(row)
        yield handedIn.rows.map(({ write: { unit }, progress }): Outcome => {
          if ('error' in handedIn) return { unit, result: 'failed', error: handedIn.error }
          return { unit, progress, result: 'pending', ticket: ticketOf('contacts', [handedIn.importId]), checkAfterMs: firstCheckMs }
        })
      }
    } catch (error) {
      if (!isMillraceError(error) || stopsAll(error)) throw error
      yield [...open].map(({ write }): Outcome => ({ unit: write.unit, result: 'failed', error }))
    }
  }
}
