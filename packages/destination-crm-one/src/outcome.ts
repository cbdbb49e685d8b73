import type { Candidate, Input, MillraceError, Outcome } from '@millrace/core'

/** A record that was refused. What is known of it at the vendor stays. */
export const failed = ({ unit }: Input, error: MillraceError, more: Pick<Outcome, 'remoteId' | 'objects'> = {}): Outcome => ({
  unit,
  result: 'failed',
  error,
  ...more,
})

/** A record that stands in somebody's way. */
export const conflicting = ({ unit }: Input, candidates: readonly Candidate[]): Outcome => ({ unit, result: 'conflict', candidates })

/**
 * A record that is there. An answer to a repeated write says "created" as the first one did, so only what cannot have been there before counts as created.
 */
export const delivered = (input: Input, remoteId: string, status: number, more: Pick<Outcome, 'objects' | 'progress'> = {}): Outcome => ({
  unit: input.unit,
  result: 'delivered',
  created: status === 201 && input.remoteId === undefined && !input.uncertain,
  remoteId,
  ...more,
})
