import type { IdentityRules } from '../contract/contract.ts'
import { accountKey, emailKey } from '../identity/person-keys.ts'
import { emailHash, foldEmail } from '../identity/email.ts'
import type { CommerceEvent } from '../model/event.ts'

/** Whom an event is about, under a name that tells nobody the e-mail and is the same under all identity rules: `customer:<source>:<id>`, else `email:<hash>`. */
export const subjectOf = (source: string, { subject }: Pick<CommerceEvent, 'subject'>): string | null => {
  if (subject.customerId !== undefined) return accountKey(source, subject.customerId)
  const folded = foldEmail(subject.email)
  return folded === undefined ? null : `email:${emailHash(folded)}`
}

/** The names under which events about a person are stored, from the keys that the person is known by. */
export const subjectsOf = (keys: readonly string[]): string[] => [
  ...new Set(keys.map((key) => (key.startsWith('email:') ? `email:${key.slice(key.lastIndexOf(':') + 1)}` : key))),
]

/** The key of the person that an event is about under a connection's identity rules. Undefined = nobody that the rules know. */
export const personKeyOf = (source: string, event: CommerceEvent, rules: IdentityRules): string | undefined => {
  const { customerId, email } = event.subject
  if (customerId !== undefined) return accountKey(source, customerId)
  if (rules.guests === 'ignore') return undefined
  return emailKey(email, rules.emailScope === 'global' ? '*' : (event.data.store ?? '-'))
}
