import { foldEmail } from '../properties/email.ts'

/** Status of one address for one subscription type. */
export type ConsentState = 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NOT_SPECIFIED'

/** What is known of one address for one subscription type. */
export interface ConsentEntry {
  readonly status: ConsentState
  readonly at: number
  readonly legalBasis?: string
  readonly legalBasisExplanation?: string
}

/** A subscription type of the portal. */
export interface SubscriptionDefinition {
  readonly id: string
  readonly name: string
  readonly description: string
}

/** Consent of a portal, by address: no contact is needed. */
export interface ConsentBook {
  readonly definitions: Map<string, SubscriptionDefinition>
  /** The entry of an address; NOT_SPECIFIED when nothing is known. */
  status(email: string, subscriptionId: string): ConsentEntry
  set(email: string, subscriptionId: string, entry: ConsentEntry): void
  /** Addresses that left everything, with the time. */
  readonly optedOutOfAll: Map<string, number>
  /** Entries of an address that have been set. */
  entries(email: string): ReadonlyMap<string, ConsentEntry>
}

/** Creates a book with the two subscription types every portal starts with. */
export function createConsent(): ConsentBook {
  const byEmail = new Map<string, Map<string, ConsentEntry>>()
  const none: ReadonlyMap<string, ConsentEntry> = new Map()
  const unknown: ConsentEntry = { status: 'NOT_SPECIFIED', at: 0 }
  return {
    definitions: new Map([
      ['1001', { id: '1001', name: 'Marketing Information', description: 'Marketing offers and updates.' }],
      ['1002', { id: '1002', name: 'One to One', description: 'One to One emails' }],
    ]),
    status: (email, subscriptionId) => byEmail.get(foldEmail(email))?.get(subscriptionId) ?? unknown,
    set(email, subscriptionId, entry) {
      const key = foldEmail(email)
      const entries = byEmail.get(key)
      if (entries === undefined) byEmail.set(key, new Map([[subscriptionId, entry]]))
      else entries.set(subscriptionId, entry)
    },
    optedOutOfAll: new Map(),
    entries: (email) => byEmail.get(foldEmail(email)) ?? none,
  }
}
