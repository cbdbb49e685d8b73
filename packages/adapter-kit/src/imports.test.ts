import { type DestinationContext, MillraceError, type OpenTicket, type TicketUnit } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { importSlots, stillPending } from './imports.ts'

const full = (): MillraceError => new MillraceError({ code: 'import_slots_full', scope: 'destination', retryable: true, message: 'Full.' })

const contextOf = (openTickets: () => OpenTicket[]): Pick<DestinationContext, 'openTickets'> => ({
  openTickets: () => Promise.resolve(openTickets()),
})

const importsOf = (ticket: string): string[] => (ticket.startsWith('contacts:') ? ticket.slice('contacts:'.length).split(',') : [])

describe('slots of imports', () => {
  it('are taken by what the store has open, once for each import, and by nothing of another kind', async () => {
    let open = ['contacts:1', 'contacts:1,2', 'orders:7', 'orders:8']
    const slots = importSlots(
      contextOf(() => open.map((ticket) => ({ object: 'contact', ticket }))),
      { limit: 3, importsOf, full },
    )
    await slots.need()
    open = [...open, 'contacts:3']
    await expect(slots.need()).rejects.toMatchObject({ code: 'import_slots_full' })
    open = ['contacts:3']
    await slots.need()
  })

  it('are taken by imports of this delivery before and after they are stored', async () => {
    const stored: string[] = []
    const slots = importSlots(
      contextOf(() => stored.map((ticket) => ({ object: 'contact', ticket }))),
      { limit: 2, importsOf, full },
    )
    slots.taken('1')
    stored.push('contacts:1')
    await slots.need()
    slots.taken('2')
    await expect(slots.need()).rejects.toMatchObject({ code: 'import_slots_full' })
  })

  it('are counted without a store too', async () => {
    const slots = importSlots({}, { limit: 1, importsOf, full })
    await slots.need()
    slots.taken('1')
    await expect(slots.need()).rejects.toMatchObject({ code: 'import_slots_full' })
  })
})

it('an import that is not finished gives every unit back as it was', () => {
  const units: TicketUnit[] = [
    { unit: 'a', object: 'contact', key: 'a', objects: { 'list:1': '' }, progress: { row: 1 }, remoteId: '5' },
    { unit: 'b', object: 'contact', key: 'b', objects: {} },
  ]
  expect(stillPending({ ticket: 't', units }, 1_000)).toEqual([
    { unit: 'a', result: 'pending', ticket: 't', checkAfterMs: 1_000, objects: { 'list:1': '' }, progress: { row: 1 }, remoteId: '5' },
    { unit: 'b', result: 'pending', ticket: 't', checkAfterMs: 1_000, objects: {} },
  ])
})
