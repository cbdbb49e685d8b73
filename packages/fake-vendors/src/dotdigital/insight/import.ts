import { isJsonObject, type HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { refuse } from '../errors.ts'
import type { Job, JobEnd } from '../jobs.ts'
import { ok, type RouteContext } from '../route.ts'
import { ensureCollection, readClaim, type CollectionClaim } from './collections.ts'
import { findOwner, writeRecord, type WriteFailure } from './write.ts'

/** PUT import: 202 with an id, or 429 while five are active. Records are looked at when the import runs. */
export function startImport(context: RouteContext): HttpReply {
  const { account, body } = context
  if (!isJsonObject(body)) return refuse('body-shape', 400, 'insightData:badJson', 'The request JSON is badly formed')
  const { records } = body
  if (!Array.isArray(records) || records.length === 0) {
    return refuse('body-shape', 400, 'insightData:badJson', "'records' must be a list of at least one record")
  }
  context.countInputs(records.length)
  const claim = readClaim(account, body['collectionName'], body['collectionScope'], body['collectionType'])
  if (account.jobs.active('insightData') >= account.settings.activeInsightImports) {
    refuse(
      'insight-imports-5-active',
      429,
      'insightData:tooManyActiveImports',
      'Your import request cannot be accepted as too many imports are being processed for your account.',
    )
  }
  const job = account.jobs.accept('insightData', records.length, () => runImport(account, claim, records))
  return { status: 202, body: { importId: job.id } }
}

function runImport(account: Account, claim: CollectionClaim, records: readonly unknown[]): JobEnd {
  if (account.failingInsightImports > 0) {
    account.failingInsightImports -= 1
    return { state: 'ended', report: {} }
  }
  const collection = ensureCollection(account, claim)
  // Made with another scope or type while this import was waiting.
  if (collection.scope !== claim.scope || collection.type !== claim.type) return { state: 'ended', report: {} }
  const seen = new Set<string>()
  const failures = records.flatMap((record) => {
    const { key, json, contactIdentity } = isJsonObject(record) ? record : {}
    const failure = importRecord(account, claim, { key, json, contactIdentity }, seen)
    if (failure === undefined) return []
    const collectionOwner = claim.scope === 'account' ? { ownerType: 'account' } : { ownerType: 'contact', contactIdentity }
    return [{ collectionOwner, ...failure, key, json }]
  })
  return {
    state: 'done',
    report: {
      collectionName: claim.name,
      summary: {
        totalRecords: records.length,
        totalImported: records.length - failures.length,
        totalRejected: failures.length,
      },
      ...(failures.length > 0 && { failures: account.random.shuffle(failures) }),
    },
  }
}

function importRecord(
  account: Account,
  claim: CollectionClaim,
  { key, json, contactIdentity }: { readonly key: unknown; readonly json: unknown; readonly contactIdentity: unknown },
  seen: Set<string>,
): WriteFailure | undefined {
  const found = claim.scope === 'account' ? { owner: undefined } : findOwner(account, contactIdentity)
  if ('failureReason' in found) return found
  const slot = `${found.owner ?? ''}\n${String(key)}`
  if (seen.has(slot)) return { failureReason: 'DuplicateKey', details: [`The key '${String(key)}' is more than once in the import`] }
  const result = writeRecord(account, ensureCollection(account, claim), found.owner, key, json)
  if ('failureReason' in result) return result
  seen.add(slot)
  return undefined
}

/** GET import: the word for done is `Complete` or `Finished`, as the account's options say. */
export function importStatus({ account, param }: RouteContext): HttpReply {
  const job = account.jobs.find('insightData', param('id'))
  if (job === undefined) {
    return refuse('import-not-found', 404, 'insightData:importNotFound', `The import request '${param('id')}' could not be found!`)
  }
  return ok({ importId: job.id, status: statusOf(account, job), ...job.report })
}

function statusOf({ settings }: Account, job: Job): string {
  if (job.state === 'ended') return 'Failed'
  if (job.state === 'pending') return settings.now() < (job.acceptedAt + job.dueAt) / 2 ? 'NotStarted' : 'Processing'
  if (settings.doneWord !== 'alternating') return settings.doneWord
  return job.number % 2 === 1 ? 'Complete' : 'Finished'
}
