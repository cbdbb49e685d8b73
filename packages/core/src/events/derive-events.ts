import type { CommerceEvent } from '../model/event.ts'
import type { CommerceRecord } from '../model/record.ts'
import { cartChange, cartEvents } from './cart-events.ts'
import { customerChanges, customerEvents } from './customer-events.ts'
import type { EventEvidence } from './event-evidence.ts'
import { orderEvents } from './order-events.ts'

/** Facts that a record shows by itself, whatever it was before. */
const facts = (record: CommerceRecord, evidence: EventEvidence): CommerceEvent[] => {
  switch (record.entity) {
    case 'customer':
      return customerEvents(record)
    case 'order':
      return orderEvents(record, evidence)
    case 'cart':
      return cartEvents(record)
    default:
      return []
  }
}

/** Facts that only the difference shows. */
const changes = (before: CommerceRecord | undefined, after: CommerceRecord): CommerceEvent[] => {
  if (after.entity === 'customer') return customerChanges(before?.entity === 'customer' ? before : undefined, after)
  return after.entity === 'cart' ? cartChange(before?.entity === 'cart' ? before : undefined, after) : []
}

/**
 * What happened between a record as it was stored and as it is now: the facts that it shows now and did not show then. Pure, and the same in whatever steps the
 * record got there, but for `profile.changed` and `cart.updated`, which happen once per change that was seen.
 */
export const deriveEvents = (before: CommerceRecord | undefined, after: CommerceRecord, evidence: EventEvidence = {}): CommerceEvent[] => {
  const known = new Set(before === undefined ? [] : facts(before, evidence).map(({ id }) => id))
  return [...facts(after, evidence).filter(({ id }) => !known.has(id)), ...changes(before, after)]
}
