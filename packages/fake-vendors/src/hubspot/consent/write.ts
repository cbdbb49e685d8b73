import { optionalString, requiredString, malformed } from '../body.ts'
import { invalid } from '../errors.ts'
import type { Portal } from '../portal.ts'
import { foldEmail } from '../properties/email.ts'
import type { ConsentEntry, ConsentState, SubscriptionDefinition } from './book.ts'

const legalBases = new Set([
  'LEGITIMATE_INTEREST_PQL',
  'LEGITIMATE_INTEREST_CLIENT',
  'LEGITIMATE_INTEREST_OTHER',
  'PERFORMANCE_OF_CONTRACT',
  'CONSENT_WITH_NOTICE',
  'NON_GDPR',
  'PROCESS_AND_STORE',
])

/** The legal basis of a write. With the data privacy setting on, basis and explanation are required. */
export interface LegalBasis {
  readonly legalBasis?: string
  readonly legalBasisExplanation?: string
}

/** Reads the legal basis of a body. @throws Refusal when it is missing or unknown */
export function readLegalBasis(portal: Portal, body: Record<string, unknown>): LegalBasis {
  const legalBasis = optionalString(body, 'legalBasis')
  const legalBasisExplanation = optionalString(body, 'legalBasisExplanation')
  if (legalBasis !== undefined && !legalBases.has(legalBasis)) invalid('consent-legal-basis', `"${legalBasis}" is no legal basis.`)
  if (portal.settings.dataPrivacy && (legalBasis === undefined || legalBasisExplanation === undefined || legalBasisExplanation === '')) {
    invalid('consent-legal-basis', 'legalBasis and legalBasisExplanation are required because data privacy settings are turned on.')
  }
  return { ...(legalBasis !== undefined && { legalBasis }), ...(legalBasisExplanation !== undefined && { legalBasisExplanation }) }
}

/** A valid, folded address. @throws Refusal */
export function readAddress(portal: Portal, email: string): string {
  return portal.isEmail(email) ? foldEmail(email) : invalid('value-email', `Email address ${email} is invalid`)
}

/** A known subscription type. @throws Refusal */
export function readSubscription(portal: Portal, id: string): SubscriptionDefinition {
  return portal.consent.definitions.get(id) ?? invalid('consent-subscription-unknown', `Subscription ${id} does not exist.`)
}

/** What a v4 write names. */
export interface StatusWrite {
  readonly email: string
  readonly subscription: SubscriptionDefinition
  readonly status: ConsentState
  readonly basis: LegalBasis
}

function isState(value: string): value is ConsentState {
  return value === 'SUBSCRIBED' || value === 'UNSUBSCRIBED' || value === 'NOT_SPECIFIED'
}

/** Reads a v4 status write. The subscription id is a number there. @throws Refusal */
export function readStatusWrite(portal: Portal, email: string, body: Record<string, unknown>): StatusWrite {
  const { subscriptionId } = body
  if (typeof subscriptionId !== 'number') return malformed('"subscriptionId" must be a number')
  checkChannel(requiredString(body, 'channel'))
  const status = requiredString(body, 'statusState')
  if (!isState(status)) return malformed(`"${status}" is no statusState`)
  return {
    email: readAddress(portal, email),
    subscription: readSubscription(portal, String(subscriptionId)),
    status,
    basis: readLegalBasis(portal, body),
  }
}

/** Refuses channels other than e-mail. */
export function checkChannel(channel: string | null): void {
  if (channel !== 'EMAIL') invalid('consent-email-channel-only', `Channel ${channel} is not supported; use EMAIL.`)
}

/** Why a v4 write succeeded. */
export type SuccessReason = 'REQUESTED_CHANGE_OCCURRED' | 'NO_STATUS_CHANGE' | 'RESUBSCRIBE_OCCURRED' | 'UNSUBSCRIBE_FROM_ALL_OCCURRED'

/** Applies a v4 write: it resubscribes without complaint. */
export function applyStatus(portal: Portal, { email, subscription, status, basis }: StatusWrite): SuccessReason {
  const before = effective(portal, email, subscription.id)
  if (status === 'SUBSCRIBED') portal.consent.optedOutOfAll.delete(email)
  portal.consent.set(email, subscription.id, { status, at: portal.settings.now(), ...basis })
  if (before.status === status) return 'NO_STATUS_CHANGE'
  return before.status === 'UNSUBSCRIBED' && status === 'SUBSCRIBED' ? 'RESUBSCRIBE_OCCURRED' : 'REQUESTED_CHANGE_OCCURRED'
}

/** What counts for an address: leaving everything overrules the single status. */
export function effective(portal: Portal, email: string, subscriptionId: string): ConsentEntry {
  const leftAt = portal.consent.optedOutOfAll.get(email)
  return leftAt === undefined ? portal.consent.status(email, subscriptionId) : { status: 'UNSUBSCRIBED', at: leftAt }
}
