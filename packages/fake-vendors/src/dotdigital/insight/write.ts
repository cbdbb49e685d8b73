import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import { readIdentifier } from '../contacts/identifiers.ts'
import type { Collection } from './collection.ts'
import { jsonFault, type JsonFault } from './limits.ts'
import { extendSchema } from './schema.ts'

/** Why a record is rejected. */
export type FailureReason =
  | JsonFault
  | 'ContactEmailDoesNotExist'
  | 'ContactIdDoesNotExist'
  | 'DuplicateKey'
  | 'InvalidClientKey'
  | 'InvalidContactIdentifier'
  | 'InvalidJson'
  | 'JsonValueIncompatibleWithSchema'

/** A rejection with details. */
export interface WriteFailure {
  readonly failureReason: FailureReason
  readonly details: readonly string[]
}

/** A write that happened, or why it did not. */
export type WriteResult = { readonly created: boolean } | WriteFailure

/** The owner a contact identity names, or why there is none. */
export function findOwner(account: Account, identity: unknown): { readonly owner: number } | WriteFailure {
  const { identifier, value } = isJsonObject(identity) ? identity : {}
  if (typeof identifier !== 'string') return { failureReason: 'InvalidContactIdentifier', details: ["'contactIdentity' is required"] }
  const read = readIdentifier(account, identifier, value)
  if ('fault' in read) return { failureReason: 'InvalidContactIdentifier', details: [`Invalid value for '${identifier}'`] }
  const contact = account.contacts.find(identifier, read.value)
  if (contact !== undefined) return { owner: contact.id }
  const failureReason = identifier === 'email' ? 'ContactEmailDoesNotExist' : 'ContactIdDoesNotExist'
  return { failureReason, details: [`Not found using the identifier '${identifier}'`] }
}

/** Writes one record after every check; the collection's schema grows only when the record fits. */
export function writeRecord(account: Account, collection: Collection, owner: number | undefined, key: unknown, json: unknown): WriteResult {
  const { insightLimits: limits, now } = account.settings
  if (typeof key !== 'string' || key === '' || key.length > limits.recordKey) {
    return { failureReason: 'InvalidClientKey', details: [`The key must have 1 to ${limits.recordKey} characters`] }
  }
  if (!isJsonObject(json)) return { failureReason: 'InvalidJson', details: ["'json' must be an object"] }
  const fault = jsonFault(json, limits)
  if (fault !== undefined) return { failureReason: fault.fault, details: [`Field '${fault.path}'`] }
  const complaints: string[] = []
  const schema = extendSchema(collection.schema, json, '', complaints)
  if (schema === undefined) return { failureReason: 'JsonValueIncompatibleWithSchema', details: complaints }
  collection.schema = schema
  return { created: collection.put(owner, key, json, now()) }
}
