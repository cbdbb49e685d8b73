import type { Connection } from '../engine/connection.ts'
import type { Refusal } from '../routing/admission.ts'
import type { ObjectSpec } from '../spec/destination.ts'
import type { View } from '../views/view.ts'
import { parseFingerprint } from './fingerprint.ts'
import type { Loaded } from './load-views.ts'
import { archive, settlementOf, storedProgress, type Prepared } from './prepared.ts'

const reasons: Readonly<Record<Refusal, string>> = {
  outside_route: 'It does not belong to what this connection takes (route).',
  not_included: 'It does not fulfil what the contract asks of its kind (include).',
}

/**
 * What becomes of a unit that the connection does not take. One that never went out is skipped; of one that is linked the contract decides, and what would change
 * the destination waits for the removal guard first. A `view` is to be mapped as usual: it flags the object. Undefined when the unit is taken.
 */
export const leaveScope = (
  connection: Connection,
  spec: ObjectSpec,
  { claimed, view, key, ownKeys }: Loaded,
  now: number,
): { prepared: Prepared } | { view: View } | undefined => {
  const refusal = view === undefined ? undefined : connection.admission.refusal(spec.from, view, now)
  if (refusal === undefined) return undefined
  const skip = (code: string, message: string): { prepared: Prepared } => ({
    prepared: { claimed, settle: { ...settlementOf(claimed), to: 'settled', result: 'skipped', problem: { code, message } } },
  })
  if (claimed.remoteId === null) return skip(refusal, reasons[refusal])
  const policy = connection.contract.leaving?.[spec.from] ?? 'ignore'
  const flagged = parseFingerprint(claimed.fingerprint)?.left === true
  if (policy === 'ignore' || (policy === 'keep-and-flag' && flagged))
    return skip('left_scope', `${reasons[refusal]} What the destination has of it stays as it is.`)
  const progress = storedProgress(claimed)
  if (progress.leaving !== claimed.sending) {
    const problem = { code: 'leaves_scope', message: `${reasons[refusal]} The contract says ${policy}, which waits for the removal guard.` }
    return {
      prepared: { claimed, settle: { ...settlementOf(claimed), to: 'held', problem, progress: { ...progress, leaving: claimed.sending } } },
    }
  }
  if (policy === 'archive') return { prepared: archive(claimed, claimed.remoteId, key, ownKeys) }
  return { view: { ...view, inScope: false } }
}
