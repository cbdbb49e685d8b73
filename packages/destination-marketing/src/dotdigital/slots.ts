import type { DestinationContext } from '@millrace/core'
import { slotsFull } from './errors.ts'

/** What imports are of: each has slots of its own (vendor notes: 25 active imports of contacts, 5 of insight data). */
export type Area = 'contacts' | 'insightData'

const limits: Readonly<Record<Area, number>> = { contacts: 25, insightData: 5 }

/** A ticket: the area and the imports that a unit waits for. */
export const ticketOf = (area: Area, imports: readonly string[]): string => `${area}:${imports.join(',')}`

/** Reads a ticket. */
export const readTicket = (ticket: string): { area: Area; imports: string[] } => {
  const [area, imports = ''] = ticket.split(':')
  return { area: area === 'insightData' ? 'insightData' : 'contacts', imports: imports.split(',').filter((id) => id !== '') }
}

/** Slots of one area during one delivery. */
export interface Slots {
  /** Throws MillraceError `import_slots_full` when none is free. */
  need(): Promise<void>
  /** Notes an import that was accepted. */
  taken(importId: string): void
}

/** Counts the imports that the store has open, so that a restart forgets none, and those of this delivery that it has not stored yet. */
export const openSlots = (area: Area, ctx: DestinationContext): Slots => {
  const own = new Set<string>()
  return {
    async need() {
      const open = (await ctx.openTickets?.()) ?? []
      const stored = open.map(({ ticket }) => readTicket(ticket)).flatMap((one) => (one.area === area ? one.imports : []))
      if (new Set([...stored, ...own]).size >= limits[area]) throw slotsFull(area)
    },
    taken: (importId) => void own.add(importId),
  }
}
