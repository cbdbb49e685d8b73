import { asList, asText, member } from '../json.ts'
import type { Contact } from './contact.ts'

/** A consent as the CRM holds it. */
export interface HeldConsent {
  channel: string
  purpose: string
  status: string
  /** RFC 3339. */
  at: string
}

/** What a contact has agreed to. */
export const consentsOf = ({ body }: Pick<Contact, 'body'>): HeldConsent[] =>
  asList(member(body, 'consents')).flatMap((entry) => {
    const [channel, purpose, status, at] = ['channel', 'purpose', 'status', 'at'].map((name) => asText(member(entry, name)))
    return channel === undefined || purpose === undefined || status === undefined ? [] : [{ channel, purpose, status, at: at ?? '' }]
  })

/** Whether a person may be reached. Only `granted` counts. */
export const isGranted = (contact: Pick<Contact, 'body'>, wanted: { channel: string; purpose: string }): boolean =>
  consentsOf(contact).some(
    ({ channel, purpose, status }) => channel === wanted.channel && purpose === wanted.purpose && status === 'granted',
  )
