import type { Connection } from '../engine/connection.ts'
import type { CommerceEvent, EventType } from '../model/event.ts'
import { priorityOf } from '../routing/units.ts'
import type { Cause } from '../spec/destination.ts'
import type { IngestEvent, Raise } from '../spec/store.ts'
import { sentAs } from './event-traits.ts'
import { subjectOf } from './subject.ts'

/** `event:<source>:<id>` */
export const eventUnit = (source: string, id: string): string => `event:${source}:${id}`

/** The event that a unit stands for. Source names hold no colon. */
export const unitEvent = (unit: string): { source: string; id: string } => {
  const [, source = '', ...id] = unit.split(':')
  return { source, id: id.join(':') }
}

/** Whether a connection wants to hear of events of a type. */
export const takes = (connection: Connection, type: EventType): boolean =>
  connection.objectsOf('event').length > 0 && sentAs(type).some((each) => Object.hasOwn(connection.contract.events, each))

/** Whether anybody wants to hear of some of these types. */
export const anybodyTakes = (connections: Iterable<Connection>, ...types: EventType[]): boolean =>
  [...connections].some((connection) => types.some((type) => takes(connection, type)))

/** What an event raises: itself, at every connection that takes it. `changedAt` = when the source showed it (epoch ms), for freshness. */
export const raisesOf = (
  connections: Iterable<Connection>,
  source: string,
  { id, type }: Pick<CommerceEvent, 'id' | 'type'>,
  { cause, changedAt }: { cause: Cause; changedAt?: number },
): Raise[] =>
  [...connections].flatMap((connection): Raise[] =>
    takes(connection, type) && connection.admission.takesSource(source)
      ? connection.objectsOf('event').map((object) => ({
          connection: connection.name,
          object,
          unit: eventUnit(source, id),
          kind: 'event',
          cause,
          priority: priorityOf('event', cause),
          ...(changedAt === undefined ? {} : { changedAt }),
        }))
      : [],
  )

/**
 * An event for the page that tells it. `told` = it happened before there was anybody to tell; `held` = it is kept whole and raised when it is known whose it is.
 */
export const ingestEvent = (
  connections: Iterable<Connection>,
  source: string,
  event: CommerceEvent,
  { told, held = false, ...how }: { cause: Cause; told: boolean; held?: boolean; changedAt?: number },
): IngestEvent => ({
  source,
  id: event.id,
  type: event.type,
  occurredAt: Date.parse(event.occurredAt),
  subject: subjectOf(source, event),
  body: told ? null : JSON.stringify(event),
  raises: told || held ? [] : raisesOf(connections, source, event, how),
  ...(held ? { held } : {}),
})
