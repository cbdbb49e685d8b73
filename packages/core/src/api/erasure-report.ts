import type { ErasedCounts } from '../spec/store-erasure.ts'

/** What became of the person at one connection. */
export interface ConnectionErasure {
  /** `requested` = the vendor works on it; `by-hand` = the destination has no call for it; `planned` in a dry run. */
  result: 'erased' | 'absent' | 'requested' | 'failed' | 'by-hand' | 'planned'
  /** Ids of their objects there: of the person, orders, carts, events. */
  ids: string[]
  /** What the vendor keeps, in words. */
  remains: string[]
  /** How many people it still finds by their e-mails afterwards; null where it cannot be asked. */
  found: number | null
  problem: { code: string; message: string } | null
}

/** Proof of an erasure. Holds no personal data: hashes, ids, counts. `complete` = every destination erased them or knows nobody; else erase again, or by hand. */
export interface ErasureReport {
  complete: boolean
  dryRun: boolean
  at: string
  actor: string
  /** Whom: hash of the e-mail, or the account. */
  subject: string
  connections: Record<string, ConnectionErasure>
  /** What was forgotten here; null in a dry run. */
  store: ErasedCounts | null
  /** Records of theirs here, by kind. */
  records: Record<string, number>
}

/** Everything that is held and was sent about a person. */
export interface ExportReport {
  at: string
  subject: string
  records: unknown[]
  /** What destinations are known to hold: objects by connection, with what they hold of consent. */
  connections: Record<string, { objects: { object: string; remoteId: string | null; state: string; since: string }[]; consent: unknown[] }>
  events: unknown[]
  journal: { at: string; connection: string; object: string; event: string }[]
}
