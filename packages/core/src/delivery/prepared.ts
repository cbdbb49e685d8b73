import type { Input, ObjectLink } from '../spec/destination.ts'
import type { Claimed, Settlement } from '../spec/store.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { MappedUnit } from '../mapping/compile.ts'
import type { Loaded } from './load-views.ts'

/** A unit that has been mapped and whose parents are known. */
export interface Mapped {
  loaded: Loaded
  mapped: MappedUnit
  parents: ObjectLink[]
  /** Products of the lines, by unit. */
  products: ReadonlyMap<string, ObjectLink>
}

/** What a claimed row turned into: something to send, or a settlement without a request. */
export type Prepared =
  | { claimed: Claimed; send: Input; fingerprint: Fingerprint; ownKeys: readonly string[] }
  | { claimed: Claimed; settle: Settlement }

/** The parts of every settlement of a row. */
export const settlementOf = (claimed: Claimed): { did: number; sending: number } => ({ did: claimed.did, sending: claimed.sending })
