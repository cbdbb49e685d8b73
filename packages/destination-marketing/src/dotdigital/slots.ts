import { type ImportSlots, importSlots } from '@millrace/adapter-kit'
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

/** Slots of one area during one delivery. `need` throws MillraceError `import_slots_full` when none is free. */
export const openSlots = (area: Area, ctx: DestinationContext): ImportSlots =>
  importSlots(ctx, {
    limit: limits[area],
    importsOf(ticket) {
      const read = readTicket(ticket)
      return read.area === area ? read.imports : []
    },
    full: () => slotsFull(area),
  })
