import { foldEmail, stillPending } from '@millrace/adapter-kit'
import { fieldName, MillraceError, type Contract, type Outcome, type Ticket, type TicketUnit } from '@millrace/core'
import { contactKeyField } from '../objects.ts'
import type { Account } from './account.ts'
import { contactProgress, goneProgress, rowOfEmail, rowOfId } from './contact-progress.ts'
import { callError, notConfirmed, optOutStands, recordError } from './errors.ts'
import { asId, asList, asText, member, word } from './json.ts'
import { contactsByEmail, fieldOf, type ReadContact } from './read-contacts.ts'

/** What one import says of one row. */
interface RowReport {
  id: string | undefined
  email: string | undefined
  created: boolean
  failures: readonly string[]
}

/** What became of one import, by row. */
export type ImportReport =
  | { state: 'open' }
  | { state: 'unknown' }
  | { state: 'ended'; word: string }
  | { state: 'finished'; rows: ReadonlyMap<string, RowReport> }

/** Asks for an import of contacts. Rows are told apart by contact id and by e-mail, never by place. */
export const readContactImport = async (account: Account, importId: string): Promise<ImportReport> => {
  const call = {
    method: 'GET',
    path: `/contacts/v3/import/${encodeURIComponent(importId)}`,
    call: 'state of an import of contacts',
  } as const
  const reply = await account.send(call)
  if (reply.status === 404) return { state: 'unknown' }
  if (reply.status !== 200) throw callError(reply, call.call, account.ctx.clock.now())
  const state = word(member(reply.body, 'status'))
  if (state === 'notfinished') return { state: 'open' }
  if (state !== 'finished') return state === '' ? { state: 'unknown' } : { state: 'ended', word: state }
  return { state: 'finished', rows: rowsOf(reply.body) }
}

const rowsOf = (body: unknown): Map<string, RowReport> => {
  const rows = new Map<string, RowReport>()
  const note = (
    id: string | undefined,
    email: string | undefined,
    found: Pick<RowReport, 'created' | 'failures'>,
    isWritten: boolean,
  ): void => {
    for (const key of [...(id === undefined ? [] : [rowOfId(id)]), ...(email === undefined ? [] : [rowOfEmail(email)])]) {
      const before = rows.get(key)
      rows.set(key, {
        id: (isWritten ? id : undefined) ?? before?.id,
        email: email ?? before?.email,
        created: found.created || (before?.created ?? false),
        failures: [...(before?.failures ?? []), ...found.failures],
      })
    }
  }
  for (const list of ['created', 'updated'] as const) {
    for (const row of asList(member(body, list))) {
      note(
        asId(member(row, 'contactId')),
        asText(member(member(row, 'identifiers'), 'email')),
        { created: list === 'created', failures: [] },
        true,
      )
    }
  }
  for (const row of asList(member(body, 'failures'))) {
    const identifiers = member(row, 'identifiers')
    const failures = asList(member(row, 'failures')).map((failure) => asText(member(failure, 'failureCode')) ?? 'Unknown')
    note(
      asId(member(identifiers, 'contactId')),
      asText(member(identifiers, 'email')),
      { created: false, failures: failures.length === 0 ? ['Unknown'] : failures },
      false,
    )
  }
  return rows
}

/** Outcomes of the units of finished imports; units of open ones are not mentioned and asked for again. */
export async function* collectContacts(
  account: Account,
  tickets: readonly (Ticket & { imports: readonly string[] })[],
): AsyncGenerator<Outcome[]> {
  const reports = new Map<string, ImportReport>()
  for (const { ticket, imports, units } of tickets) {
    for (const id of imports) if (!reports.has(id)) reports.set(id, await readContactImport(account, id))
    const own = imports.flatMap((id) => reports.get(id) ?? [])
    if (own.some(({ state }) => state === 'open')) {
      yield stillPending({ ticket, units }, nextCheckMs)
      continue
    }
    const judged = units.map((unit) => ({ unit, verdict: judge(unit, own) }))
    const there = judged.flatMap(({ verdict }) => ('there' in verdict ? [verdict.there] : []))
    const found = there.length === 0 ? new Map<string, ReadContact>() : await contactsByEmail(account, there, account.ctx.contract)
    yield judged.map(({ unit, verdict }) =>
      'there' in verdict ? standsThere(unit, verdict.refused, found.get(foldEmail(verdict.there)), account.ctx.contract) : verdict.outcome,
    )
  }
}

