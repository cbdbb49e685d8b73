import { createRollingWindow, isJsonObject, type HttpReply } from '../../http/index.ts'
import { refuse } from '../errors.ts'
import type { Settings } from '../options.ts'
import { ok, stamp, type Route, type RouteContext } from '../route.ts'
import { applyImport } from './apply.ts'
import type { ImportBatch, ImportRow } from './model.ts'
import { parseRow } from './parse.ts'

const maxContacts = 250
const maxBytes = 400_000

/** Endpoints of bulk import; they keep the two budgets of their own. */
export function createImportRoutes({ limits, now }: Settings): readonly Route[] {
  const several = createRollingWindow(limits.imports, 60_000)
  const single = createRollingWindow(limits.singleImports, 60_000)

  function submit(context: RouteContext): HttpReply {
    const { account, body } = context
    const contacts = isJsonObject(body) ? body['contacts'] : undefined
    if (!isJsonObject(body) || !Array.isArray(contacts)) return failed('import-validation', 'The contacts are missing.')
    context.countInputs(contacts.length)
    if (Buffer.byteLength(context.text) >= maxBytes) failed('import-cap-bytes', `The request is larger than ${maxBytes} bytes.`)
    if (contacts.length > maxContacts) failed('import-cap-250', `No more than ${maxContacts} contacts may be imported at once.`)
    if (contacts.length === 0) failed('import-validation', 'There are no contacts.')
    const excludeAutomations = body['exclude_automations'] === true
    const parsed = contacts.map((item: unknown) => parseRow(account, item, excludeAutomations))
    const failureReasons = parsed.flatMap((row, index) => (typeof row === 'string' ? [{ contact: index, failureReason: row }] : []))
    if (failureReasons.length > 0) failed('import-validation', 'Invalid contacts', failureReasons)
    spend(contacts.length)

    const at = now()
    const rows = parsed.filter((row): row is ImportRow => typeof row !== 'string')
    const batch: ImportBatch = { batchId: account.uuid(), createdAt: at, rows, status: 'waiting', success: [], failure: [] }
    account.imports.set(batch.batchId, batch)
    account.jobs.at(at + account.settings.importDelayMs, (due) => applyImport(account, batch, due))
    // The vendor's pages and replies differ in the case of this key.
    const key = account.random.integer(2) === 0 ? 'Success' : 'success'
    return ok({ [key]: 1, queued_contacts: rows.length, batchId: batch.batchId, message: 'Contact import queued' })
  }

  function spend(contacts: number): void {
    const at = now()
    if (contacts === 1 && !single.take(at))
      limited('Up to 20 imports of a single contact may be requested per minute. Please wait and retry.')
    if (contacts > 1 && !several.take(at)) limited('Up to 100 imports may be requested per minute. Please wait and retry.')
  }

  return [
    { method: 'POST', path: 'import/bulk_import', handle: submit },
    { method: 'GET', path: 'import/bulk_import', handle: queue },
    { method: 'GET', path: 'import/info', handle: info },
  ]
}

function failed(
  rule: 'import-validation' | 'import-cap-250' | 'import-cap-bytes',
  message: string,
  failureReasons: readonly { readonly contact: number; readonly failureReason: string }[] = [],
): never {
  return refuse(rule, 400, { success: 0, message, failureReasons })
}

function limited(message: string): never {
  return refuse('import-rate-400', 400, [message])
}

function info({ account, query }: RouteContext): HttpReply {
  const batchId = query.get('batchId') ?? ''
  const batch = account.imports.get(batchId) ?? refuse('not-found', 404, { message: `No Result found for Import with id ${batchId}` })
  return ok({ status: batch.status, success: batch.success, failure: batch.failure })
}

function queue({ account }: RouteContext): HttpReply {
  const count = (status: ImportBatch['status']): object[] =>
    [...account.imports.values()]
      .filter((batch) => batch.status === status)
      .map(({ createdAt, rows }) => ({ created_timestamp: stamp(createdAt), contacts: String(rows.length) }))
  return ok({ outstanding: count('waiting'), recentlyCompleted: count('completed') })
}
