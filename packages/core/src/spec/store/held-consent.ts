import type { RemoteConsent } from '../consent.ts'

/**
 * What a destination holds about the consent of one person, as far as it was read or written. `target: null` = all targets of the channel. `firstSeenAt` = when
 * this status was first read or written, epoch ms; it counts where the vendor tells no time. `ours` = we wrote it, so that it is no statement of the destination.
 */
export interface HeldConsent {
  channel: RemoteConsent['channel']
  target: string | null
  status: RemoteConsent['status']
  at: number | null
  firstSeenAt: number
  reason: NonNullable<RemoteConsent['reason']> | null
  ours: boolean
}

/** One {@link HeldConsent} to be kept. `unit` = the person's unit, or the key of an e-mail (`email:*:<hash>`) while it belongs to nobody that we know. */
export interface HeldConsentRow extends HeldConsent {
  unit: string
}