const nextCheckMs = 10_000

/** `there` = e-mail of a contact that is there though the row said that it is new, or (`refused`) that holds what the row wanted. */
type Verdict = { outcome: Outcome } | { there: string; refused: boolean }

const judge = (unit: TicketUnit, reports: readonly ImportReport[]): Verdict => {
  const progress = contactProgress(unit.progress)
  const fail = (error: MillraceError): Verdict => ({ outcome: { unit: unit.unit, result: 'failed', error } })
  let written: RowReport | undefined
  for (const report of reports) {
    if (report.state === 'ended') return fail(endedError(report.word))
    if (report.state !== 'finished') return fail(notConfirmed('does not know the import'))
    const row = progress === undefined ? undefined : report.rows.get(progress.row)
    if (row === undefined) return fail(notConfirmed('finished the import without a word of this record'))
    const [failure] = row.failures
    if (failure !== undefined) return failedRow(unit, row, failure)
    written = row
  }
  const id = written?.id ?? unit.remoteId
  if (written === undefined || id === undefined) return fail(notConfirmed('finished the import without naming the contact'))
  if (progress?.fresh === true && !written.created && written.email !== undefined) return { there: written.email, refused: false }
  if (progress?.refused === true) return fail(optOutStands())
  return {
    outcome: { unit: unit.unit, remoteId: id, objects: unit.objects, result: 'delivered', created: progress?.first ?? written.created },
  }
}

/** A contact that was to be made and was there: only its gaps were filled. Whose it is decides the engine; then it is written over by its id. */
const standsThere = (unit: TicketUnit, refused: boolean, found: ReadContact | undefined, contract: Contract): Outcome => {
  if (refused && (found === undefined || found.id === unit.remoteId))
    return { unit: unit.unit, result: 'failed', error: recordError('Duplicate') }
  if (found === undefined) return { unit: unit.unit, result: 'failed', error: notConfirmed('updated a contact that it does not show') }
  const key = String(fieldOf(found, fieldName(contactKeyField, contract.prefix)) ?? '')
  return { unit: unit.unit, objects: {}, result: 'conflict', candidates: [{ remoteId: found.id, key }] }
}

/** A row can be written and yet have failures: of lists or consent records. */
const failedRow = (unit: TicketUnit, row: RowReport, failure: string): Verdict => {
  const of = { unit: unit.unit, ...(row.id === undefined ? {} : { remoteId: row.id }) }
  if (/^invalidcontactid$/i.test(failure)) {
    const error = new MillraceError({
      code: 'contact_gone',
      retryable: true,
      message: 'The contact was deleted in Dotdigital. It is made anew by the next attempt.',
    })
    return { outcome: { unit: unit.unit, objects: {}, progress: goneProgress, result: 'failed', error } }
  }
  if (/^duplicate$/i.test(failure) && row.email !== undefined && row.id === undefined) return { there: row.email, refused: true }
  return { outcome: { ...of, result: 'failed', error: recordError(failure) } }
}

/** Imports that end without having applied anything. */
const endedError = (end: string): MillraceError => {
  const base = { context: { state: end, applied: 'no' } }
  if (end === 'rejectedbywatchdog') {
    return new MillraceError({
      ...base,
      code: 'import_rejected',
      message:
        "Dotdigital's watchdog rejected the import, usually because of too many addresses that look bought or bounced before. Clear it with their support, then replay.",
    })
  }
  if (end === 'exceedsallowedcontactlimit') {
    return new MillraceError({
      ...base,
      code: 'contact_limit_reached',
      message: 'The account holds as many contacts as its plan allows. Raise the plan or delete contacts, then replay.',
    })
  }
  return new MillraceError({
    ...base,
    code: 'import_failed',
    retryable: true,
    message: 'Dotdigital gave the import up without having applied it. It is handed in again.',
  })
}
