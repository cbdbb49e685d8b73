import { isJsonObject, type HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { refuse } from '../errors.ts'
import type { JobEnd } from '../jobs.ts'
import { ok, type RouteContext } from '../route.ts'
import type { MergeOption } from './apply.ts'
import { applyRow, type RowResult } from './import-row.ts'

const mergeOptions: readonly MergeOption[] = ['overwrite', 'overwriteIfNotEmpty', 'overwriteIfEmpty']

function readBody(context: RouteContext): { readonly rows: readonly unknown[]; readonly option: MergeOption } {
  if (!isJsonObject(context.body)) return refuse('body-shape', 400, 'contacts:badJson', 'The request JSON is badly formed')
  const { contacts, mergeOption = 'overwrite' } = context.body
  const option = mergeOptions.find((candidate) => candidate === mergeOption)
  if (option === undefined) {
    return refuse('merge-option-spelling', 400, 'contacts:badJson', `'${String(mergeOption)}' is no mergeOption of an import`)
  }
  if (!Array.isArray(contacts) || contacts.length === 0) {
    return refuse('body-shape', 400, 'contacts:badJson', "'contacts' must be a list of at least one contact")
  }
  return { rows: contacts, option }
}

/** PUT import: 202 with an id, or 429 while too many are active. Nothing is looked at before the import runs. */
export function startImport(context: RouteContext): HttpReply {
  const { account } = context
  const { rows, option } = readBody(context)
  context.countInputs(rows.length)
  if (account.jobs.active('contacts') >= account.settings.activeContactImports) {
    refuse(
      'contact-imports-25-active',
      429,
      'contacts:tooManyActiveImports',
      'Your import request cannot be accepted as too many imports are being processed for you account. Please wait for an import to complete and then resubmit.',
    )
  }
  const job = account.jobs.accept('contacts', rows.length, () => runImport(account, rows, option))
  return { status: 202, body: { importId: job.id } }
}

function runImport(account: Account, rows: readonly unknown[], option: MergeOption): JobEnd {
  const forced = account.nextImportEnds.shift()
  if (forced !== undefined) return { state: 'ended', report: { status: forced } }
  if (account.contacts.size + rows.length > account.settings.contactLimit) {
    return { state: 'ended', report: { status: 'ExceedsAllowedContactLimit' } }
  }
  const seen = new Set<string>()
  const results = rows.map((row) => applyRow(account, row, option, seen))
  return { state: 'done', report: { status: 'Finished', ...reportOf(account, results) } }
}

function reportOf(account: Account, results: readonly RowResult[]): object {
  const references = (kind: 'created' | 'updated'): object[] =>
    account.random.shuffle(
      results.flatMap((result) =>
        result.kind === kind ? [{ contactId: result.contact.id, identifiers: result.contact.identifiers }] : [],
      ),
    )
  const failed = results.filter((result) => result.failures.length > 0)
  const count = (matches: (code: string) => boolean): number =>
    results.filter((result) => result.kind === 'failed' && result.failures.some(({ failureCode }) => matches(failureCode))).length
  const isBarred = (code: string): boolean => code === 'GloballySuppressed' || code === 'SuppressedByDomain'
  const created = references('created')
  const updated = references('updated')
  return {
    summary: {
      newContacts: created.length,
      updatedContacts: updated.length,
      globallySuppressed: count(isBarred),
      invalidEntries: count((code) => !isBarred(code) && code !== 'Duplicate'),
      duplicateIdentifiers: count((code) => code === 'Duplicate'),
    },
    created,
    updated,
    failures: account.random.shuffle(
      failed.map(({ matchIdentifier, identifiers, failures }) => ({ matchIdentifier, identifiers, failures })),
    ),
  }
}

/** GET import: what became of it. Results only when it is finished. */
export function importStatus({ account, param }: RouteContext): HttpReply {
  const job = account.jobs.find('contacts', param('id'))
  if (job === undefined) {
    return refuse('import-not-found', 404, 'contacts:importNotFound', `The import request '${param('id')}' could not be found!`)
  }
  return ok({ importId: job.id, ...(job.state === 'pending' ? { status: 'NotFinished' } : job.report) })
}
