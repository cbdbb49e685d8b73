import { bisect, chunk, type HttpReply } from '@millrace/adapter-kit'
import { isMillraceError, MillraceError, type DestinationContext, type Input, type Outcome } from '@millrace/core'
import { isVendorBody, recordError } from './errors.ts'
import {
  eventProperties,
  eventProperty,
  eventRequests,
  eventUuid,
  maxEvents,
  type EventDefinition,
  type EventOccurrence,
} from './event-definitions.ts'
import { eventForm } from './event-form.ts'
import type { Portal } from './portal.ts'
import type { Settings } from './settings.ts'
import { writeRows, type Row } from './write-rows.ts'

interface Sending {
  input: Input
  occurrence: EventOccurrence
}

/**
 * Tells events of contacts. HubSpot accepts a batch with 204 and says nothing of its events; a batch that it refuses is halved until the bad ones stand alone. A
 * batch whose answer was lost is not sent again: every event of it says so, and the engine makes it a dead letter.
 */
export async function* deliverEvents(
  portal: Portal,
  settings: Settings,
  inputs: readonly Input[],
  ctx: DestinationContext,
): AsyncGenerator<Outcome[]> {
  if ((await eventForm(portal, settings, ctx)) === 'properties') return yield* writeTimes(portal, inputs, ctx)
  const definitions = (await portal.eventDefinitions(ctx.signal)) ?? new Map<string, EventDefinition>()
  const ready: Sending[] = []
  const refused: Outcome[] = []
  for (const input of inputs) {
    const occurrence = toOccurrence(input, definitions)
    if (occurrence instanceof MillraceError) refused.push({ unit: input.unit, result: 'failed', error: occurrence })
    else ready.push({ input, occurrence })
  }
  if (refused.length > 0) yield refused
  for (const batch of chunk(ready, maxEvents)) yield* sendBatch(portal, batch, ctx)
}

const call = 'batch send of events'

// The event may be at fault, or the request too large.
const isEventRefusal = ({ status, body }: HttpReply): boolean => status === 413 || (status === 400 && isVendorBody(body))

async function* sendBatch(portal: Portal, batch: readonly Sending[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const open = new Set(batch)
  let inHand: readonly Sending[] = []
  const send = async (items: readonly Sending[]): Promise<HttpReply> => {
    inHand = items
    const request = eventRequests.send(items.map(({ occurrence }) => occurrence))
    const reply = await portal.send(request, { call, signal: ctx.signal, bucket: 'events', exchanged: ctx.exchanged })
    if (reply.status === 204 || isEventRefusal(reply)) return reply
    throw portal.error(reply, call)
  }
  try {
    for await (const { items, reply, rejected } of bisect(batch, send, { isBatchRejection: isEventRefusal })) {
      for (const item of items) open.delete(item)
      yield items.map(({ input, occurrence }): Outcome => {
        if (!rejected) return { unit: input.unit, result: 'delivered', created: true }
        const { status, correlationId, body } = reply
        return { unit: input.unit, result: 'failed', error: recordError(body, occurrence.properties, { status, correlationId }) }
      })
    }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    const sent = new Set(inHand)
    yield [...open].map((item): Outcome => ({ unit: item.input.unit, result: 'failed', error: sent.has(item) ? error : untouched(error) }))
  }
}

/** Of an event that was not in the request that failed. */
const untouched = (error: MillraceError): MillraceError =>
  new MillraceError({
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    scope: error.scope,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    context: { ...error.context, applied: 'no' },
  })

const toOccurrence = (
  { event, parents, fields }: Input,
  definitions: ReadonlyMap<string, EventDefinition>,
): EventOccurrence | MillraceError => {
  const contact = parents.find(({ object }) => object === 'contact')
  const definition = definitions.get(event?.name ?? '')
  if (event === undefined || definition === undefined) return notProvisioned(event?.name ?? 'event')
  if (contact === undefined) return ofNobody
  return {
    eventName: definition.fullName,
    objectId: contact.remoteId,
    occurredAt: event.occurredAt,
    uuid: eventUuid(event.id),
    properties: eventProperties(fields),
  }
}

const ofNobody = new MillraceError({
  code: 'event_of_nobody',
  message: 'HubSpot files events under contacts, and this one has none.',
})

const notProvisioned = (name: string): MillraceError =>
  new MillraceError({
    code: 'event_not_defined',
    scope: 'destination',
    message: `HubSpot has no event ${name}. Run \`millrace apply\` to define it, or switch its type off in the contract.`,
    context: { applied: 'no' },
  })

/** Portals without behavioural events: the contact says when each kind of event happened last. Repeating it changes nothing. */
async function* writeTimes(portal: Portal, inputs: readonly Input[], ctx: DestinationContext): AsyncGenerator<Outcome[]> {
  const schema = await portal.properties('contacts', ctx.signal)
  const rows = new Map<string, { row: Row; inputs: Input[] }>()
  for (const input of inputs) {
    const { event, parents } = input
    const contact = parents.find(({ object }) => object === 'contact')
    const property = eventProperty(event?.name ?? '')
    if (event === undefined || !schema.has(property) || contact === undefined) {
      yield [{ unit: input.unit, result: 'failed', error: contact === undefined ? ofNobody : notProvisioned(event?.name ?? 'event') }]
      continue
    }
    const found = rows.get(contact.remoteId) ?? { row: { id: contact.remoteId, properties: {} }, inputs: [] }
    const before = found.row.properties[property]
    if (before === undefined || before < event.occurredAt) found.row.properties[property] = event.occurredAt
    found.inputs.push(input)
    rows.set(contact.remoteId, found)
  }
  const all = [...rows.values()]
  for await (const results of writeRows(
    portal,
    { type: 'contacts', operation: 'update' },
    all.map(({ row }) => row),
    ctx.signal,
  )) {
    yield [...results].flatMap(([row, result]) =>
      (rows.get(row.id)?.inputs ?? []).map(({ unit }): Outcome =>
        result.result === 'written' ? { unit, result: 'delivered', created: true } : { unit, result: 'failed', error: result.error },
      ),
    )
  }
}
