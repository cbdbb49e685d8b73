import { eventTypes, type EventType } from '../model/event.ts'

/**
 * What the engine has to know of a type. `marketing`: held back by an opt-out of the person that is still on its way, and by a recent purchase; the others state
 * what became of a purchase or an account, and always go. `outside`: no record tells it, somebody has to (`track`).
 */
interface EventTraits {
  purpose: 'marketing' | 'transactional'
  origin: 'records' | 'outside'
  /** A purchase of the person within so many hours before (and any since) makes it pointless. */
  quietHours?: number
}

const marketing = { purpose: 'marketing', origin: 'records' } as const
const transactional = { purpose: 'transactional', origin: 'records' } as const
const browse = { purpose: 'marketing', origin: 'outside' } as const

/** By type. */
export const eventTraits: Readonly<Record<EventType, EventTraits>> = {
  'account.created': transactional,
  'profile.changed': transactional,
  'consent.changed': transactional,
  'product.viewed': browse,
  'category.viewed': browse,
  search: browse,
  'cart.item-added': browse,
  'cart.updated': marketing,
  'checkout.started': marketing,
  'cart.abandoned': { ...marketing, quietHours: 24 },
  'cart.recovered': transactional,
  'order.placed': transactional,
  'order.confirmed': transactional,
  'order.paid': transactional,
  'order.fulfilled': transactional,
  'order.cancelled': transactional,
  'purchase.first': marketing,
  'purchase.repeat': marketing,
  refund: transactional,
  'return.in-progress': transactional,
  'return.received': transactional,
  'order.exchange': transactional,
  'order.warranty-claim': transactional,
  'price.dropped': marketing,
  'product.back-in-stock': marketing,
}

/**
 * Types that may be told from outside: what no record tells, and that a checkout was started, which a storefront knows before the next poll does. That one needs the
 * id that records give it, so that both ways tell it once.
 */
export const trackedTypes: readonly EventType[] = eventTypes.filter(
  (type) => eventTraits[type].origin === 'outside' || type === 'checkout.started',
)

/** A paid order is stored as one fact; whether it was the person's first is decided per connection when it is sent. */
const purchase: readonly EventType[] = ['purchase.first', 'purchase.repeat']

/** The types that a stored event may be sent as. */
export const sentAs = (type: EventType): readonly EventType[] => (purchase.includes(type) ? purchase : [type])

/** Whether a text names a type. */
export const isEventType = (type: string): type is EventType => eventTypes.some((known) => known === type)
