const marker = Symbol.for('millrace.error')

/** How far a failure reaches: one record, the vendor call it travelled in, or everything for that destination. */
export type ErrorScope = 'record' | 'batch' | 'destination'

/** What {@link MillraceError} is made from. `message` says what, where and what to do next; it must hold no secrets and no personal data. */
export interface ErrorDetails {
  /** Stable, lower case with underscores, listed with its cure in `docs/errors.md`. */
  code: string
  message: string
  retryable?: boolean
  /** The vendor's wish, in milliseconds from now. */
  retryAfterMs?: number
  scope?: ErrorScope
  /** The destination field or the setting at fault. */
  field?: string
  cause?: unknown
  /** Redacted facts for the person who reads the dead letter: status, correlation id, vendor's category. */
  context?: Record<string, string | number | boolean>
}

/** The one error type of Millrace. Recognise it by {@link isMillraceError}, which also holds across duplicate installs, and branch on `code`. */
export class MillraceError extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly scope: ErrorScope
  readonly field: string | undefined
  readonly context: Record<string, string | number | boolean>

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'MillraceError'
    this.code = details.code
    this.retryable = details.retryable ?? false
    this.retryAfterMs = details.retryAfterMs
    this.scope = details.scope ?? 'record'
    this.field = details.field
    this.context = details.context ?? {}
    Object.defineProperty(this, marker, { value: true })
  }

  /** The same as {@link isMillraceError}. */
  static isInstance(value: unknown): value is MillraceError {
    return isMillraceError(value)
  }

  /** A plain object without stack and cause, fit for `--json`, the journal and logs. */
  toJSON(): {
    code: string
    message: string
    scope: ErrorScope
    retryable: boolean
    field?: string
    context: Record<string, string | number | boolean>
  } {
    const { code, message, scope, retryable, field, context } = this
    return { code, message, scope, retryable, ...(field === undefined ? {} : { field }), context }
  }
}

/** Whether a value is a {@link MillraceError} of any installed copy of this package. */
export const isMillraceError = (value: unknown): value is MillraceError => typeof value === 'object' && value !== null && marker in value
