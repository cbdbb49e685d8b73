import { z } from 'zod'

import { channels } from '../crm-schema.ts'
import { externalId, type ExternalId } from '../reference.ts'
import { sourceVersion, text, timestamp, validate } from '../validate.ts'
import { foldEmail, type Address, type Consent, type Email, type Phone } from './contact.ts'

type Cleared<T> = T | null | undefined

/** Body of a contact write: absent keeps, null clears. */
export interface ContactBody {
  readonly sourceVersion: number
  /** Further identities of the person, added to those the contact has. */
  readonly externalIds?: readonly ExternalId[] | undefined
  readonly name?: Cleared<{ readonly given?: Cleared<string>; readonly family?: Cleared<string> }>
  readonly emails?: Cleared<readonly Email[]>
  readonly phones?: Cleared<readonly Phone[]>
  readonly addresses?: Cleared<readonly Address[]>
  readonly locale?: Cleared<string>
  readonly stores?: Cleared<readonly string[]>
  readonly segments?: Cleared<Readonly<Record<string, string | readonly string[] | null>>>
  readonly consents?: readonly Consent[] | undefined
  readonly attributes?: Cleared<Readonly<Record<string, unknown>>>
}

function onePrimary(items: readonly { readonly primary?: boolean | undefined }[]): boolean {
  return items.filter((item) => item.primary === true).length <= 1
}

function distinct(keys: readonly string[]): boolean {
  return new Set(keys).size === keys.length
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

const email = z.strictObject({
  value: z.email().max(254),
  type: z.enum(['work', 'home', 'other']).optional(),
  primary: z.boolean().optional(),
  verified: z.boolean().optional(),
})

const phone = z.strictObject({
  value: z.string().regex(/^\+[1-9]\d{6,14}$/),
  type: z.enum(['work', 'home', 'mobile', 'other']).optional(),
  primary: z.boolean().optional(),
})

/** A postal address in a body. */
export const address: z.ZodType<Address> = z.strictObject({
  type: z.enum(['billing', 'shipping', 'work', 'home', 'other']).optional(),
  name: text(255).optional(),
  company: text(255).optional(),
  streetAddress: z.string().min(1).max(512).optional(),
  locality: text(128).optional(),
  region: text(128).optional(),
  postalCode: text(32).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  primary: z.boolean().optional(),
})

const consent = z.strictObject({
  channel: z.enum(channels),
  purpose: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  status: z.enum(['granted', 'denied', 'withdrawn', 'unknown']),
  at: timestamp,
  source: text(100),
  evidence: text(1000).optional(),
  version: text(64).optional(),
})

const contactBody: z.ZodType<ContactBody> = z.strictObject({
  sourceVersion,
  externalIds: z.array(externalId).max(50).optional(),
  name: z.strictObject({ given: text(100).nullish(), family: text(100).nullish() }).nullish(),
  emails: z
    .array(email)
    .max(20)
    .refine(onePrimary, 'several_primary')
    .refine((emails) => distinct(emails.map(({ value }) => foldEmail(value))), 'duplicate')
    .nullish(),
  phones: z
    .array(phone)
    .max(20)
    .refine(onePrimary, 'several_primary')
    .refine((phones) => distinct(phones.map(({ value }) => value)), 'duplicate')
    .nullish(),
  addresses: z.array(address).max(50).refine(onePrimary, 'several_primary').nullish(),
  locale: z.string().max(35).refine(isLocale, 'format').nullish(),
  stores: z.array(text(255)).max(200).nullish(),
  segments: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/), z.union([text(255), z.array(text(255)).max(200)]).nullable())
    .nullish(),
  consents: z
    .array(consent)
    .max(50)
    .refine((consents) => distinct(consents.map(({ channel, purpose }) => `${channel}/${purpose}`)), 'duplicate')
    .optional(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
})

/** The body of a contact write; refuses what has the wrong shape. */
export function readContactBody(body: unknown): ContactBody {
  return validate(contactBody, body)
}
