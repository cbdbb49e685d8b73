import { foldEmail } from '@millrace/adapter-kit'
import type { ConsentSubject, RemoteConsent } from '@millrace/core'
import type { Account } from './account.ts'
import { isOurDefault } from './consent-plan.ts'
import { contactsByEmail, getContact, type ReadContact } from './read-contacts.ts'

/** Mail to somebody whose opt-in type is unknown goes out, but nobody said that he wants it. */
const emailState = (contact: ReadContact, account: Account): Pick<RemoteConsent, 'status' | 'reason'> => {
  if (contact.emailStatus === 'suppressed') return { status: 'denied', reason: 'suppressed' }
  if (contact.emailStatus === 'unsubscribed')
    return isOurDefault(contact, account.ctx.contract) ? { status: 'unknown' } : { status: 'denied', reason: 'unsubscribed' }
  return { status: contact.emailStatus === 'subscribed' && contact.optInType !== 'unknown' ? 'granted' : 'unknown' }
}

const smsState = ({ smsStatus }: ReadContact): Pick<RemoteConsent, 'status' | 'reason'> | undefined => {
  if (smsStatus === '') return undefined
  if (smsStatus === 'unsubscribed' || smsStatus === 'suppressed') return { status: 'denied', reason: smsStatus }
  return { status: smsStatus === 'subscribed' ? 'granted' : 'unknown' }
}

const maxSingle = 16

/** What the account holds about people: by id where it is known, else by e-mail. */
export const consentOfPeople = async (account: Account, people: readonly ConsentSubject[]): Promise<RemoteConsent[]> => {
  const byId = people.length <= maxSingle ? people.filter(({ remoteId }) => remoteId !== undefined) : []
  const found = new Map<ConsentSubject, ReadContact>()
  for (const person of byId) {
    const contact = await getContact(account, 'contactId', person.remoteId ?? '')
    if (contact !== undefined) found.set(person, contact)
  }
  const left = people.filter((person) => !found.has(person) && person.email !== undefined)
  const byEmail = await contactsByEmail(
    account,
    left.flatMap(({ email }) => email ?? []),
    account.ctx.contract,
  )
  for (const person of left) {
    const contact = byEmail.get(foldEmail(person.email ?? ''))
    if (contact !== undefined) found.set(person, contact)
  }
  return people.flatMap((person): RemoteConsent[] => {
    const contact = found.get(person)
    if (contact === undefined) return []
    const base = { key: person.key, remoteId: contact.id, email: contact.email }
    const sms = smsState(contact)
    return [
      { ...base, channel: 'email', ...emailState(contact, account) },
      ...(sms === undefined ? [] : [{ ...base, channel: 'sms' as const, ...sms }]),
    ]
  })
}
