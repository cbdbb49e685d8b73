import type { RuleId } from '../rules.ts'
import type { IdentifierFault } from './identifiers.ts'

/** Codes of import failures; single writes have the same causes under other names. */
export type FailureCode =
  | IdentifierFault
  | 'ApiSchemaViolation'
  | 'ConsentRecordsNotApplied'
  | 'Duplicate'
  | 'GloballySuppressed'
  | 'InvalidAddressBookIds'
  | 'InvalidContactStatus'
  | 'NoValidIdentifiers'
  | 'SuppressedByDomain'

/** Why a contact, or a part of it, cannot be written: the rule, the code and the words. */
export interface ContactFault {
  readonly rule: RuleId
  readonly code: FailureCode
  readonly description: string
}

const errorCodes: Readonly<Record<FailureCode, string>> = {
  ApiSchemaViolation: 'badJson',
  ConsentRecordsNotApplied: 'invalidConsentRecords',
  Duplicate: 'idAlreadyExists',
  GloballySuppressed: 'globallySuppressed',
  InvalidAddressBookIds: 'invalidListId',
  InvalidContactId: 'invalidId',
  InvalidContactStatus: 'invalidStatus',
  InvalidDomain: 'invalidId',
  InvalidEmail: 'invalidId',
  InvalidMatchIdentifier: 'invalidIdentifier',
  InvalidPhoneNumber: 'invalidId',
  NoValidIdentifiers: 'noIdentifiers',
  SuppressedByDomain: 'suppressedByDomain',
}

/** The error code of a single write for the cause of an import failure. */
export function errorCodeOf(code: FailureCode): string {
  return `contacts:${errorCodes[code]}`
}
