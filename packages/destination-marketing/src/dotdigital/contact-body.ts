import type { Contract, FieldValue } from '@millrace/core'
import { exactNumber } from '../exact-number.ts'
import type { ContactWrite, InitialState } from '../provider.ts'
import { consentFields, dataField, keepsConsent, typeOfField } from './names.ts'
import type { Settings } from './settings.ts'

/** Body of a contact, as single calls and rows of an import take it. */
export interface ContactBody {
  matchIdentifier: 'email' | 'contactId'
  identifiers: { email?: string; mobileNumber?: string; contactId?: number }
  dataFields?: Record<string, unknown>
  channelProperties?: object
  lists?: number[]
  consentRecords?: object[]
}

const encode = (value: FieldValue, type: string): unknown => {
  if (type === 'decimal' && typeof value === 'string') return exactNumber(value)
  return Array.isArray(value) ? value.join('; ') : value
}

/** Fields as data fields. No value changes its kind: the vendor converts none. */
export const dataFieldsOf = (fields: Readonly<Record<string, FieldValue>>, contract: Contract): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [dataField(name), encode(value, typeOfField(contract, name))]))

/** `resubscribeWithNoChallenge` is true at the vendor unless it is said otherwise. */
export const emailChannel = (state: 'subscribed' | 'unsubscribed', optInType: string, noChallenge = false): object => ({
  emailType: 'html',
  optInType,
  status: state,
  ...(state === 'subscribed' ? { resubscribeOptions: { resubscribeWithNoChallenge: noChallenge } } : {}),
})

/** What a new contact starts with. Always said: without a status the vendor makes it subscribed. */
export const initialChannels = (initial: InitialState, settings: Settings, mobile: boolean): object => {
  const mailable =
    initial.email === 'granted' || (initial.email === 'unknown' && settings.unknownContacts === 'vendor-default' && !initial.suppressed)
  const sms = { granted: 'subscribed', denied: 'unsubscribed', unknown: 'noSubscription' }[initial.sms]
  return {
    email: emailChannel(mailable ? 'subscribed' : 'unsubscribed', initial.email === 'granted' ? 'single' : 'unknown'),
    ...(mobile ? { sms: { status: sms } } : {}),
  }
}

/** How the data field says it. `UNKNOWN` tells a contact that we made not mailable from one who unsubscribed. */
export const consentWord: Readonly<Record<InitialState['email'], string>> = { granted: 'YES', denied: 'NO', unknown: 'UNKNOWN' }

/** A contact that is new as far as is known, whole. */
export const newContact = (write: ContactWrite, lists: readonly number[], settings: Settings, contract: Contract): ContactBody => {
  const { mobileNumber, email, initial } = write
  const known = Object.entries({ ...write.fields, ...write.blankFields }).filter(([, value]) => value !== null)
  return {
    matchIdentifier: 'email',
    identifiers: { email, ...(mobileNumber === undefined ? {} : { mobileNumber }) },
    dataFields: {
      ...dataFieldsOf(Object.fromEntries(known), contract),
      [dataField(write.keyName)]: write.key,
      ...(keepsConsent(contract) ? { [consentFields(contract).state]: consentWord[initial.email] } : {}),
    },
    channelProperties: initialChannels(initial, settings, mobileNumber !== undefined),
    ...(lists.length === 0 ? {} : { lists: [...lists] }),
  }
}

/** What is written over a contact that is known, found by its id. Undefined when there is nothing. Says nothing of channels: what they are stays. */
export const knownContact = (id: string, write: ContactWrite, lists: readonly number[], contract: Contract): ContactBody | undefined => {
  const dataFields = { ...dataFieldsOf(write.fields, contract), ...(write.keyChanged ? { [dataField(write.keyName)]: write.key } : {}) }
  const hasFields = Object.keys(dataFields).length > 0
  if (!hasFields && lists.length === 0 && !write.emailChanged && write.mobileNumber === undefined) return undefined
  const { mobileNumber } = write
  return {
    matchIdentifier: 'contactId',
    identifiers: {
      contactId: Number(id),
      ...(write.emailChanged ? { email: write.email } : {}),
      ...(mobileNumber === undefined ? {} : { mobileNumber }),
    },
    ...(hasFields ? { dataFields } : {}),
    ...(lists.length === 0 ? {} : { lists: [...lists] }),
  }
}

/** What is written only where the contact has nothing. */
export const blankContact = (id: string, write: ContactWrite, contract: Contract): ContactBody | undefined => {
  const fields = Object.entries(write.blankFields).filter(([, value]) => value !== null)
  if (fields.length === 0) return undefined
  return {
    matchIdentifier: 'contactId',
    identifiers: { contactId: Number(id) },
    dataFields: dataFieldsOf(Object.fromEntries(fields), contract),
  }
}

/** The same contact as a single call takes it: the path names it, and an id in the body could only be wrong. */
export const single = (body: ContactBody, email: string): ContactBody => ({
  ...body,
  matchIdentifier: 'email',
  identifiers: {
    ...(body.identifiers.mobileNumber === undefined ? {} : { mobileNumber: body.identifiers.mobileNumber }),
    email: body.identifiers.email ?? email,
  },
})
