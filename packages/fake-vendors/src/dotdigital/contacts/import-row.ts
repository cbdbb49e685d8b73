import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { createContact, ownerOfIdentifiers, updateContact, type MergeOption } from './apply.ts'
import type { Contact } from './contact.ts'
import type { ContactFault, FailureCode } from './fault.ts'
import { barred, isIdentifier } from './identifiers.ts'
import { readContactBody } from './read-body.ts'

interface Failure {
  readonly failureCode: FailureCode
  readonly description: string
}

/** What became of one row. A created or updated row can have failures too: of parts that were not applied. */
export type RowResult = {
  readonly matchIdentifier: unknown
  /** As they were sent. */
  readonly identifiers: unknown
  readonly failures: readonly Failure[]
} & ({ readonly kind: 'created' | 'updated'; readonly contact: Contact } | { readonly kind: 'failed' })

function failuresOf(faults: readonly ContactFault[]): Failure[] {
  return faults.map(({ code, description }) => ({ failureCode: code, description }))
}

/**
 * Applies one row of an import.
 * @param seen identifiers of earlier rows of the same import; the second row with one of them is a duplicate
 */
export function applyRow(account: Account, row: unknown, option: MergeOption, seen: Set<string>): RowResult {
  const { matchIdentifier, identifiers } = isJsonObject(row) ? row : {}
  const failed = (failures: readonly Failure[]): RowResult => ({ kind: 'failed', matchIdentifier, identifiers, failures })
  const fail = (failureCode: FailureCode, description: string): RowResult => failed([{ failureCode, description }])

  if (!isJsonObject(row) || typeof matchIdentifier !== 'string' || !isJsonObject(identifiers)) {
    return fail('ApiSchemaViolation', "'matchIdentifier' and 'identifiers' are required")
  }
  if (!isIdentifier(account, matchIdentifier)) return fail('InvalidMatchIdentifier', `Unrecognized matchIdentifier '${matchIdentifier}'`)
  const { write, faults, partFaults } = readContactBody(account, row)
  if (faults.length > 0) return failed(failuresOf(faults))
  const matchValue = write.identifiers[matchIdentifier]
  if (matchValue === undefined) return fail('NoValidIdentifiers', `'identifiers' has no '${matchIdentifier}'`)

  const keys = Object.entries(write.identifiers).map(([name, value]) => `${name}\n${value}`)
  if (keys.some((key) => seen.has(key))) return fail('Duplicate', `Duplicate identifier detected for ${matchIdentifier} '${matchValue}'`)
  for (const key of keys) seen.add(key)

  const contact = account.contacts.find(matchIdentifier, matchValue)
  if (contact === undefined && write.identifiers['contactId'] !== undefined) {
    return fail('InvalidContactId', `There is no contact ${write.identifiers['contactId']}`)
  }
  if (contact !== undefined && write.identifiers['contactId'] !== undefined && write.identifiers['contactId'] !== String(contact.id)) {
    return fail('InvalidContactId', 'The contact id belongs to another contact')
  }
  const taken = ownerOfIdentifiers(account, write.identifiers, contact)
  if (taken !== undefined) return fail('Duplicate', `Duplicate identifier detected for ${taken.identifier} '${taken.value}'`)
  const suppression = barred(account, write.identifiers['email'] ?? contact?.identifiers['email'])
  if (suppression !== undefined) return fail(suppression, 'The email address cannot be contacted')

  const shared = { matchIdentifier, identifiers, failures: failuresOf(partFaults) }
  if (contact === undefined) return { kind: 'created', contact: createContact(account, write), ...shared }
  updateContact(account, contact, write, option)
  return { kind: 'updated', contact, ...shared }
}
