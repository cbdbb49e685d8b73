import type { Input } from '../spec/destination.ts'
import type { Claimed, Settlement } from '../spec/store.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What a claimed row turned into: something to send, or a settlement without a request. */
export type Prepared =
  | { claimed: Claimed; send: Input; fingerprint: Fingerprint; ownKeys: readonly string[] }
  | { claimed: Claimed; settle: Settlement }

/** The parts of every settlement of a row. */
export const settlementOf = (claimed: Claimed): { did: number; sending: number } => ({ did: claimed.did, sending: claimed.sending })
