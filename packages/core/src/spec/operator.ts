/** A connection that a person stopped: nothing of it is claimed until it is resumed. Times are epoch ms. */
export interface Pause {
  connection: string
  since: number
  actor: string
  /** What the person gave as the reason. Gone with the pause. */
  reason: string | null
}

/** What operators do, and what changes because of them. */
export type AuditAction =
  | 'apply'
  | 'replay'
  | 'discard'
  | 'pause'
  | 'resume'
  | 'accept-removals'
  | 'contract-change'
  | 'erase'
  | 'export'
  | 'observe'
  | 'go-live'

/** Who does what, handed to the command that does it. `detail` holds names, codes, hashes and counts: never personal data, never free text. */
export interface Audited {
  actor: string
  action: AuditAction
  /** Null when it concerns all connections. */
  connection: string | null
  detail: Record<string, string | number | boolean>
}

/** One line of the audit log. `count` = how many rows the command changed; null where it does not count any. */
export interface AuditEntry extends Audited {
  at: number
  count: number | null
}
