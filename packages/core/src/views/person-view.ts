import { z } from 'zod'
import { consentViewSchema } from '../consent/consent-view.ts'
import type { Address } from '../model/common.ts'
import { instantSchema } from '../model/common.ts'
import { customerSchema } from '../model/customer.ts'
import type { Consent } from '../model/consent.ts'
import type { Customer } from '../model/customer.ts'
import type { CommerceRecord } from '../model/record.ts'
import { personSignals, personSignalsSchema } from '../signals/person-signals.ts'
import type { EvidenceRecords } from '../signals/suppression.ts'
import { firstTouch, touchSchema } from '../signals/touch.ts'
import type { SignalRules } from '../signals/signal-rules.ts'
import type { MemberRole, OrderFact } from '../spec/store.ts'
import { guestProfile } from './guest-profile.ts'
import { mergeProfiles } from './merge-profiles.ts'
import { sortProfiles } from './profile-order.ts'
import type { Profile } from './profile-order.ts'
import { languageOf } from './text.ts'
import { instantOf } from './view.ts'

/**
 * A person as rules see it, merged from all members. `id`, `accountStatus` and `registeredAt` (creation of the oldest account) are absent for guests. `createdAt` is the earliest and `modifiedAt` the latest
 * of the members. `guestOrderIds` = numbers (else ids) of the orders made without an account, sorted. `deletedAt` is set when every member is deleted.
 */
export const personViewSchema = customerSchema
  .omit({ entity: true, id: true, accountStatus: true })
  .partial({ createdAt: true, modifiedAt: true, emailVerified: true })
  .extend({
    /** Our own unique key; the shop's own one is `shopKey`. */
    key: z.string(),
    shopKey: z.string().optional(),
    id: z.string().optional(),
    accountStatus: customerSchema.shape.accountStatus.unwrap().optional(),
    registered: z.boolean(),
    registeredAt: instantSchema.optional(),
    customerIds: z.array(z.string()),
    guestOrderIds: z.array(z.string()),
    fullName: z.string().optional(),
    country: z.string().optional(),
    language: z.string().optional(),
    signals: personSignalsSchema,
    /** Names of the sources of the members, sorted. */
    sources: z.array(z.string()),
    /** False for one that the connection no longer takes. */
    inScope: z.boolean(),
    /** How the person came to the shop the first time; only where the contract says where that stands. Map it with the owner `once`. */
    firstTouch: touchSchema.optional(),
    /** What is decided about consent at the connection, by channel; the source's own words are `consents`. */
    consent: consentViewSchema.optional(),
    historical: z.boolean(),
    deletedAt: instantSchema.optional(),
  })
export type PersonView = z.infer<typeof personViewSchema>

/** A member with its body parsed; orders of an account have one only where the contract's signals need it. `rid` and `deletedAt` (epoch ms) are those of the record; `rid` is not looked at, because it depends on arrival. */
export interface PersonMember {
  role: MemberRole
  record: CommerceRecord | null
  fact: OrderFact | null
  rid: number
  deletedAt: number | null
  /** Name of the source; absent = that of the fact. */
  source?: string
}

const profileOf = ({ role, record, deletedAt }: PersonMember): Profile[] => {
  if (record === null || role === 'order') return []
  if (record.entity === 'customer') return [{ account: true, customer: record, deletedAt }]
  return record.entity === 'order' ? [{ account: false, customer: guestProfile(record), deletedAt }] : []
}

const fullName = (customer: Partial<Customer>): string | undefined => {
  const parts = [customer.firstName, customer.middleName, customer.lastName].flatMap((part) =>
    part === undefined || part.trim() === '' ? [] : [part.trim()],
  )
  return parts.length === 0 ? undefined : parts.join(' ')
}

const countryOf = (customer: Partial<Customer>): string | undefined => {
  const addresses: (Address | undefined)[] = [customer.billingAddress, customer.shippingAddress, ...(customer.addresses ?? [])]
  return addresses.find((address) => address?.country !== undefined && address.country !== '')?.country
}

/** The orders of some members. Deleted ones are gone at the source: they count in no total. */
export const liveFacts = (members: readonly PersonMember[]): OrderFact[] =>
  members.flatMap(({ fact, deletedAt }) => (fact === null || deletedAt !== null ? [] : [fact]))

/** What the view of a person holds besides its members. Without `now` (epoch ms), signals that change with the time are absent. */
export interface PersonContext {
  key: string
  historical: boolean
  now?: number
  signals?: SignalRules
  locales?: readonly string[]
}

/** Of the records that are there still. */
const liveRecords = (members: readonly PersonMember[]): EvidenceRecords => {
  const live = members.flatMap(({ record, deletedAt }) => (record === null || deletedAt !== null ? [] : [record]))
  return {
    orders: live.flatMap((record) => (record.entity === 'order' ? [record] : [])),
    accounts: live.flatMap((record) => (record.entity === 'customer' ? [record] : [])),
  }
}

/** Whether any channel is allowed and was not denied later. Without a time, a denial is the newer one. */
const isOptedIn = (consents: readonly Consent[]): boolean =>
  consents.some(
    (consent) =>
      consent.status === 'granted' &&
      !consents.some(
        (other) =>
          other.status === 'denied' &&
          other.channel === consent.channel &&
          other.purpose === consent.purpose &&
          (other.at ?? '~') >= (consent.at ?? ''),
      ),
  )

/**
 * Merges the members of a person, in the same way in whatever order they arrived: accounts before guests, the ones that are not deleted first, then the newest
 * modified, then by id. Field by field the first that is not blank counts; lists are united; custom fields are merged by name.
 */
export const personView = (members: readonly PersonMember[], context: PersonContext): PersonView => {
  const profiles = sortProfiles(members.flatMap(profileOf))
  const merged = mergeProfiles(profiles.map(({ customer }) => customer))
  const accounts = profiles.flatMap(({ account, customer }) => (account ? [customer] : []))
  const [main] = accounts
  const facts = liveFacts(members)
  const records = liveRecords(members)
  const { signals = {} } = context
  const deleted = profiles.map(({ deletedAt }) => deletedAt).filter((at) => at !== null)
  const { entity: _entity, id: _id, accountStatus: _status, key: shopKey, ...fields } = merged
  return {
    addresses: [],
    companyIds: [],
    consents: [],
    custom: {},
    groups: [],
    stores: [],
    ...fields,
    key: context.key,
    shopKey,
    id: main?.id,
    accountStatus: main?.accountStatus,
    registered: main !== undefined,
    registeredAt: accounts.map(({ createdAt }) => createdAt).toSorted()[0],
    customerIds: [...new Set(accounts.map(({ id }) => id))].toSorted(),
    guestOrderIds: [...new Set(facts.flatMap((fact) => (fact.guest ? [fact.number ?? fact.orderId] : [])))].toSorted(),
    fullName: fullName(merged),
    country: countryOf(merged),
    language: merged.locale === undefined ? undefined : languageOf(merged.locale),
    signals: personSignals(facts, {
      ...(context.now === undefined ? {} : { now: context.now }),
      rules: signals,
      locales: context.locales ?? [],
      optedIn: isOptedIn(merged.consents ?? []),
      records,
    }),
    firstTouch: signals.acquisition === undefined ? undefined : firstTouch([...records.accounts, ...records.orders], signals.acquisition),
    sources: [...new Set(members.flatMap(({ source, fact }) => source ?? fact?.source ?? []))].toSorted(),
    inScope: true,
    historical: context.historical,
    deletedAt: instantOf(profiles.length > 0 && deleted.length === profiles.length ? Math.max(...deleted) : null),
  }
}
