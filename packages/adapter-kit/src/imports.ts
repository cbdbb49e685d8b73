import type { DestinationContext, MillraceError, Outcome, Ticket } from '@millrace/core'

/** What {@link importSlots} needs to know of a vendor that finishes so many imports side by side. */
export interface ImportSlotsOptions {
  /** Imports that may be under way. */
  limit: number
  /** The imports that a ticket waits for, of those that take these slots. */
  importsOf: (ticket: string) => readonly string[]
  /** What is thrown when all are taken: scope `destination` and retryable, with `applied: 'no'`. */
  full: () => MillraceError
}

/** Slots during one delivery. */
export interface ImportSlots {
  /** To be awaited before an import is handed in. Throws when no slot is free. */
  need(): Promise<void>
  /** Notes an import that was accepted. */
  taken(importId: string): void
}

/**
 * Counts the imports that are under way: those whose tickets the store has open, so that a restart forgets none, and those of this delivery that it has not stored
 * yet. An import waited for by many tickets counts once.
 */
export function importSlots(ctx: Pick<DestinationContext, 'openTickets'>, { limit, importsOf, full }: ImportSlotsOptions): ImportSlots {
  const own = new Set<string>()
  return {
    async need() {
      const open = (await ctx.openTickets?.()) ?? []
      if (new Set([...open.flatMap(({ ticket }) => importsOf(ticket)), ...own]).size >= limit) throw full()
    },
    taken: (importId) => void own.add(importId),
  }
}

/** What `collect` says of an import that is not finished: its units as they were handed in, to be asked for again after that many ms. */
export const stillPending = ({ ticket, units }: Ticket, checkAfterMs: number): Outcome[] =>
  units.map(({ unit, objects, progress, remoteId }) => ({
    unit,
    result: 'pending',
    ticket,
    checkAfterMs,
    objects,
    ...(progress === undefined ? {} : { progress }),
    ...(remoteId === undefined ? {} : { remoteId }),
  }))
