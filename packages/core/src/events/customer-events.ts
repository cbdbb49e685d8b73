import type { Customer } from '../model/customer.ts'
import { eventDataSchema, type CommerceEvent, type EventData } from '../model/event.ts'

const data = (customer: Customer, more: Partial<EventData>): EventData => ({
  ...eventDataSchema.parse({}),
  store: customer.stores[0],
  locale: customer.locale,
  ...more,
})

const subjectOf = ({ id, email }: Customer): CommerceEvent['subject'] => ({ customerId: id, ...(email === undefined ? {} : { email }) })

/** The facts that an account shows as it is now: that it was created, and what its owner said about consent. */
export const customerEvents = (customer: Customer): CommerceEvent[] => {
  const subject = subjectOf(customer)
  const created = { id: `account.created:${customer.id}`, type: 'account.created', occurredAt: customer.createdAt, subject } as const
  const stated = customer.consents.flatMap((consent): CommerceEvent[] => {
    // Without a time, the statement is known by what it says: it is new when it differs from the record before.
    if (consent.status === 'unknown' || consent.at === undefined) return []
    return [consentEvent(customer, consent, consent.at)]
  })
  return [{ ...created, data: data(customer, {}) }, ...stated]
}

type Stated = Customer['consents'][number]

const consentEvent = (customer: Customer, consent: Stated, occurredAt: string): CommerceEvent => {
  const id = `consent.changed:${customer.id}:${consent.channel}:${consent.purpose}:${consent.status}:${Date.parse(occurredAt)}`
  return { id, type: 'consent.changed', occurredAt, subject: subjectOf(customer), data: data(customer, { consent }) }
}

const statusOf = (customer: Customer | undefined, { channel, purpose }: Stated): string =>
  customer?.consents.find((each) => each.channel === channel && each.purpose === purpose)?.status ?? 'unknown'

/** Names of what belongs to the profile, and so to `profile.changed`. Consents have an event of their own. */
const profileFields = [
  'email',
  'title',
  'salutation',
  'firstName',
  'middleName',
  'lastName',
  'dateOfBirth',
  'phone',
  'companyName',
  'vatId',
  'locale',
  'accountStatus',
  'groups',
  'stores',
  'addresses',
  'billingAddress',
  'shippingAddress',
  'custom',
] as const

/** What is only seen beside the record before: fields of the profile that differ, and statements about consent that carry no time. */
export const customerChanges = (before: Customer | undefined, customer: Customer): CommerceEvent[] => {
  const subject = subjectOf(customer)
  const occurredAt = customer.modifiedAt
  const stated = customer.consents
    .filter((consent) => consent.at === undefined && consent.status !== 'unknown' && statusOf(before, consent) !== consent.status)
    .map((consent) => consentEvent(customer, consent, occurredAt))
  if (before === undefined) return stated
  const changed = profileFields.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(customer[name]))
  if (changed.length === 0) return stated
  const id = `profile.changed:${customer.id}:${Date.parse(occurredAt)}`
  return [...stated, { id, type: 'profile.changed', occurredAt, subject, data: data(customer, { changed }) }]
}
