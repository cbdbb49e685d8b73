import type { Input } from '../spec/destination.ts'
import type { Claimed, Settlement } from '../spec/store.ts'
import type { Missing } from './parents.ts'
import { takeFingerprint, type Fingerprint } from './fingerprint.ts'

/** What a claimed row turned into: something to send, or a settlement without a request. */
export type Prepared =
  | { claimed: Claimed; send: Input; fingerprint: Fingerprint; ownKeys: readonly string[]; missing?: Missing | undefined }
  | { claimed: Claimed; settle: Settlement }

/**
 * What the `progress` column holds: the adapter's own; while an import is pending what it will have settled; and the revision for which a person was asked
 * whether the object may leave.
 */
export interface StoredProgress {
  adapter?: unknown
  fingerprint?: string
  leaving?: number
}

/** The parts of every settlement of a row. */
export const settlementOf = (claimed: Claimed): { did: number; sending: number } => ({ did: claimed.did, sending: claimed.sending })

/** What a row keeps between attempts. The column is written by the engine alone. */
export const storedProgress = ({ progress }: Claimed): StoredProgress => progress ?? {}

/** What the adapter left behind last time, for resuming a composite. */
export const adapterProgress = (claimed: Claimed): { progress?: unknown } => {
  const { adapter } = storedProgress(claimed)
  return adapter === undefined ? {} : { progress: adapter }
}

/** Takes the object of a row away from the destination. */
export const archive = (claimed: Claimed, remoteId: string, key: string, ownKeys: readonly string[]): Prepared => {
  const send: Input = {
    unit: claimed.unit,
    object: claimed.object,
    operation: 'archive',
    key,
    fields: {},
    changedFields: [],
    children: [],
    parents: [],
    parentsChanged: false,
    consent: [],
    memberships: [],
    membershipsChanged: false,
    cause: claimed.cause,
    remoteId,
    objects: claimed.objects,
    ...adapterProgress(claimed),
    uncertain: claimed.uncertain,
    fence: claimed.fence,
  }
  return { claimed, send, fingerprint: takeFingerprint({ key, fields: {}, children: [], parents: [], memberships: [] }), ownKeys }
}
