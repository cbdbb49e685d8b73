import type { ObservedTotals } from '../api/report.ts'
import type { Input } from '../spec/destination.ts'
import { settlementOf, type Prepared } from './prepared.ts'
import type { Settled } from './settle-outcome.ts'

/** Code of a row that was prepared and not sent, because its connection only observes. */
export const observedCode = 'observed'

type Sendable = Extract<Prepared, { send: unknown }>
type Action = 'create' | 'update' | 'archive'

const actionOf = ({ operation, remoteId }: Input): Action =>
  operation === 'archive' ? 'archive' : remoteId === undefined ? 'create' : 'update'

/** Names of what would be written; never values, since those are data of people. */
const partsOf = (input: Input): string[] => [
  ...input.changedFields,
  ...new Set(input.consent.map(({ channel }) => `consent.${channel}`)),
  ...(input.membershipsChanged && input.memberships.length > 0 ? ['memberships'] : []),
  ...(input.parentsChanged && input.parents.length > 0 ? ['parents'] : []),
]

/**
 * Puts aside what a live connection would send now: parked until a newer revision is observed or the connection goes live, with the names of what differs in the
 * journal. Nothing of it counts as delivered, and nothing is kept of it that a later delivery would be compared with.
 */
export const observe = (items: readonly Sendable[], totals: ObservedTotals): Settled[] =>
  items.map(({ claimed, send }): Settled => {
    const action = actionOf(send)
    const fields = partsOf(send)
    const children = send.children.filter(({ changed }) => changed).length
    totals[action] += 1
    const byField = (totals.fields[send.object] ??= {})
    for (const field of fields) byField[field] = (byField[field] ?? 0) + 1
    return {
      claimed,
      settlement: {
        ...settlementOf(claimed),
        to: 'parked',
        waitsFor: null,
        problem: {
          code: observedCode,
          message: `The connection only observes. Live, it would ${action} this object now${fields.length === 0 ? '' : `: ${fields.join(', ')}`}.`,
          context: { action, fields: fields.join(','), children },
        },
      },
      retried: false,
      unconfirmed: false,
      failure: undefined,
    }
  })

/** Totals of a pass that observed nothing yet. */
export const noObservations = (): ObservedTotals => ({ create: 0, update: 0, archive: 0, fields: {} })
