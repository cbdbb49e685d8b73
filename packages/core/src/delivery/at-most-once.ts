import type { Connection } from '../engine/connection.ts'
import type { MillraceError } from '../error.ts'
import type { Claimed, Problem, Settlement } from '../spec/store.ts'
import { settlementOf } from './prepared.ts'

/** Whether a row must never be sent a second time by itself: an event, unless the destination says that it recognises repetitions (design §7.2). */
export const isAtMostOnce = ({ destination }: Connection, { kind, object }: Pick<Claimed, 'kind' | 'object'>): boolean =>
  kind === 'event' && destination.delivery[object] !== 'idempotent' && destination.delivery[object] !== 'upsert'

/** Whether a claimed event may be at the vendor already, since the process that sent it died. A replay is somebody's decision to send it again. */
export const outcomeUnknown = (connection: Connection, row: Claimed): boolean => row.uncertain && isAtMostOnce(connection, row)

/** Statuses by which a vendor says that it did not take a request: all of the client's faults but a timeout, and that it is not ready to. */
const refused = (status: unknown): boolean =>
  typeof status === 'number' && ((status >= 400 && status < 500 && status !== 408) || status === 503)

/** Whether a failure leaves it open if the event was applied. What is no use to repeat says what it is by itself. */
export const leavesDoubt = (error: MillraceError, thrown: boolean): boolean => {
  if (error.context['applied'] === 'no') return false
  if (error.context['applied'] === 'unknown') return true
  return !refused(error.context['status']) && (error.retryable || thrown)
}

/** The dead letter of an event that may have been told and may not. `cause` = code of what happened. */
export const unknownOutcome = (cause: string): Problem => ({
  code: 'event_outcome_unknown',
  message:
    'The event may have reached the destination and may not, and the destination does not recognise repetitions. Look there, then replay it (it is sent again) or discard it.',
  context: { cause },
})

/** Makes a dead letter of an event that was on its way when the process died. */
export const asDeadLetter = (claimed: Claimed): Settlement => ({
  ...settlementOf(claimed),
  to: 'dead',
  attempts: claimed.attempts,
  problem: unknownOutcome(claimed.problem?.code ?? 'process_ended'),
})
