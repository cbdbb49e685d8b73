import { MillraceError, type EventFact } from '@millrace/core'

/** How an event can go out. `order` = the order or cart itself tells it; `list` and `tag` name a list or tag, `field` a field that takes the time. */
export const eventForms = ['event', 'tag', 'field', 'order', 'list'] as const

/** One of {@link eventForms}. */
export type EventForm = (typeof eventForms)[number]

/** Types that the order or cart tells by its own write, which is what the vendor's triggers listen to. */
const ofOrders = /^(?:order\.|refund|return\.|purchase\.|cart\.(?:abandoned|updated))/

/** The form that suits a type by its nature. */
export const naturalForm = (type: string): EventForm => (ofOrders.test(type) ? 'order' : 'event')

const isForm = (value: string): value is EventForm => eventForms.some((form) => form === value)

/** The form of an event: the contract's, else by its nature. Throws MillraceError `event_form_unknown`. */
export const eventForm = (event: Pick<EventFact, 'as' | 'type'> | undefined): EventForm => {
  if (event?.as === undefined) return naturalForm(event?.type ?? '')
  if (isForm(event.as)) return event.as
  throw new MillraceError({
    code: 'event_form_unknown',
    field: event.type,
    message: `ActiveCampaign has no form "${event.as}" for events. Use one of ${eventForms.join(', ')}.`,
  })
}

/** Names longer than this are refused (vendor notes, "Events"). */
export const maxName = 32

/** The name as it is sent: the contract's check sees to its length, so nothing that people see is ever cut off. */
export const eventName = (name: string): string => {
  if (name.length <= maxName) return name
  throw new MillraceError({
    code: 'value_too_long',
    field: name,
    message: `The event name "${name}" has ${name.length} characters; ActiveCampaign takes ${maxName}. Give the event a shorter name in the contract.`,
  })
}
