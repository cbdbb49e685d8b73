import type { Contract, FieldType } from '@millrace/core'
import type { Account } from './account.ts'
import { asList, asText, member } from './json.ts'
import { consentFields, contactFields, dataField, keepsConsent } from './names.ts'

/** Types of data fields (unverified: probe on a real account). */
export type DataFieldType = 'String' | 'Numeric' | 'Date' | 'Boolean'

const typeOf = (type: FieldType | undefined): DataFieldType => {
  switch (type) {
    case 'integer':
    case 'decimal':
      return 'Numeric'
    case 'date':
    case 'datetime':
      return 'Date'
    case 'boolean':
      return 'Boolean'
    default:
      return 'String'
  }
}

/** The data fields that the contract needs and the vendor does not have by itself, by upper-case name. */
export const wantedDataFields = (contract: Contract): Map<string, DataFieldType> => {
  const rules = Object.entries(contract.objects['contact']?.fields ?? {}).filter(
    ([name]) => name !== 'email' && !Object.hasOwn(contactFields, name),
  )
  const consent = consentFields(contract)
  return new Map<string, DataFieldType>([
    [dataField(`${contract.prefix}_key`), 'String'],
    ...(keepsConsent(contract)
      ? ([
          [consent.state, 'String'],
          [consent.at, 'Date'],
        ] as const)
      : []),
    ...rules.map(([name, rule]) => [dataField(name), typeOf(rule.type)] as const),
  ])
}

/** The account's data fields by upper-case name. */
export const readDataFields = async (account: Account): Promise<Map<string, string>> => {
  const reply = await account.require({ method: 'GET', path: '/v2/data-fields', call: 'data fields', tier: 'medium' })
  return new Map(
    asList(reply.body).flatMap((field) => {
      const name = asText(member(field, 'name'))
      return name === undefined ? [] : [[dataField(name), asText(member(field, 'type')) ?? ''] as const]
    }),
  )
}

/** What the vendor takes as a name: short ones (vendor notes). */
export const dataFieldName: RegExp = /^[A-Za-z0-9_-]{1,20}$/
