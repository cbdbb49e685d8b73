import { MillraceError, type Outcome, type Ticket, type TicketUnit } from '@millrace/core'
import type { Account } from './account.ts'
import { documentId } from './collections.ts'
import { callError, notConfirmed, recordError } from './errors.ts'
import { asId, asList, asText, isObject, member, word } from './json.ts'

const nextCheckMs = 10_000

const progressOf = ({ progress }: TicketUnit): { owner: string | undefined; created: boolean; records: unknown } => ({
  owner: isObject(progress) ? asText(progress['owner']) : undefined,
  created: isObject(progress) && progress['created'] === true,
  records: member(progress, 'records'),
})

/** A key stands once per contact, and a failure names both. */
const place = (owner: string | undefined, key: string): string => documentId(owner, key)

const failuresOf = (body: unknown): Map<string, string> =>
  new Map(
    asList(member(body, 'failures')).map((failure) => {
      const identity = member(member(failure, 'collectionOwner'), 'contactIdentity') ?? member(failure, 'contactIdentity')
      return [
        place(asId(member(identity, 'value')), asText(member(failure, 'key')) ?? ''),
        asText(member(failure, 'failureReason')) ?? 'Unknown',
      ]
    }),
  )

/** Whether the counts of a report leave nothing untold: only then is what is not named as refused imported. */
const isWhole = (body: unknown, records: unknown, failures: number): boolean => {
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
      yield units.map(({ unit, progress }): Outcome => ({ unit, progress, result: 'pending', ticket, checkAfterMs: nextCheckMs }))
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
  const failures = failuresOf(body)
  return units.map((unit): Outcome => {
    const { owner, created, records } = progressOf(unit)
    const reason = failures.get(place(owner, unit.key))
    if (reason !== undefined) return { unit: unit.unit, result: 'failed', error: recordError(reason) }
    if (!isWhole(body, records, failures.size))
      return { unit: unit.unit, result: 'failed', error: notConfirmed('finished the import with counts that leave this record open') }
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
