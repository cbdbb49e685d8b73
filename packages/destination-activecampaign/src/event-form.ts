import { MillraceError, type EventFact } from '@millrace/core'

/** How an event can go out, the default first. `tag` and `list` name a tag or list, `field` a field that takes the time; `order` = the order or cart itself tells it. */
export const eventForms = ['event', 'tag', 'field', 'order', 'list'] as const

/** One of {@link eventForms}. */
export type EventForm = (typeof eventForms)[number]

const isForm = (value: string): value is EventForm => eventForms.some((form) => form === value)

/** The form that the contract chose; it was checked when the contract was loaded. */
export const eventForm = (event: Pick<EventFact, 'as'> | undefined): EventForm =>
  event?.as !== undefined && isForm(event.as) ? event.as : 'event'

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
