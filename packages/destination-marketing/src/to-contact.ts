import { fieldName, type ConsentDecision, type DestinationContext, type FieldValue, type Input } from '@millrace/core'
import { contactKeyField } from './objects.ts'
import type { ConsentWrite, ContactWrite, InitialState } from './provider.ts'

const identifiers = new Set(['email', 'mobileNumber'])

const textOf = (value: FieldValue | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Several topics of one channel: one denial denies, since it is one channel at the vendor. */
const stateOf = (decisions: readonly ConsentDecision[], channel: 'email' | 'sms'): InitialState['email'] => {
  const statuses = decisions.filter((decision) => decision.channel === channel).map(({ status }) => status)
  return statuses.includes('denied') ? 'denied' : statuses.includes('granted') ? 'granted' : 'unknown'
}

/**
 * A contact as a provider writes it. Of a contact that is known only what changed; fields that are the destination's or set once go to the blank ones, so that
 * a value that somebody entered meanwhile is kept.
 */
export const toContact = (input: Input, { contract }: DestinationContext): ContactWrite => {
  const rules = contract.objects['contact']?.fields ?? {}
  const known = input.remoteId !== undefined
  const named = known ? new Set(input.changedFields) : undefined
  const fields = Object.entries(input.fields).filter(([name]) => !identifiers.has(name) && named?.has(name) !== false)
  const isSource = (name: string): boolean => (rules[name]?.owner ?? 'source') === 'source'
  const mobileNumber = textOf(input.fields['mobileNumber'])
  return {
    unit: input.unit,
    key: input.key,
    keyName: fieldName(contactKeyField, contract.prefix),
    keyChanged: !known || input.remoteKey !== input.key,
    ...(input.remoteId === undefined ? {} : { id: input.remoteId }),
    email: textOf(input.fields['email']) ?? '',
    emailChanged: named?.has('email') !== false && input.cause !== 'adoption',
    ...(mobileNumber !== undefined && named?.has('mobileNumber') !== false ? { mobileNumber } : {}),
    fields: Object.fromEntries(fields.filter(([name]) => isSource(name))),
    blankFields: Object.fromEntries(fields.filter(([name]) => !isSource(name))),
    initial: {
      email: stateOf(input.consent, 'email'),
      sms: stateOf(input.consent, 'sms'),
      suppressed: input.consent.some(({ channel, suppressed }) => channel === 'email' && suppressed === true),
    },
    lists: input.memberships.filter(({ kind }) => kind === 'list').map(({ name }) => name),
    listsChanged: input.membershipsChanged || input.uncertain,
    objects: input.objects,
    ...(input.progress === undefined ? {} : { progress: input.progress }),
    uncertain: input.uncertain,
  }
}

/** What a person said, as a provider writes it. */
export const toConsent = (input: Input, { contract }: DestinationContext): ConsentWrite => {
  const email = textOf(input.fields['email'])
  const mobileNumber = textOf(input.fields['mobileNumber'])
  const id = input.parents.find(({ object, remoteId }) => object === 'contact' && remoteId !== '')?.remoteId ?? input.remoteId
  return {
    unit: input.unit,
    key: input.key,
    keyName: fieldName(contactKeyField, contract.prefix),
    ...(id === undefined ? {} : { id }),
    first: input.remoteId === undefined && !input.uncertain,
    ...(email === undefined ? {} : { email }),
    ...(mobileNumber === undefined ? {} : { mobileNumber }),
    decisions: input.consent,
    ...(input.progress === undefined ? {} : { progress: input.progress }),
    uncertain: input.uncertain,
  }
}
