import { isJsonObject, type HttpReply } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { Refusal, refuse } from '../errors.ts'
import { collectionTypes, createCollection } from '../insight/collection.ts'
import { findOwner, writeRecord } from '../insight/write.ts'
import { iso, type Route, type RouteContext } from '../route.ts'
import { isIsoDate } from '../v2/data-field.ts'

/** An event as it was accepted. */
export interface EventOccurrence {
  readonly type: string
  readonly id: string
  /** Epoch ms. */
  readonly occurredAt: number
  readonly receivedAt: number
  readonly summary: string | undefined
  readonly data: Readonly<Record<string, unknown>>
  /** Undefined when the contact did not exist when the import ran: the event is dropped without a word. */
  readonly contactId: number | undefined
}

interface ReadEvent extends Omit<EventOccurrence, 'contactId'> {
  readonly identity: unknown
}

const maxEvents = 5000
const maxType = 80
const maxSummary = 160

function malformed(detail: string): never {
  return refuse('body-shape', 400, 'events:badJson', `The request JSON is badly formed: ${detail}`)
}

function readSummary(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const summary = isJsonObject(value) ? value['summary'] : undefined
  if (typeof summary !== 'string' || summary === '') return malformed("'timelineDetails.summary' is required")
  return summary.length > maxSummary ? refuse('event-limits', 400, 'events:badJson', `'summary' is longer than ${maxSummary}`) : summary
}

function readEvent(account: Account, value: unknown): ReadEvent {
  if (!isJsonObject(value)) return malformed('an event must be an object')
  const { contactIdentity, type, id, eventTimestamp, timelineDetails, eventData = {} } = value
  if (!isJsonObject(contactIdentity)) return malformed("'contactIdentity' is required")
  if (typeof type !== 'string') return malformed("'type' is required")
  if (type.length < 1 || type.length > maxType)
    return refuse('event-limits', 400, 'events:badJson', `'type' must have 1 to ${maxType} characters`)
  if (collectionTypes.some((reserved) => reserved === type)) {
    return refuse('event-type-reserved', 400, 'events:badJson', `'${type}' is the name of a standard type`)
  }
  if (id !== undefined && (typeof id !== 'string' || id === '')) return malformed("'id' must be a text")
  if (eventTimestamp !== undefined && (typeof eventTimestamp !== 'string' || !isIsoDate(eventTimestamp))) {
    return refuse('event-timestamp', 400, 'events:badJson', "'eventTimestamp' must be a time of ISO 8601")
  }
  if (!isJsonObject(eventData)) return malformed("'eventData' must be an object")
  const receivedAt = account.settings.now()
  return {
    identity: contactIdentity,
    type,
    id: id ?? account.newId(),
    occurredAt: eventTimestamp === undefined ? receivedAt : Date.parse(eventTimestamp),
    receivedAt,
    summary: readSummary(timelineDetails),
    data: eventData,
  }
}

/** POST import: 202 without a body; there is no way to ask what became of it. */
function startImport(context: RouteContext): HttpReply {
  const { account, body } = context
  if (!account.settings.events) throw new Refusal('event-needs-cxdp', { status: 403, body: { message: 'Forbidden' } })
  if (!Array.isArray(body) || body.length === 0) return malformed('a list of at least one event is expected')
  context.countInputs(body.length)
  if (body.length > maxEvents) refuse('event-limits', 400, 'events:badJson', `At most ${maxEvents} events`)
  const events = body.map((value: unknown) => readEvent(account, value))
  account.jobs.accept('events', events.length, () => {
    for (const event of events) file(account, event)
    return { state: 'done', report: {} }
  })
  return { status: 202 }
}

/** Files an event: a record of the collection of its type under its id, so that the same id twice is one record. */
function file(account: Account, { identity, ...event }: ReadEvent): void {
  const found = findOwner(account, identity)
  if ('failureReason' in found) {
    account.events.push({ ...event, contactId: undefined })
    return
  }
  account.events.push({ ...event, contactId: found.owner })
  const name = event.type.replaceAll(/[^A-Za-z0-9]/g, '_')
  const collection = account.collections.get(name) ?? createCollection(name, 'contact', 'event')
  if (collection.type !== 'event') return
  account.collections.set(name, collection)
  writeRecord(account, collection, found.owner, event.id, {
    id: event.id,
    event: event.type,
    created_date: iso(event.occurredAt),
    event_data: event.data,
  })
}

/** Endpoints of events in version 3. */
export const eventRoutes: readonly Route[] = [{ method: 'POST', path: 'events/v3/import', tier: 'low', handle: startImport }]
