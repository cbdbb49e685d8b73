import type { MillraceError } from '../error.ts'
import type { ObjectLink } from './destination.ts'

/** A person to be erased at a destination, with everything of theirs that we linked there. */
export interface ErasureTarget {
  unit: string
  key: string
  remoteId?: string
  /** Every e-mail the person is known by, as the source holds them. */
  emails: readonly string[]
  phones: readonly string[]
  /** Orders, carts and events of the person that may hold personal data. */
  related: readonly ObjectLink[]
}

/** What became of it. `absent` = the destination knows nobody of the kind. `remains` says in words what the vendor keeps and why. */
export type ErasureOutcome = { unit: string; remains: readonly string[] } & (
  | { result: 'erased' | 'absent' }
  /** Accepted; the vendor works on it. */
  | { result: 'requested' }
  | { result: 'failed'; error: MillraceError }
)
