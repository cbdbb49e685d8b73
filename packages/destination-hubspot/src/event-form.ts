import type { Contract, DestinationContext } from '@millrace/core'
import { eventProperty, eventRequests, type EventDefinition } from './event-definitions.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'

/** How a portal takes events: as custom behavioural events, or as times on the contact. */
export type EventForm = 'behavioural' | 'properties'

/** Names of the events that a contract sends. */
export const eventNames = (contract: Contract): string[] => [
  ...new Set(Object.values(contract.events).flatMap(({ name }) => (name === undefined ? [] : [name]))),
]

/** Whether a contract sends events at all. */
export const sendsEvents = (contract: Contract): boolean => 'event' in contract.objects && eventNames(contract).length > 0

/**
 * The form for this portal. Unless the settings say: behavioural events where one of ours is defined; times on the contact where one of those is there; else what
 * the portal answers to a send of no events, which only Enterprise portals allow.
 */
export const eventForm = async (portal: Portal, { events }: Pick<Settings, 'events'>, ctx: DestinationContext): Promise<EventForm> => {
  if (events === 'behavioural' || events === 'properties') return events
  const definitions: ReadonlyMap<string, EventDefinition> | undefined = await portal.eventDefinitions(ctx.signal)
  if (definitions === undefined) return 'properties'
  const names = eventNames(ctx.contract)
  if (names.some((name) => definitions.has(name))) return 'behavioural'
  const schema = await portal.properties('contacts', ctx.signal)
  if (names.some((name) => schema.has(eventProperty(name)))) return 'properties'
  const call = 'sending no events'
  const reply = await portal.send(eventRequests.send([]), { call, signal: ctx.signal, bucket: 'events', idempotent: true })
  if (reply.status === 401 || reply.status >= 500) throw portal.error(reply, call)
  return reply.status === 403 || reply.status === 404 ? 'properties' : 'behavioural'
}
