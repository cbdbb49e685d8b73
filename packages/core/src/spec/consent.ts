import type { Consent } from '../model/consent.ts'

/**
 * What one consent should be at the destination, decided by core (design §7.5). `topic` is its name in the contract, `target` the destination's own name for
 * it (a subscription type, a list, a channel), where the contract gives one.
 */
export interface ConsentDecision {
  topic: string
  channel: Consent['channel']
  purpose: string
  target?: string
  /** `unknown` = nobody said anything: nothing is subscribed, and what is known at the destination stays. */
  status: Consent['status']
  /** When the person said so, ISO 8601 UTC. */
  at?: string
  /** Where: `checkout`, `custom.newsletter`. */
  source?: string
  /** Legal basis in the contract's words. */
  basis?: string
  evidence?: Readonly<Record<string, string>>
  /** A newer explicit opt-in with evidence: it may lift an opt-out that the destination holds. Otherwise `granted` is never written over one. */
  mayResubscribe: boolean
  /** The law of the person's country asks for an opt-in that is not there (`ConsentRules.regions`): nothing may be sent. */
  suppressed?: boolean
}

/** What a destination holds about the consent of one person on one target. */
export interface RemoteConsent {
  /** The person, by our own key or the id at the vendor, or else by e-mail. */
  key?: string
  remoteId?: string
  email?: string
  channel: Consent['channel']
  /** The destination's own name; absent = all targets of the channel. */
  target?: string
  status: Consent['status']
  /** Epoch ms of the vendor. A denial without a time counts as now. */
  at?: number
  /** Why it is denied. A bounce or suppression denies whatever the person said. */
  reason?: 'unsubscribed' | 'bounced' | 'suppressed' | 'complained'
}

/** A person whose consent is asked for. */
export interface ConsentSubject {
  unit: string
  key: string
  /** Id of the person's object, where it is known. */
  remoteId?: string
  email?: string
  phone?: string
}
