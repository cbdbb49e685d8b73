import { isJsonObject } from '../../http/index.ts'
import type { Account } from '../account.ts'
import type { RuleId } from '../rules.ts'
import { fits, type DataFieldValue } from '../v2/data-field.ts'
import { readChannels, type ChannelWrite } from './channels.ts'
import { readConsentRecords } from './consent.ts'
import type { ConsentRecord } from './contact.ts'
import type { ContactFault, FailureCode } from './fault.ts'
import { readIdentifier } from './identifiers.ts'

/** What a body wants of a contact. Absent members are not written. */
export interface ContactWrite {
  readonly identifiers: Readonly<Record<string, string>>
  readonly dataFields: Readonly<Record<string, DataFieldValue>>
  readonly channels: ChannelWrite
  readonly lists: readonly number[]
  readonly preferences: readonly { readonly id: number; readonly isOptedIn: boolean }[]
  readonly consentRecords: readonly ConsentRecord[]
}

/** A body that was read: `faults` stop the contact, `partFaults` only the part that is missing from the write. */
export interface ReadBody {
  readonly write: ContactWrite
  readonly faults: readonly ContactFault[]
  readonly partFaults: readonly ContactFault[]
}

/** Reads the body of a contact, for single writes and rows of an import. */
export function readContactBody(account: Account, body: Record<string, unknown>): ReadBody {
  const faults: ContactFault[] = []
  const partFaults: ContactFault[] = []
  const fault = (rule: RuleId, code: FailureCode, description: string): void => void faults.push({ rule, code, description })

  const identifiers: Record<string, string> = {}
  for (const [name, value] of entriesOf(body, 'identifiers', fault)) {
    const read = readIdentifier(account, name, value)
    if ('fault' in read) fault('contact-identifiers', read.fault, `Invalid value for '${name}'`)
    else identifiers[name] = read.value
  }

  const dataFields: Record<string, DataFieldValue> = {}
  for (const [name, value] of entriesOf(body, 'dataFields', fault)) {
    const field = account.dataFields.get(name.toUpperCase())
    if (field === undefined) fault('data-field-must-exist', 'ApiSchemaViolation', `The data field '${name}' does not exist`)
    else if (fits(field.type, value)) dataFields[field.name] = value
    else fault('data-field-type', 'ApiSchemaViolation', `The data field '${name}' must be of type ${field.type}`)
  }

  const channels = readChannels(body['channelProperties'], (code, description) => fault('contact-channel-values', code, description))
  const consent = readConsentRecords(body['consentRecords'], account.settings.now())
  if (typeof consent === 'string')
    partFaults.push({ rule: 'consent-record-complete', code: 'ConsentRecordsNotApplied', description: consent })

  const lists = readLists(account, body['lists'])
  if (typeof lists === 'string') partFaults.push({ rule: 'lists-must-exist', code: 'InvalidAddressBookIds', description: lists })

  return {
    write: {
      identifiers,
      dataFields,
      channels,
      lists: typeof lists === 'string' ? [] : lists,
      preferences: readPreferences(account, body['preferences'], fault),
      consentRecords: typeof consent === 'string' ? [] : consent,
    },
    faults,
    partFaults,
  }
}

type AddFault = (rule: RuleId, code: FailureCode, description: string) => void

function entriesOf(body: Record<string, unknown>, name: string, fault: AddFault): [string, unknown][] {
  const value = body[name]
  if (value === undefined) return []
  if (isJsonObject(value)) return Object.entries(value)
  fault('body-shape', 'ApiSchemaViolation', `'${name}' must be an object`)
  return []
}

function readLists(account: Account, value: unknown): readonly number[] | string {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length < 1 || value.length > 100) return "'lists' must hold 1 to 100 list ids"
  const known = value.filter((id: unknown): id is number => typeof id === 'number' && account.lists.has(id))
  return known.length === value.length
    ? known
    : `Unknown list ids: ${value.filter((id: unknown) => !known.some((other) => other === id)).join(', ')}`
}

function readPreferences(account: Account, value: unknown, fault: AddFault): ContactWrite['preferences'] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0) {
    fault('body-shape', 'ApiSchemaViolation', "'preferences' must be a list")
    return []
  }
  return value.flatMap((entry: unknown) => {
    const { id, isOptedIn } = isJsonObject(entry) ? entry : {}
    if (typeof id === 'number' && typeof isOptedIn === 'boolean' && account.settings.preferences.includes(id)) return [{ id, isOptedIn }]
    fault('preferences-must-exist', 'ApiSchemaViolation', `Unknown or incomplete preference ${String(id)}`)
    return []
  })
}
