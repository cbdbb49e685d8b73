import type { Crm } from '../crm.ts'
import { refuse, type ProblemDetail } from '../problem.ts'
import { identityKey, parseIdentityKey, type ExternalId } from '../reference.ts'
import { foldEmail, type StoredContact } from './contact.ts'

/** What an id or identity stands for. */
export type Found =
  | { readonly kind: 'contact'; readonly contact: StoredContact }
  | { readonly kind: 'merged'; readonly survivor: StoredContact }
  | { readonly kind: 'erased' }
  | { readonly kind: 'unknown' }

/** Looks up an id of the CRM, or an identity written as `source/id`. */
export function findContact(crm: Crm, key: string): Found {
  const contact = crm.contacts.get(crm.identities.get(key) ?? key)
  if (contact !== undefined) return { kind: 'contact', contact }
  if (crm.erased.has(key)) return { kind: 'erased' }
  const next = crm.merged.get(key)
  if (next === undefined) return { kind: 'unknown' }
  const found = findContact(crm, next)
  return found.kind === 'contact' ? { kind: 'merged', survivor: found.contact } : found
}

/** The contact of a path; 404, 410 and 301 where it is none. `moved` says where the same resource is for the survivor. */
export function contactOfPath(crm: Crm, key: string, moved = (id: string): string => `/contacts/${id}`): StoredContact {
  const found = findContact(crm, key)
  if (found.kind === 'contact') return found.contact
  if (found.kind === 'erased') return refuse('erase-then-gone', 'erased')
  if (found.kind === 'merged') return refuse('merge-then-moved', 'merged', { location: moved(found.survivor.id) })
  return refuse('resource-not-found', 'not_found')
}

/** The contact a body refers to: merged ones lead to their survivor, unknown ones are 422, erased ones 410. */
export function contactOfBody(crm: Crm, key: string, pointer: string): StoredContact {
  const found = findContact(crm, key)
  if (found.kind === 'contact') return found.contact
  if (found.kind === 'merged') return found.survivor
  if (found.kind === 'erased') return refuse('erase-then-gone', 'erased', { errors: [{ pointer, code: 'erased' }] })
  return refuse('contact-unknown', 'contact_unknown', { errors: [{ pointer, code: 'unknown' }] })
}

/** `{contact}` of a path: an id of the CRM or `source/id` in one segment. */
export function isContactKey(key: string): boolean {
  return /^con_\d+$/.test(key) || parseIdentityKey(key) !== undefined
}

/** Refuses identities and e-mails that another contact holds, naming these contacts: by identity first, then by e-mail. */
export function checkConflicts(
  crm: Crm,
  self: string | undefined,
  identities: readonly { readonly externalId: ExternalId; readonly pointer: string }[],
  emails: readonly string[],
): void {
  const errors: ProblemDetail[] = []
  const candidates = new Set<string>()
  const held = (holder: string | undefined, pointer: string): void => {
    if (holder === undefined || holder === self) return
    errors.push({ pointer, code: 'held' })
    candidates.add(holder)
  }
  for (const { externalId, pointer } of identities) {
    const found = findContact(crm, identityKey(externalId))
    if (found.kind === 'erased') refuse('erase-then-gone', 'erased', { errors: [{ pointer, code: 'erased' }] })
    if (found.kind === 'contact') held(found.contact.id, pointer)
    if (found.kind === 'merged') held(found.survivor.id, pointer)
  }
  for (const [index, email] of emails.entries()) held(crm.emails.get(foldEmail(email)), `/emails/${index}/value`)
  if (errors.length > 0) refuse('identity-held-once', 'identity_conflict', { errors, candidates: [...candidates] })
}

/** Gives a contact an identity. */
export function attach(crm: Crm, contact: StoredContact, externalId: ExternalId): void {
  const key = identityKey(externalId)
  if (crm.identities.get(key) === contact.id) return
  crm.identities.set(key, contact.id)
  contact.externalIds.push(externalId)
}
