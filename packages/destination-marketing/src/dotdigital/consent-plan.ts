import { isIP } from 'node:net'
import type { ConsentDecision, Contract } from '@millrace/core'
import type { ConsentWrite } from '../provider.ts'
import { emailChannel, initialChannels, type ContactBody } from './contact-body.ts'
import { consentFields } from './names.ts'
import type { ReadContact } from './read-contacts.ts'
import type { Settings } from './settings.ts'

/** What is written of one channel. */
const decided = (decisions: readonly ConsentDecision[], channel: 'email' | 'sms'): ConsentDecision | undefined => {
  const said = decisions.filter((decision) => decision.channel === channel && decision.status !== 'unknown')
  return said.find(({ status }) => status === 'denied') ?? said[0]
}

/** Whether it has to be known what the contact holds now: an opt-in may not undo what a person did there, a denial not weaken a suppression. */
export const mustRead = ({ decisions }: ConsentWrite): boolean =>
  (['email', 'sms'] as const).some((channel) => decided(decisions, channel) !== undefined)

const evidenceMembers = ['text', 'url', 'ipAddress', 'userAgent'] as const

/** A consent record needs every member of it (vendor notes): without one of them, or with one in no form, there is none, since it would refuse the consent itself. */
const consentRecord = ({ at, evidence = {} }: ConsentDecision): object[] => {
  if (at === undefined || evidenceMembers.some((name) => (evidence[name] ?? '') === '')) return []
  const { url = '', ipAddress = '' } = evidence
  if (!URL.canParse(url) || !/^https?:/i.test(url) || isIP(ipAddress) === 0) return []
  return [{ dateTimeConsented: at, ...Object.fromEntries(evidenceMembers.map((name) => [name, evidence[name]])) }]
}

const optInTypeOf = ({ evidence = {} }: ConsentDecision): 'single' | 'double' =>
  evidence['optIn'] === 'double' || evidence['doubleOptIn'] === 'true' ? 'double' : 'single'

/** Made not mailable by us, because nobody had said anything: that is no opt-out of a person. */
export const isOurDefault = (contact: ReadContact, contract: Contract): boolean =>
  contact.emailStatus === 'unsubscribed' &&
  contact.optInType === 'unknown' &&
  contact.dataFields[consentFields(contract).state] === 'UNKNOWN'

/** Whether `granted` may be written over what the contact holds. A suppressed one never, one who left only for a newer opt-in. */
const mayGrant = (decision: ConsentDecision, contact: ReadContact, contract: Contract): boolean => {
  if (contact.emailStatus === 'suppressed') return false
  return contact.emailStatus !== 'unsubscribed' || decision.mayResubscribe || isOurDefault(contact, contract)
}

/** What is to be written, and whether an opt-in may not be, since the account holds an opt-out. */
export interface ConsentPlan {
  body: ContactBody | undefined
  refused: boolean
}

/**
 * Plans the write of what a person said. `contact` = what the account holds; undefined = no contact. One who waits for the answer to a confirmation mail is left
 * alone. A denial of one who is suppressed is noted in the data fields only: as unsubscribed, a later opt-in could take him back.
 */
export const planConsent = (write: ConsentWrite, contact: ReadContact | undefined, settings: Settings, contract: Contract): ConsentPlan => {
  const email = decided(write.decisions, 'email')
  const sms = decided(write.decisions, 'sms')
  const isNew = contact === undefined && write.id === undefined
  const channels: Record<string, object> = {}
  const dataFields: Record<string, unknown> = {}
  const records: object[] = []
  const names = consentFields(contract)
  let refused = false
  const isSuppressed = contact?.emailStatus === 'suppressed'
  if (email?.status === 'denied' && !isSuppressed) channels['email'] = emailChannel('unsubscribed', 'unknown')
  else if (email?.status === 'granted' && contact?.emailStatus !== 'pendingoptin') {
    refused = contact !== undefined && !mayGrant(email, contact, contract)
    const noChallenge = settings.resubscribe === 'without-challenge' || (contact !== undefined && isOurDefault(contact, contract))
    if (!refused) channels['email'] = emailChannel('subscribed', optInTypeOf(email), noChallenge)
    if (!refused) records.push(...consentRecord(email))
  }
  if (email !== undefined && (channels['email'] !== undefined || (email.status === 'denied' && isSuppressed))) {
    dataFields[names.state] = email.status === 'granted' ? 'YES' : 'NO'
    if (email.at !== undefined) dataFields[names.at] = email.at
  }
  const { mobileNumber } = write
  const reachable = mobileNumber !== undefined || (contact?.smsStatus ?? '') !== ''
  if (sms !== undefined && reachable) {
    const left = contact?.smsStatus === 'unsubscribed' || contact?.smsStatus === 'suppressed'
    if (sms.status === 'denied') {
      if (contact?.smsStatus !== 'suppressed') channels['sms'] = { status: 'unsubscribed' }
    } else if (!left || (sms.mayResubscribe && contact?.smsStatus !== 'suppressed')) channels['sms'] = { status: 'subscribed' }
    else refused = true
  }
  if (Object.keys(channels).length === 0 && Object.keys(dataFields).length === 0) return { body: undefined, refused }
  const address = write.email ?? contact?.email
  const initial = isNew
    ? initialChannels({ email: 'unknown', sms: 'unknown', suppressed: false }, settings, mobileNumber !== undefined)
    : {}
  const body: ContactBody = {
    matchIdentifier: 'email',
    identifiers: {
      ...(address === undefined ? {} : { email: address }),
      ...(channels['sms'] !== undefined && mobileNumber !== undefined ? { mobileNumber } : {}),
    },
    ...(Object.keys(dataFields).length === 0 ? {} : { dataFields }),
    ...(Object.keys(channels).length === 0 ? {} : { channelProperties: { ...initial, ...channels } }),
    ...(records.length === 0 ? {} : { consentRecords: records }),
  }
  return { body, refused }
}
