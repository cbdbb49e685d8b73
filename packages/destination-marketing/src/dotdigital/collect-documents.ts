import { stillPending } from '@millrace/adapter-kit'
import { MillraceError, type Outcome, type Ticket, type TicketUnit } from '@millrace/core'
import type { Account } from './account.ts'
import { documentId } from './collections.ts'
import { aloneProgress } from './deliver-documents.ts'
import { callError, notConfirmed, recordError } from './errors.ts'
import { asId, asList, asText, isObject, member, word } from './json.ts'

const nextCheckMs = 10_000

const progressOf = ({ progress }: TicketUnit): { owner: string | undefined; created: boolean; records: unknown } => ({
  owner: isObject(progress) ? asText(progress['owner']) : undefined,
  created: isObject(progress) && progress['created'] === true,
  records: member(progress, 'records'),
})

/** What a report says was refused. */
interface Refusals {
  count: number
  /** Whether there is one that names no key: it can be any record's. */
  unnamed: boolean
  reasonOf(owner: string | undefined, key: string): string | undefined
}

/** A key stands once per contact. A refusal that does not name the contact by its id is taken for every record of its key. */
const refusalsOf = (body: unknown): Refusals => {
  const byPlace = new Map<string, string>()
  const byKey = new Map<string, string>()
  const failures = asList(member(body, 'failures'))
  for (const failure of failures) {
    const key = asId(member(failure, 'key'))
    if (key === undefined) continue
    const identity = member(member(failure, 'collectionOwner'), 'contactIdentity') ?? member(failure, 'contactIdentity')
    const owner = word(member(identity, 'identifier')) === 'contactid' ? asId(member(identity, 'value')) : undefined
    const reason = asText(member(failure, 'failureReason')) ?? 'Unknown'
    if (owner === undefined) byKey.set(key, reason)
    else byPlace.set(documentId(owner, key), reason)
  }
  return {
    count: failures.length,
    unnamed: failures.some((failure) => asId(member(failure, 'key')) === undefined),
    reasonOf: (owner, key) => byPlace.get(documentId(owner, key)) ?? byKey.get(key),
  }
}

/** Whether the counts of a report leave nothing untold: only then is what is not named as refused imported. */
const isWhole = (body: unknown, records: unknown, { count: failures, unnamed }: Refusals): boolean => {
  if (unnamed) return false
  const summary = member(body, 'summary')
  const [total, imported, rejected] = ['totalRecords', 'totalImported', 'totalRejected'].map((name) => member(summary, name))
  return total === records && rejected === failures && typeof total === 'number' && imported === total - failures
}

/** Outcomes of the units of finished imports of insight data. Both words for the end are taken: the vendor's schema and its example differ. */
export async function* collectDocuments(
  account: Account,
  tickets: readonly (Ticket & { imports: readonly string[] })[],
): AsyncGenerator<Outcome[]> {
  for (const { ticket, imports, units } of tickets) {
    const call = {
      method: 'GET',
      path: `/insightData/v3/import/${encodeURIComponent(imports[0] ?? '')}`,
      call: 'state of an import of insight data',
    } as const
    const reply = await account.send(call)
    if (reply.status !== 404 && reply.status !== 200) throw callError(reply, call.call, account.ctx.clock.now())
    const state = reply.status === 404 ? 'unknown' : word(member(reply.body, 'status'))
    if (state === 'notstarted' || state === 'processing') {
      yield stillPending({ ticket, units }, nextCheckMs)
    } else if (state === 'failed') {
      yield units.map(({ unit }): Outcome => ({ unit, result: 'failed', error: importFailed() }))
    } else if (state === 'complete' || state === 'finished') {
      yield judge(units, reply.body)
    } else {
      yield units.map(({ unit }): Outcome => ({ unit, result: 'failed', error: notConfirmed('does not know the import') }))
    }
  }
}

const judge = (units: readonly TicketUnit[], body: unknown): Outcome[] => {
  const refusals = refusalsOf(body)
  return units.map((unit): Outcome => {
    const { owner, created, records } = progressOf(unit)
    const reason = refusals.reasonOf(owner, unit.key)
    if (reason !== undefined) return { unit: unit.unit, result: 'failed', error: recordError(reason) }
    if (!isWhole(body, records, refusals))
      return {
        unit: unit.unit,
        progress: aloneProgress,
        result: 'failed',
        error: notConfirmed('finished the import with counts that leave this record open'),
      }
    return { unit: unit.unit, remoteId: documentId(owner, unit.key), result: 'delivered', created }
  })
}

const importFailed = (): MillraceError =>
  new MillraceError({
    code: 'import_failed',
    retryable: true,
    message: 'Dotdigital gave the import up without having applied it. It is handed in again.',
    context: { applied: 'no' },
  })
