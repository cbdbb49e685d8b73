import type { Engine } from '../engine/engine.ts'
import type { Assignment } from '../identity/assign-people.ts'
import { eventDataSchema, eventSchema, type CommerceEvent } from '../model/event.ts'
import type { Cause } from '../spec/destination.ts'
import type { IngestEvent } from '../spec/store.ts'
import { anybodyTakes, ingestEvent } from './raise-events.ts'
import { subjectOf, subjectsOf } from './subject.ts'

/** A cart that was left longer ago is not recovered by what its owner buys now. */
const recoverableMs = 30 * 24 * 60 * 60_000

/** The id of the event that says that a cart was recovered, from the one that said that it was left: both name the cart and how often it was left. */
const recoveredId = (abandonedId: string): string => abandonedId.replace(/^cart\.abandoned:/, 'cart.recovered:')

/** The event that told that a recovered cart was left. */
export const abandonedId = (recovered: string): string => recovered.replace(/^cart\.recovered:/, 'cart.abandoned:')

/**
 * The carts that new orders recover: those that their buyers left before, in whichever store. Whether a connection was told that the cart was left is looked at when
 * it is to be told that it was recovered.
 */
export const recoveredCarts = async (
  engine: Engine,
  source: string,
  placed: readonly CommerceEvent[],
  assignments: ReadonlyMap<string, Assignment>,
  cause: Cause,
): Promise<IngestEvent[]> => {
  const connections = [...engine.connections.values()]
  if (placed.length === 0 || !anybodyTakes(connections, 'cart.recovered')) return []
  const events: IngestEvent[] = []
  for (const order of placed) {
    const subjects = new Set<string>()
    const own = subjectOf(source, order)
    if (own !== null) subjects.add(own)
    for (const [identity, { people }] of assignments) {
      const unit = people.get(`order:${order.data.orderId}`)
      if (unit === undefined) continue
      for (const subject of subjectsOf((await engine.store.aliasKeys(identity, [unit])).flat())) subjects.add(subject)
    }
    const placedAt = Date.parse(order.occurredAt)
    const left = await engine.store.eventsAbout({ subjects: [...subjects], types: ['cart.abandoned'], since: placedAt - recoverableMs })
    for (const cart of left) {
      if (cart.body === null || cart.occurredAt > placedAt) continue
      // The body was checked when it was stored.
      const { subject, data } = eventSchema.parse(JSON.parse(cart.body))
      const { value, currency, quantity, orderId, orderNumber, url } = order.data
      const recovered: CommerceEvent = {
        id: recoveredId(cart.id),
        type: 'cart.recovered',
        occurredAt: order.occurredAt,
        subject,
        data: {
          ...eventDataSchema.parse({}),
          store: data.store,
          locale: data.locale,
          cartId: data.cartId,
          since: data.since,
          value,
          currency,
          quantity,
          orderId,
          orderNumber,
          url,
          lines: order.data.lines,
        },
      }
      // The cart may stand in another source than the order: its events do too.
      events.push(ingestEvent(connections, cart.source, recovered, { cause, told: false }))
    }
  }
  return events
}
