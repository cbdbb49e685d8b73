import type { IdentityRules } from '../contract/contract.ts'
import { accountKey, emailKey } from '../identity/person-keys.ts'
import { emailHash, foldEmail } from '../identity/email.ts'
import type { CommerceEvent } from '../model/event.ts'

/** The name of a visitor whom nobody knows yet: `anonymous:<source>:<id>`. */
export const visitorSubject = (source: string, anonymousId: string): string => `anonymous:${source}:${anonymousId}`

/** The person that a subject names, under a name that tells nobody the e-mail and is the same under all identity rules: `customer:<source>:<id>`, else `email:<hash>`. */
export const personSubject = (source: string, { customerId, email }: CommerceEvent['subject']): string | undefined => {
  if (customerId !== undefined) return accountKey(source, customerId)
  const folded = foldEmail(email)
  return folded === undefined ? undefined : `email:${emailHash(folded)}`
}

/** Whom an event is about: a person, else a visitor. */
export const subjectOf = (source: string, { subject }: Pick<CommerceEvent, 'subject'>): string | null =>
  personSubject(source, subject) ?? (subject.anonymousId === undefined ? null : visitorSubject(source, subject.anonymousId))

/** The names under which events about a person are stored, from the keys that the person is known by. */
export const subjectsOf = (keys: readonly string[]): string[] => [
  ...new Set(keys.map((key) => (key.startsWith('email:') ? `email:${key.slice(key.lastIndexOf(':') + 1)}` : key))),
]

/**
 * The key of the person that an event is about under a connection's identity rules. `known` = the {@link personSubject} of whom its visitor turned out to be.
 * Undefined = nobody that the rules know.
 */
export const personKeyOf = (source: string, event: CommerceEvent, rules: IdentityRules, known?: string): string | undefined => {
  const { customerId, email } = event.subject
  if (customerId !== undefined) return accountKey(source, customerId)
  if (known?.startsWith('customer:') === true) return known
  if (rules.guests === 'ignore') return undefined
  const scope = rules.emailScope === 'global' ? '*' : (event.data.store ?? '-')
  return emailKey(email, scope) ?? known?.replace(/^email:/, `email:${scope}:`)
}
