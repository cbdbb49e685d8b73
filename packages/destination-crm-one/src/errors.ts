import { classify } from '@millrace/adapter-kit'
import { MillraceError } from '@millrace/core'
import { ruleOf } from './dialect/classify.ts'
import type { Dialect, ErrorClass } from './dialect/dialect.ts'
import type { Answer } from './transport.ts'

/** What a class of refusal means for the record: code, whether it is repeated, what happened and what to do. */
interface Meaning {
  code: string
  retryable: boolean
  what: string
  cure: string
}

const meanings: Readonly<Record<Exclude<ErrorClass, 'session'>, Meaning>> = {
  stale: { code: 'conflict', retryable: false, what: 'holds a newer version', cure: 'Nothing has to be done.' },
  'stale-consent': {
    code: 'consent_stale',
    retryable: false,
    what: 'holds a consent of the same or a later time',
    cure: 'Nothing has to be done.',
  },
  conflict: {
    code: 'identity_conflict',
    retryable: false,
    what: 'holds this identity on another contact',
    cure: 'Merge or separate them there or at the source, then replay.',
  },
  merged: {
    code: 'merged_elsewhere',
    retryable: false,
    what: 'merged this contact into another one that could not be taken over',
    cure: 'See which contact holds it there, then replay.',
  },
  erased: {
    code: 'erased_there',
    retryable: false,
    what: 'erased this person',
    cure: 'Nothing is written about them any more. If the erasure is to be lifted, lift it there, then replay.',
  },
  'not-found': { code: 'not_found', retryable: false, what: 'knows no such object', cure: 'It is looked up anew when replayed.' },
  waits: { code: 'contact_unknown', retryable: true, what: 'does not know the contact yet', cure: 'It is sent again after the contact.' },
  consent: {
    code: 'consent_required',
    retryable: false,
    what: 'has no consent for this',
    cure: 'Nothing is sent without it. Make the list or event depend on the consent in the contract, or replay once it is given.',
  },
  evidence: {
    code: 'consent_evidence_required',
    retryable: false,
    what: 'holds a withdrawal that only an opt-in with evidence can lift',
    cure: 'Record at the source how the person opted in, or leave it.',
  },
  future: {
    code: 'clock_ahead',
    retryable: true,
    what: 'found a time that lies ahead of its clock',
    cure: 'It is sent again later. Set the clocks of both machines.',
  },
  changed: { code: 'version_changed', retryable: true, what: 'changed the object meanwhile', cure: 'It is read and written again.' },
  'too-large': {
    code: 'payload_too_large',
    retryable: false,
    what: 'found the record too large',
    cure: 'Shorten values or map fewer of them.',
  },
  'unknown-field': {
    code: 'attribute_unknown',
    retryable: false,
    what: 'has no such attribute',
    cure: 'Let its administrator define it, or take the field out of the contract, then replay.',
  },
  refused: {
    code: 'rejected_by_vendor',
    retryable: false,
    what: 'refused the record',
    cure: 'Correct the record or the contract, then replay.',
  },
}

/** Pointers name places in a body, never values. */
const safePointer = (pointer: string): boolean => /^[\w/~:@-]{1,200}$/.test(pointer)

const isClass = (is: ErrorClass | undefined): is is keyof typeof meanings => is !== undefined && is !== 'session'

/** An answer that is no success as an error. `call` is for people. */
export const errorOf = (dialect: Dialect, answer: Answer, call: string, now: number): MillraceError => {
  const rule = ruleOf(dialect, answer)
  if (!isClass(rule?.is)) {
    const reply = { ...answer.reply, status: answer.status, correlationId: answer.correlationId }
    return classify(reply, {
      vendor: dialect.label,
      call,
      now,
      setting: dialect.transport.auth === 'bearer' || dialect.transport.auth === 'login' ? 'token' : '',
      scope: 'record',
      ...(answer.code === undefined ? {} : { category: answer.code }),
    })
  }
  const { code, retryable, what, cure } = meanings[rule.is]
  const places = answer.details.filter(({ pointer }) => safePointer(pointer))
  const [first] = places
  const wait = rule.is === 'waits' ? 5_000 : rule.is === 'future' ? 60_000 : undefined
  return new MillraceError({
    code,
    retryable,
    scope: 'record',
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(first === undefined ? {} : { field: first.pointer }),
    message: `${dialect.label} ${what} for ${call} (status ${answer.status}${
      first === undefined
        ? ''
        : `, ${places
            .map((place) => `${place.pointer} ${place.code}`)
            .slice(0, 5)
            .join(', ')}`
    }). ${cure}`,
    context: {
      status: answer.status,
      call,
      ...(answer.correlationId === undefined ? {} : { correlationId: answer.correlationId }),
      ...(answer.code === undefined ? {} : { category: answer.code }),
    },
  })
}

/** A removal that the CRM has no call for. */
export const archiveUnsupported = ({ label }: Dialect, object: string): MillraceError =>
  new MillraceError({
    code: 'archive_unsupported',
    message: `${label} has no call that takes away an object of the kind "${object}". Set the removal policy of the contract to keep-and-flag or ignore.`,
  })

/** Something that the CRM cannot do, as its dialect declares. */
export const capabilityMissing = (dialect: Dialect, what: string): MillraceError =>
  new MillraceError({
    code: 'capability_missing',
    message: `${dialect.label} cannot ${what}, as its dialect declares. Take it out of the contract, or use a CRM that can.`,
  })
