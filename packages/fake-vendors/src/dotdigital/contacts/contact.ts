import type { DataFieldValue } from '../v2/data-field.ts'

/** Kinds of opt-in, in the spelling of requests. */
export const optInTypes = ['unknown', 'single', 'double', 'verifiedDouble'] as const
/** A kind of opt-in. */
export type OptInType = (typeof optInTypes)[number]

/** Formats of e-mails, in the spelling of requests. */
export const emailTypes = ['plainText', 'html'] as const
/** A format of e-mails. */
export type EmailType = (typeof emailTypes)[number]

/** States of the e-mail channel that a request can set. */
export const emailStatuses = ['subscribed', 'unsubscribed', 'suppressed'] as const
/** State of the e-mail channel: `pendingOptIn` waits for the answer to a confirmation mail. */
export type EmailStatus = (typeof emailStatuses)[number] | 'pendingOptIn'

/** States of the mobile channels. */
export const mobileStatuses = ['noSubscription', 'subscribed', 'unsubscribed', 'suppressed'] as const
/** State of a mobile channel. */
export type MobileStatus = (typeof mobileStatuses)[number]

/** The e-mail channel of a contact. */
export interface EmailChannel {
  readonly emailType: EmailType
  readonly optInType: OptInType
  readonly status: EmailStatus
}

/** Evidence of a consent. */
export interface ConsentRecord {
  readonly text: string
  readonly dateTimeConsented: string
  readonly url: string
  readonly ipAddress: string
  readonly userAgent: string
  /** Epoch ms. */
  readonly createdAt: number
}

/** A contact as the account holds it. */
export interface Contact {
  readonly id: number
  /** `email` in lower case, `mobileNumber` as digits, custom identifiers as written. */
  identifiers: Readonly<Record<string, string>>
  /** By the name of the field in upper case. */
  dataFields: Readonly<Record<string, DataFieldValue>>
  email: EmailChannel | undefined
  sms: MobileStatus | undefined
  whatsApp: MobileStatus | undefined
  readonly lists: Set<number>
  readonly preferences: Map<number, boolean>
  consentRecords: readonly ConsentRecord[]
  /** Epoch ms of the last change to unsubscribed or suppressed. */
  removedAt: number | undefined
  readonly createdAt: number
  updatedAt: number
}
