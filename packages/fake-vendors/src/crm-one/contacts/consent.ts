import { limits, type Channel } from '../crm-schema.ts'
import { iso, type Crm } from '../crm.ts'
import { refuseAt } from '../problem.ts'
import type { Consent, StoredConsent, StoredContact } from './contact.ts'

/** Key of a consent. */
export function consentKey(consent: { readonly channel: Channel; readonly purpose: string }): string {
  return `${consent.channel}/${consent.purpose}`
}

/**
 * What becomes of stored consents when these are written. Nothing is changed yet: the first that may not be written refuses all.
 * @returns the new states, and pointers of entries that were kept out because `unknown` never overwrites
 */
export function decideConsents(
  crm: Crm,
  stored: ReadonlyMap<string, StoredConsent>,
  written: readonly Consent[],
): { readonly accepted: readonly StoredConsent[]; readonly ignored: readonly string[] } {
  const accepted: StoredConsent[] = []
  const ignored: string[] = []
  for (const [index, consent] of written.entries()) {
    const pointer = `/consents/${index}`
    const before = stored.get(consentKey(consent))
    if (Date.parse(consent.at) > crm.now() + limits.clockToleranceSeconds * 1000) {
      refuseAt('consent-not-from-the-future', 'validation', `${pointer}/at`, 'in_the_future')
    }
    if (before !== undefined && before.status !== 'unknown' && consent.status === 'unknown') {
      ignored.push(pointer)
      continue
    }
    if (before !== undefined && Date.parse(consent.at) <= Date.parse(before.at)) {
      refuseAt('consent-only-newer', 'stale_consent', `${pointer}/at`, 'not_newer')
    }
    const needsEvidence = before?.sticky === true && consent.status === 'granted'
    if (needsEvidence && consent.evidence === undefined) {
      refuseAt('consent-withdrawn-is-sticky', 'consent_evidence_required', `${pointer}/evidence`, 'required')
    }
    const sticky = consent.status === 'withdrawn' || (before?.sticky === true && !needsEvidence)
    accepted.push({ ...consent, sticky })
  }
  return { accepted, ignored }
}

/** Stores consents. What is no longer granted ends the memberships of its lists. */
export function storeConsents(crm: Crm, contact: StoredContact, accepted: readonly StoredConsent[]): void {
  for (const consent of accepted) contact.consents.set(consentKey(consent), consent)
  for (const list of crm.schema.lists) {
    if (!isGranted(contact, list)) crm.members.get(list.id)?.delete(contact.id)
  }
}

/** Whether a contact may be reached. `unknown` and nothing at all never count as granted. */
export function isGranted(contact: StoredContact, wanted: { readonly channel: Channel; readonly purpose: string }): boolean {
  return contact.consents.get(consentKey(wanted))?.status === 'granted'
}

/** What a merged contact keeps of two consents: the newer one, but a withdrawal stays unless it was lifted with evidence. */
export function joinConsents(one: StoredConsent, other: StoredConsent): StoredConsent {
  const [older, newer] = Date.parse(one.at) <= Date.parse(other.at) ? [one, other] : [other, one]
  if (newer.status === 'unknown' && older.status !== 'unknown') return older
  if (Date.parse(one.at) === Date.parse(other.at) && newer.status === 'granted') return older
  if (older.sticky && newer.status === 'granted' && newer.evidence === undefined) return older
  return { ...newer, sticky: newer.sticky || (older.sticky && newer.status !== 'granted') }
}

/** A consent as a person gives or takes it back inside the CRM, stamped by the CRM's clock. */
export function consentInCrm(crm: Crm, channel: Channel, purpose: string, granted: boolean): StoredConsent {
  return {
    channel,
    purpose,
    status: granted ? 'granted' : 'withdrawn',
    at: iso(crm.now()),
    source: 'crm',
    ...(granted && { evidence: 'crm:preference-centre' }),
    sticky: !granted,
  }
}
